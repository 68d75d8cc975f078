import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api, ask } from '../../api/client'
import { useConfirm } from '../../components/confirm'
import { PasswordField } from '../../components/password-field'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'

/** Ends at once all that acts for the account. */
export function LockSection() {
  const t = useT()
  const say = useSay()
  const confirm = useConfirm()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const lock = useMutation({ mutationFn: () => ask(api.POST('/api/security/lock')), onSettled: () => client.invalidateQueries() })
  const lift = useMutation({
    mutationFn: () => ask(api.DELETE('/api/security/lock', { body: { password } })),
    onSuccess: () => {
      setPassword('')
      lock.reset()
      say.good(t.security.lock.lifted)
    },
  })
  const askAndLock = async () => {
    if (await confirm(t.security.lock.sure, t.security.lock.now)) lock.mutate()
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    lift.mutate()
  }
  return (
    <Section
      title={t.security.lock.title} text={t.security.lock.text}
      action={
        <Button color="red" variant="light" loading={lock.isPending} onClick={() => void askAndLock()}>
          {t.security.lock.now}
        </Button>
      }
    >
      {lock.error && <Trouble error={lock.error} />}
      {lock.data && (
        <Alert color="orange" role="status">
          {t.security.lock.done(Number(lock.data.sessionsEnded), Number(lock.data.keysRevoked), Number(lock.data.devicesDisconnected))}
        </Alert>
      )}
      <details>
        <Text component="summary" size="sm">
          {t.security.lock.lift}
        </Text>
        <form onSubmit={submit}>
          <Stack maw={420} mt="xs">
            <Group align="flex-end">
              <PasswordField flex={1} label={t.security.lock.password} value={password} onChange={setPassword} />
              <Button type="submit" variant="default" loading={lift.isPending}>
                {t.security.lock.lift}
              </Button>
            </Group>
            {lift.error && <Trouble error={lift.error} />}
          </Stack>
        </form>
      </details>
    </Section>
  )
}
