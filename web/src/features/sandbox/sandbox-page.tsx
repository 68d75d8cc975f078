import { Badge, Button, Card, Checkbox, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useApp } from '../../api/app'
import { Rich } from '../../components/rich'
import { useSay } from '../../components/say'
import { VirtualPhoneLink } from '../../components/virtual-phone-link'
import { useT } from '../../i18n/language'
import { type Phone, phoneQuery, play, type Shown, shownQuery } from './sandbox'
import classes from './sandbox.module.css'
import { useScan } from './scan'

const kept = 'focobot.phones'

/** Numbers that nobody has: +1 555 01… is set aside for stories. */
const freshNumber = () => `1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`

/** The virtual phones that were made in this browser; the network forgets them when it ends. */
export function SandboxPage() {
  const t = useT()
  const app = useApp()
  const [numbers, change] = useLocalStorage<string[]>({ key: kept, defaultValue: [], getInitialValueInEffect: false })
  if (!app.sandbox) return <Text>{t.sandbox.off}</Text>
  return (
    <Stack>
      <div>
        <Title order={1} size="h2">
          {t.sandbox.title}
        </Title>
        <Text size="sm" c="dimmed">
          {t.sandbox.intro}
        </Text>
        <VirtualPhoneLink />
      </div>
      <AddPhone onAdded={number => change([...numbers, number])} />
      <Group align="stretch">
        {numbers.map(number => (
          <VirtualPhone key={number} number={number} others={numbers.filter(one => one !== number)} onGone={() => change(numbers.filter(one => one !== number))} />
        ))}
      </Group>
    </Stack>
  )
}

function AddPhone({ onAdded }: { onAdded: (number: string) => void }) {
  const t = useT()
  const say = useSay()
  const [name, setName] = useState('Ana')
  const [number, setNumber] = useState(freshNumber)
  const [hasPasskey, setPasskey] = useState(false)
  const add = useMutation({
    mutationFn: () => play<Phone>('POST', '/phones', { phoneNumber: number.replace(/\D/g, ''), pushName: name, passkey: hasPasskey }),
    onSuccess: phone => {
      onAdded(phone.phoneNumber)
      setNumber(freshNumber())
      setName('Bob')
    },
    onError: say.bad,
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput label={t.sandbox.name} value={name} required withAsterisk={false} onChange={event => setName(event.currentTarget.value)} />
        <TextInput label={t.sandbox.number} type="tel" value={number} required withAsterisk={false} onChange={event => setNumber(event.currentTarget.value)} />
        <Checkbox label={t.sandbox.passkey} checked={hasPasskey} mb={8} onChange={event => setPasskey(event.currentTarget.checked)} />
        <Button type="submit" loading={add.isPending}>
          {t.sandbox.add}
        </Button>
      </Group>
    </form>
  )
}

function VirtualPhone({ number, others, onGone }: { number: string; others: string[]; onGone: () => void }) {
  const t = useT()
  const { data: phone, error } = useQuery(phoneQuery(number))
  if (error)
    return (
      <Card withBorder className={classes.phone}>
        <Text size="sm">+{number}</Text>
        <Button size="compact-sm" variant="default" onClick={onGone}>
          {t.app.delete}
        </Button>
      </Card>
    )
  return (
    <Card withBorder className={classes.phone} component="section" aria-label={`${t.sandbox.title} +${number}`}>
      <Stack gap="sm" h="100%">
        <div>
          <Text fw={600}>{phone?.pushName}</Text>
          <Text size="sm" c="dimmed">
            +{number}
          </Text>
        </div>
        <Linking number={number} />
        <Companions number={number} companions={phone?.companions ?? []} />
        <Talk number={number} others={others} />
      </Stack>
    </Card>
  )
}

function Linking({ number }: { number: string }) {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const done = { onSuccess: () => client.invalidateQueries({ queryKey: ['sandbox', number] }), onError: say.bad }
  const { scan, passkey } = useScan(number)
  const enter = useMutation({
    mutationFn: () => play('POST', `/phones/${number}/enter-code`, { code }),
    onSuccess: () => {
      setCode('')
      return done.onSuccess()
    },
    onError: say.bad,
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    enter.mutate()
  }
  return (
    <Stack gap="xs">
      <Button size="xs" loading={scan.isPending} onClick={() => scan.mutate(undefined, done)}>
        {t.sandbox.scan}
      </Button>
      <form onSubmit={submit}>
        <Group gap="xs" wrap="nowrap">
          <TextInput size="xs" flex={1} aria-label={t.sandbox.enterCode} placeholder="ABCD-EFGH" value={code} onChange={event => setCode(event.currentTarget.value)} />
          <Button size="xs" variant="light" type="submit" disabled={!code} loading={enter.isPending}>
            {t.sandbox.enter}
          </Button>
        </Group>
      </form>
      <Button size="xs" variant="default" loading={passkey.isPending} onClick={() => passkey.mutate(undefined, done)}>
        {t.sandbox.confirmPasskey}
      </Button>
    </Stack>
  )
}

function Companions({ number, companions }: { number: string; companions: string[] }) {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const unlink = useMutation({
    mutationFn: (deviceJid: string) => play('POST', `/phones/${number}/unlink`, { deviceJid }),
    onError: say.bad,
    onSettled: () => client.invalidateQueries({ queryKey: ['sandbox', number] }),
  })
  if (companions.length === 0) return null
  return (
    <div>
      <Text size="xs" c="dimmed">
        {t.sandbox.companions}
      </Text>
      {companions.map((jid, i) => (
        <Group key={jid} justify="space-between">
          <Badge variant="light">
            FocoBot {i + 1}
          </Badge>
          <Button size="compact-xs" variant="default" onClick={() => unlink.mutate(jid)}>
            {t.sandbox.unlink}
          </Button>
        </Group>
      ))}
    </div>
  )
}

function Talk({ number, others }: { number: string; others: string[] }) {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const { data: shown = [] } = useQuery(shownQuery(number))
  const [to, setTo] = useState(number)
  const [text, setText] = useState('')
  const send = useMutation({
    mutationFn: () => play('POST', `/phones/${number}/send`, { to, text }),
    onSuccess: () => {
      setText('')
      void client.invalidateQueries({ queryKey: ['sandbox', number, 'messages'] })
    },
    onError: say.bad,
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    send.mutate()
  }
  return (
    <>
      <div className={classes.screen} role="log" tabIndex={0} aria-label={t.messages.title}>
        {shown.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.sandbox.empty}
          </Text>
        )}
        {shown.slice(-40).map(message => (
          <Bubble key={message.id} message={message} isOwn={message.from.startsWith(number)} />
        ))}
      </div>
      <form onSubmit={submit}>
        <Stack gap="xs">
          <NativeSelect size="xs" label={t.sandbox.to} value={to} onChange={event => setTo(event.currentTarget.value)} data={[{ value: number, label: t.messages.own }, ...others.map(other => ({ value: other, label: `+${other}` }))]} />
          <Group gap="xs" wrap="nowrap">
            <TextInput size="xs" flex={1} aria-label={t.sandbox.write} placeholder={t.sandbox.write} value={text} onChange={event => setText(event.currentTarget.value)} />
            <Button size="xs" type="submit" disabled={!text} loading={send.isPending}>
              {t.sandbox.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  )
}

function Bubble({ message, isOwn }: { message: Shown; isOwn: boolean }) {
  return (
    <Text component="div" size="sm" className={classes.bubble} data-own={isOwn || undefined}>
      <Rich text={message.text ?? message.kind} />
    </Text>
  )
}
