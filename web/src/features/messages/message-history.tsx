import { Anchor, Button, Group, Switch, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useConfirm } from '../../components/confirm'
import { Listing } from '../../components/listing'
import { Rich } from '../../components/rich'
import { useSay } from '../../components/say'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { titleOf } from './chat-list'
import { Composer } from './composer'
import classes from './messages.module.css'
import { type Chat, mediaUrl, type Message, messagesQuery, type MessageChanges, useMessageChanges } from './queries'

interface Props {
  device: string
  /** The chat as it is known here; null for one that is only begun, and for a search. */
  chat: Chat | null
  /** Whom it is with; null for a search over all chats. */
  to: string | null
  search: string
}

/** The messages of a chat, or those a search finds, with what can be done about them. */
export function MessageHistory({ device, chat, to, search }: Props) {
  const t = useT()
  const changes = useMessageChanges(device)
  const asked = useInfiniteQuery({ ...messagesQuery(device, chat?.chat ?? null, search), enabled: chat !== null || search !== '' })
  const messages = useMemo(() => asked.data?.pages.flatMap(page => page.items).reverse() ?? [], [asked.data])
  useReading(messages, chat, changes)
  return (
    <>
      {chat && <ChatHead chat={chat} changes={changes} />}
      <div className={classes.body}>
        {chat !== null || search ? (
        <Listing asked={asked} isEmpty={() => messages.length === 0} empty={search ? t.tasks.emptyFilter : t.messages.empty}>
          {() => <MessageHistoryTable device={device} messages={messages} hasEarlier={asked.hasNextPage} onEarlier={() => void asked.fetchNextPage()} changes={changes} />}
        </Listing>
      ) : (
        <Text className={classes.scroll} fw={600}>
          {to}
        </Text>
      )}
      </div>
      {to && <Composer key={to} to={chat?.chat ?? to} changes={changes} />}
    </>
  )
}

/** What is on screen is read, and its writers are told so. */
function useReading(messages: Message[], chat: Chat | null, changes: MessageChanges) {
  const told = useRef(new Set<string>())
  const { mutate } = changes.markRead
  useEffect(() => {
    if (!chat || chat.isOwn) return
    const unread = messages.filter(one => one.direction === 'inbound' && !one.readAt && one.status !== 'read' && !told.current.has(one.id)).map(one => one.id)
    if (unread.length === 0) return
    for (const id of unread) told.current.add(id)
    mutate(unread.slice(-100))
  }, [messages, chat, mutate])
}

function ChatHead({ chat, changes }: { chat: Chat; changes: MessageChanges }) {
  const t = useT()
  const say = useSay()
  const confirm = useConfirm()
  const erase = async () => {
    if (await confirm(t.messages.eraseSure, t.messages.erase)) changes.erase.mutate(chat.chat, { onSuccess: () => say.good(t.messages.erased), onError: say.bad })
  }
  return (
    <Group justify="space-between" pb="xs">
      <Text fw={600}>{titleOf(chat, t)}</Text>
      <Group gap="sm">
        <Switch
          size="sm" label={t.messages.kept} checked={chat.isKept} disabled={chat.isOwn} onChange={event => changes.keep.mutate({ chat: chat.chat, kept: event.currentTarget.checked }, { onError: say.bad })}
        />
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => void erase()}>
          {t.messages.erase}
        </Button>
      </Group>
    </Group>
  )
}

interface TableProps {
  device: string
  messages: Message[]
  hasEarlier: boolean
  onEarlier: () => void
  changes: MessageChanges
}

/** However many there are, only those on screen are drawn; it stays at the end, and where it was when earlier ones come in. */
function MessageHistoryTable({ device, messages, hasEarlier, onEarlier, changes }: TableProps) {
  const t = useT()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({ count: messages.length, getScrollElement: () => scroller.current, estimateSize: () => 64, overscan: 12, getItemKey: i => messages[i]?.id ?? i })
  const shown = rows.getVirtualItems()
  const newest = messages.at(-1)?.id
  const oldest = messages[0]?.id
  const before = useRef<string | undefined>(undefined)
  useLayoutEffect(() => {
    if (messages.length > 0) rows.scrollToIndex(messages.length - 1, { align: 'end' })
    // oxlint-disable-next-line react/exhaustive-deps
  }, [newest])
  useLayoutEffect(() => {
    const was = before.current === undefined ? -1 : messages.findIndex(one => one.id === before.current)
    if (was > 0) rows.scrollToIndex(was, { align: 'start' })
    before.current = oldest
    // oxlint-disable-next-line react/exhaustive-deps
  }, [oldest])
  const first = shown[0]?.index
  useEffect(() => {
    if (first === 0 && hasEarlier) onEarlier()
    // oxlint-disable-next-line react/exhaustive-deps
  }, [first, oldest, hasEarlier])
  return (
    <div ref={scroller} className={classes.scroll} tabIndex={0} role="log" aria-label={t.messages.title}>
      <ul className={classes.messages} style={{ height: rows.getTotalSize() }}>
        {shown.map(row => {
          const message = messages[row.index]
          return (
            message && (
              <li key={row.key} ref={rows.measureElement} data-index={row.index} className={classes.row} data-direction={message.direction} style={{ transform: `translateY(${row.start}px)` }}>
                <Bubble device={device} message={message} changes={changes} />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

function Bubble({ device, message, changes }: { device: string; message: Message; changes: MessageChanges }) {
  const t = useT()
  const say = useSay()
  const dates = useDates()
  const isWaiting = message.direction === 'outbound' && (message.status === 'pending' || message.status === 'scheduled')
  return (
    <div className={classes.bubble}>
      {message.direction === 'inbound' && message.pushName && (
        <Text size="xs" fw={600}>
          {message.pushName}
        </Text>
      )}
      <Content device={device} message={message} />
      {message.text && <Rich text={message.text} />}
      <Group gap={6} className={classes.foot} justify="flex-end">
        <time dateTime={message.createdAt}>{dates.moment(message.sentAt ?? message.createdAt)}</time>
        {message.direction === 'outbound' && <span title={message.refusalReason ?? undefined}>{t.messages.status[message.status] ?? message.status}</span>}
        {isWaiting && (
          <Anchor component="button" size="xs" underline="always" onClick={() => changes.undo.mutate(message.id, { onSuccess: () => say.good(t.messages.undone), onError: say.bad })}>
            {t.app.undo}
          </Anchor>
        )}
      </Group>
      {message.refusalReason && (
        <Text size="xs" c="var(--mantine-color-error)">
          {message.refusalReason}
        </Text>
      )}
    </div>
  )
}

function Content({ device, message }: { device: string; message: Message }) {
  const t = useT()
  const [isShown, setShown] = useState(false)
  const kind = t.messages.types[message.type]
  if (!message.hasMedia) return message.type === 'text' || !kind ? null : <Text size="sm">{[kind, message.options?.join(' · '), message.contacts?.join(', ')].filter(Boolean).join(': ')}</Text>
  const url = mediaUrl(device, message)
  const name = message.fileName ?? kind ?? message.type
  // A file is fetched from WhatsApp when it is first looked at, so only on request.
  if (!isShown && message.type !== 'document')
    return (
      <Button size="compact-sm" variant="default" onClick={() => setShown(true)}>
        {t.messages.show}: {name}
      </Button>
    )
  switch (message.type) {
    case 'image':
    case 'sticker':
      return <img className={classes.image} src={url} alt={message.text ?? name} loading="lazy" />
    case 'video':
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people film has none
      return <video className={classes.image} src={url} controls />
    case 'audio':
    case 'voice':
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody writes down what people say
      return <audio src={url} controls />
    default:
      return (
        <Anchor href={url} download={name} underline="always">
          {t.messages.download}: {name}
        </Anchor>
      )
  }
}
