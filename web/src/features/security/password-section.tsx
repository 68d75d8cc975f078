import { Button, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api, ask } from '../../api/client'
import { PasswordField } from '../../components/password-field'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'

export function PasswordSection() {
  const t = useT()
  const say = useSay()
  const [oldPassword, setOld] = useState('')
  const [newPassword, setNew] = useState('')
  const change = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/password', { body: { oldPassword, newPassword } })),
    onSuccess: () => {
      say.good(t.security.password.changed)
      setOld('')
      setNew('')
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Section title={t.security.password.title}>
      <form onSubmit={submit}>
        <Stack maw={420} align="flex-start">
          <PasswordField w="100%" label={t.security.password.old} value={oldPassword} onChange={setOld} />
          <PasswordField isNew w="100%" label={t.security.password.new} value={newPassword} onChange={setNew} />
          {change.error && <Trouble error={change.error} />}
          <Button type="submit" variant="light" loading={change.isPending}>
            {t.security.password.change}
          </Button>
        </Stack>
      </form>
    </Section>
  )
}
