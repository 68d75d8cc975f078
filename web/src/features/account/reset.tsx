import { Alert, Anchor, Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Link } from 'react-router'
import { api, ask } from '../../api/client'
import { PasswordField } from '../../components/password-field'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'
import { Door } from './door'
import { tokenOfLink } from './link-token'

/** With the link that was mailed a new password is set; without it such a link is asked for. */
export function ResetPage() {
  const t = useT()
  const [token] = useState(tokenOfLink)
  return <Door title={t.account.resetTitle}>{token ? <SetPassword token={token} /> : <AskForLink />}</Door>
}

function AskForLink() {
  const t = useT()
  const [email, setEmail] = useState('')
  const mail = useMutation({ mutationFn: () => ask(api.POST('/api/auth/password-reset', { body: { email } })) })
  if (mail.isSuccess) return <Done text={t.account.resetSent} />
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    mail.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t.account.email} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={event => setEmail(event.currentTarget.value)} />
        {mail.error && <Trouble error={mail.error} />}
        <Button type="submit" loading={mail.isPending}>
          {t.account.resetAsk}
        </Button>
      </Stack>
    </form>
  )
}

function SetPassword({ token }: { token: string }) {
  const t = useT()
  const [password, setPassword] = useState('')
  const reset = useMutation({ mutationFn: () => ask(api.POST('/api/auth/password-reset/confirm', { body: { token, password } })) })
  if (reset.isSuccess) return <Done text={t.account.resetDone} />
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    reset.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <PasswordField isNew label={t.account.password} value={password} onChange={setPassword} />
        {reset.error && <Trouble error={reset.error} />}
        <Button type="submit" loading={reset.isPending}>
          {t.app.save}
        </Button>
      </Stack>
    </form>
  )
}

function Done({ text }: { text: string }) {
  const t = useT()
  return (
    <>
      <Alert color="leaf" role="status">
        {text}
      </Alert>
      <Anchor component={Link} to="/sign-in" underline="always">
        {t.account.signIn}
      </Anchor>
    </>
  )
}
