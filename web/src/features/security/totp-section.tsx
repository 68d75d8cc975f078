import { Anchor, Badge, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api, ask } from '../../api/client'
import { meQuery, useMe } from '../../api/me'
import { Copy } from '../../components/copy'
import { PasswordField } from '../../components/password-field'
import { Section } from '../../components/section'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'
import classes from './security.module.css'

/** A second factor: turned on with a code, off with the password. */
export function TotpSection() {
  const t = useT()
  const me = useMe()
  const [recovery, setRecovery] = useState<string[] | null>(null)
  return (
    <Section title={t.security.totp.title} action={<Badge variant="light" color={me.totpEnabled ? 'leaf' : 'gray'}>{me.totpEnabled ? t.security.totp.on : t.security.totp.off}</Badge>}>
      {recovery ? <Recovery codes={recovery} onDone={() => setRecovery(null)} /> : me.totpEnabled ? <TurnOff /> : <TurnOn onCodes={setRecovery} />}
    </Section>
  )
}

function TurnOn({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const t = useT()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const begin = useMutation({ mutationFn: () => ask(api.POST('/api/auth/totp')) })
  const confirm = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/totp/confirm', { body: { code } })),
    onSuccess: ({ codes }) => {
      onCodes(codes)
      void client.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  })
  if (!begin.data)
    return (
      <Group>
        <Button variant="light" loading={begin.isPending} onClick={() => begin.mutate()}>
          {t.security.totp.start}
        </Button>
        {begin.error && <Trouble error={begin.error} />}
      </Group>
    )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack maw={480} align="flex-start">
        <Text size="sm">{t.security.totp.scan}</Text>
        <img src={begin.data.qrCode} alt={t.security.totp.qrAlt} className={classes.qr} width="198" />
        <Anchor href={begin.data.uri} size="sm" underline="always">
          {t.security.totp.open}
        </Anchor>
        <Group>
          <Code>{begin.data.secret}</Code>
          <Copy value={begin.data.secret} />
        </Group>
        <TextInput label={t.account.code} inputMode="numeric" autoComplete="one-time-code" required withAsterisk={false} value={code} onChange={event => setCode(event.currentTarget.value)} />
        {confirm.error && <Trouble error={confirm.error} />}
        <Button type="submit" loading={confirm.isPending}>
          {t.security.totp.confirm}
        </Button>
      </Stack>
    </form>
  )
}

function TurnOff() {
  const t = useT()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const end = useMutation({
    mutationFn: () => ask(api.DELETE('/api/auth/totp', { body: { password } })),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    end.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack maw={420} align="flex-start">
        <PasswordField w="100%" label={t.account.password} value={password} onChange={setPassword} />
        {end.error && <Trouble error={end.error} />}
        <Button type="submit" variant="light" color="red" loading={end.isPending}>
          {t.security.totp.stop}
        </Button>
      </Stack>
    </form>
  )
}

function Recovery({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useT()
  return (
    <Stack align="flex-start">
      <Text size="sm">{t.security.totp.recovery}</Text>
      <Code block tabIndex={0}>{codes.join('\n')}</Code>
      <Group>
        <Copy value={codes.join('\n')} />
        <Button onClick={onDone}>{t.security.totp.done}</Button>
      </Group>
    </Stack>
  )
}
