import { Alert, Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { api, ask } from '../../api/client'
import { meQuery } from '../../api/me'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'
import { Door } from './door'
import { tokenOfLink } from './link-token'

// By a click, not by itself: programs that look at mails open links.
export function ConfirmRegistrationPage() {
  const t = useT()
  const client = useQueryClient()
  const navigate = useNavigate()
  const confirm = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/register/confirm', { body: { token: tokenOfLink() } })),
    onSuccess: async me => {
      client.setQueryData(meQuery.queryKey, me)
      await navigate('/', { replace: true })
    },
  })
  return (
    <Door title={t.account.signUp}>
      {confirm.error && <Trouble error={confirm.error} />}
      <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
        {t.app.confirm}
      </Button>
    </Door>
  )
}

export function ConfirmEmailPage() {
  const t = useT()
  const confirm = useMutation({ mutationFn: () => ask(api.POST('/api/auth/email/confirm', { body: { token: tokenOfLink() } })) })
  return (
    <Door title={t.account.email}>
      {confirm.error && <Trouble error={confirm.error} />}
      {confirm.isSuccess ? (
        <>
          <Alert color="leaf" role="status">
            {t.account.confirmed}
          </Alert>
          <Button component={Link} to="/">
            {t.app.home}
          </Button>
        </>
      ) : (
        <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {t.app.confirm}
        </Button>
      )}
    </Door>
  )
}
