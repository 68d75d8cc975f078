import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useApp } from '../../api/app'
import { api, ApiError, ask } from '../../api/client'
import { meQuery } from '../../api/me'
import { PasswordField } from '../../components/password-field'
import { Trouble, wordsOf } from '../../components/trouble'
import { useLanguage } from '../../i18n/language'
import { Door } from './door'
import { tokenOfLink } from './link-token'

export function SignUpPage() {
  const { t, language } = useLanguage()
  const app = useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [invite, setInvite] = useState(tokenOfLink)
  const join = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/register', { body: { email, password, language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, invite: invite || null } })),
    onSuccess: async me => {
      // Without an answer the account waits for its mail to be confirmed.
      if (!me) return
      client.setQueryData(meQuery.queryKey, me)
      await navigate('/', { replace: true })
    },
  })
  const wrong = (field: string) => (join.error instanceof ApiError && join.error.field === field ? wordsOf(join.error, t) : undefined)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    join.mutate()
  }
  if (join.isSuccess && !join.data)
    return (
      <Door title={t.account.signUp}>
        <Alert color="leaf" role="status">
          {t.account.checkMail}
        </Alert>
      </Door>
    )
  return (
    <Door title={t.account.signUp}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t.account.email} type="email" autoComplete="username" required withAsterisk={false} value={email} error={wrong('email')} onChange={event => setEmail(event.currentTarget.value)} />
          <PasswordField isNew label={t.account.password} value={password} error={wrong('password')} onChange={setPassword} />
          {(app.registration === 'invite' || invite) && (
            <TextInput label={t.account.invite} description={t.account.inviteHint} value={invite} error={wrong('invite')} onChange={event => setInvite(event.currentTarget.value)} />
          )}
          {join.error && !(join.error instanceof ApiError && join.error.field) && <Trouble error={join.error} />}
          <Button type="submit" loading={join.isPending}>
            {t.account.signUp}
          </Button>
        </Stack>
      </form>
      <Text size="sm">
        {t.account.haveAccount}{' '}
        <Anchor component={Link} to="/sign-in" underline="always">
          {t.account.signIn}
        </Anchor>
      </Text>
    </Door>
  )
}
