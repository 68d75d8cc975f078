import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { api, ApiError, ask } from '../../api/client'
import { meQuery } from '../../api/me'
import { PasswordField } from '../../components/password-field'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'
import { Door } from './door'

export function SignInPage() {
  const t = useT()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { state } = useLocation() as { state: { from?: string } | null }
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const enter = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/login', { body: { email, password, code: code || null } })),
    onSuccess: async me => {
      client.setQueryData(meQuery.queryKey, me)
      await navigate(state?.from ?? '/', { replace: true })
    },
  })
  const wantsCode = enter.error instanceof ApiError && enter.error.code === 'TOTP_REQUIRED'
  const [hasCode, setHasCode] = useState(false)
  if (wantsCode && !hasCode) setHasCode(true)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    enter.mutate()
  }
  return (
    <Door title={t.account.signIn}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t.account.email} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={event => setEmail(event.currentTarget.value)} />
          <PasswordField label={t.account.password} value={password} onChange={setPassword} />
          {hasCode && (
            <TextInput label={t.account.code} description={t.account.codeHint} autoComplete="one-time-code" required withAsterisk={false} autoFocus value={code} onChange={event => setCode(event.currentTarget.value)} />
          )}
          {enter.error && !(wantsCode && !code) && <Trouble error={enter.error} />}
          <Button type="submit" loading={enter.isPending}>
            {t.account.signIn}
          </Button>
        </Stack>
      </form>
      <Text size="sm">
        {t.account.noAccount}{' '}
        <Anchor component={Link} to="/register" underline="always">
          {t.account.signUp}
        </Anchor>
      </Text>
      <Anchor component={Link} to="/reset-password" size="sm" underline="always">
        {t.account.forgot}
      </Anchor>
    </Door>
  )
}
