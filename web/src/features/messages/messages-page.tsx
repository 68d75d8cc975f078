import { Button, Center, Modal, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { devicesQuery, nameOf } from '../../api/devices'
import { PlusIcon } from '../../components/icons'
import { Listing } from '../../components/listing'
import { useT } from '../../i18n/language'
import { ChatList, isOf } from './chat-list'
import { MessageHistory } from './message-history'
import classes from './messages.module.css'
import { useChats } from './queries'

/** Conversations of a linked device. */
export function MessagesPage() {
  const t = useT()
  const devices = useQuery(devicesQuery)
  return (
    <Stack gap="sm" className={classes.page}>
      <Title order={1} size="h2" className={classes.title}>
        {t.messages.title}
      </Title>
      <Listing asked={devices} isEmpty={data => data.length === 0} empty={<NoDevice />}>
        {data => <Conversations devices={data.map(device => ({ value: device.id, label: nameOf(device, t.whatsapp.devices.unnamed) }))} />}
      </Listing>
    </Stack>
  )
}

function NoDevice() {
  const t = useT()
  return (
    <>
      {t.messages.noDevice}{' '}
      <Button component={Link} to="/settings/whatsapp" mt="md">
        {t.messages.goLink}
      </Button>
    </>
  )
}

function Conversations({ devices }: { devices: { value: string; label: string }[] }) {
  const t = useT()
  const [search, setSearch] = useSearchParams()
  const device = devices.find(one => one.value === search.get('device'))?.value ?? devices[0]?.value ?? ''
  const chat = search.get('chat')
  const [words, setWords] = useState('')
  const [settled] = useDebouncedValue(words.trim(), 300)
  const [isWriting, setWriting] = useState(false)
  const chats = useChats(device)
  const open = chats.data?.find(one => isOf(one, chat)) ?? null
  const go = (next: string | null) => setSearch({ device, ...(next && { chat: next }) })
  // Out of a chat, and out of a search.
  const leave = () => {
    setWords('')
    go(null)
  }
  return (
    <div className={classes.panes} data-open={chat !== null || settled !== '' || undefined}>
      <nav className={classes.chats} aria-label={t.messages.chats}>
        <Stack gap="xs" mb="xs">
          {devices.length > 1 && <NativeSelect label={t.messages.device} data={devices} value={device} onChange={event => setSearch({ device: event.currentTarget.value })} />}
          <TextInput type="search" aria-label={t.messages.search} placeholder={t.messages.search} value={words} onChange={event => setWords(event.currentTarget.value)} />
          <Button variant="light" leftSection={<PlusIcon />} onClick={() => setWriting(true)}>
            {t.messages.newChat}
          </Button>
        </Stack>
        <Listing asked={chats} isEmpty={data => data.length === 0} empty={t.messages.empty}>
          {data => <ChatList chats={data} open={open} onOpen={go} />}
        </Listing>
      </nav>
      <section className={classes.history} aria-label={t.messages.title}>
        {chat !== null || settled ? (
          <MessageHistory key={`${device} ${chat} ${settled}`} device={device} chat={settled ? null : open} to={settled ? null : chat} search={settled} onBack={leave} />
        ) : (
          <Center h="100%">
            <Text c="dimmed">{t.messages.pick}</Text>
          </Center>
        )}
      </section>
      {isWriting && (
        <NewChat
          onClose={() => setWriting(false)}
          onBegin={to => {
            setWriting(false)
            go(to)
          }}
        />
      )}
    </div>
  )
}

function NewChat({ onClose, onBegin }: { onClose: () => void; onBegin: (to: string) => void }) {
  const t = useT()
  const [to, setTo] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onBegin(to.trim())
  }
  return (
    <Modal opened onClose={onClose} title={t.messages.newChat} closeButtonProps={{ 'aria-label': t.app.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput type="tel" label={t.messages.to} value={to} required withAsterisk={false} data-autofocus onChange={event => setTo(event.currentTarget.value)} />
          <Button type="submit">{t.whatsapp.linking.next}</Button>
        </Stack>
      </form>
    </Modal>
  )
}
