import { ActionIcon, Anchor, Button, Group, Switch, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useConfirm } from '../../components/confirm'
import { BackIcon } from '../../components/icons'
import { Listing } from '../../components/listing'
import { Rich } from '../../components/rich'
import { useSay } from '../../components/say'
import { Trouble } from '../../components/trouble'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { titleOf } from './chat-list'
import { Composer } from './composer'
import classes from './messages.module.css'
import { type Chat, isGroup, mediaUrl, type Message, messagesQuery, type MessageChanges, useMessageChanges } from './queries'

interface Props {
  device: string
  /** The chat as it is known here; null for one that is only begun, and for a search. */
  chat: Chat | null
  /** Whom it is with; null for a search over all chats. */
  to: string | null
  search: string
  onBack: () => void
}

/** The messages of a chat, or those a search finds, with what can be done about them. */
export function MessageHistory({ device, chat, to, search, onBack }: Props) {
  const t = useT()
  const changes = useMessageChanges(device)
  const asked = useInfiniteQuery({ ...messagesQuery(device, chat?.chat ?? null, search), enabled: chat !== null || search !== '' })
  const messages = useMemo(() => asked.data?.pages.flatMap(page => page.items).reverse() ?? [], [asked.data])
  useReading(messages, chat, changes)
  return (
    <>
      <ChatHead chat={chat} title={chat ? titleOf(chat, t) : (to ?? search)} changes={changes} onBack={onBack} />
      <div className={classes.body}>
        {chat !== null || search ? (
          <Listing asked={asked} isEmpty={() => messages.length === 0} empty={search ? t.tasks.emptyFilter : t.messages.empty}>
            {() => (
              <>
                {asked.isFetchNextPageError && <Trouble error={asked.error} onRetry={() => void asked.fetchNextPage()} />}
                <MessageHistoryTable
                  device={device} messages={messages} hasNames={chat === null || isGroup(chat)} canReadEarlier={asked.hasNextPage && !asked.isFetching && !asked.isFetchNextPageError} onEarlier={() => void asked.fetchNextPage()} changes={changes}
                />
              </>
            )}
          </Listing>
        ) : (
          <div className={classes.scroll} />
        )}
      </div>
      {to && <Composer key={to} to={chat?.chat ?? to} changes={changes} />}
    </>
  )
}

const readAtOnce = 100

/** What is on screen is read, and its writers are told so. */
function useReading(messages: Message[], chat: Chat | null, changes: MessageChanges) {
  const told = useRef(new Set<string>())
  const { mutate } = changes.markRead
  useEffect(() => {
    if (!chat || chat.isOwn) return
    const unread = messages.filter(one => one.direction === 'inbound' && !one.readAt && one.status !== 'read' && !told.current.has(one.id)).map(one => one.id)
    // The others' turn comes when these are shown as read.
    const next = unread.slice(-readAtOnce)
    if (next.length === 0) return
    for (const id of next) told.current.add(id)
    mutate(next)
  }, [messages, chat, mutate])
}

function ChatHead({ chat, title, changes, onBack }: { chat: Chat | null; title: string; changes: MessageChanges; onBack: () => void }) {
  const t = useT()
  return (
    <Group justify="space-between" gap="xs" pb="xs">
      <Group gap="xs" wrap="nowrap">
        <ActionIcon variant="default" aria-label={t.messages.chats} onClick={onBack} hiddenFrom="sm">
          <BackIcon />
        </ActionIcon>
        <Text fw={600}>{title}</Text>
      </Group>
      {chat && <ChatChoices chat={chat} changes={changes} />}
    </Group>
  )
}

function ChatChoices({ chat, changes }: { chat: Chat; changes: MessageChanges }) {
  const t = useT()
  const say = useSay()
  const confirm = useConfirm()
  const erase = async () => {
    if (await confirm(t.messages.eraseSure, t.messages.erase)) changes.erase.mutate(chat.chat, { onSuccess: () => say.good(t.messages.erased), onError: say.bad })
  }
  return (
    <Group gap="xs" justify="space-between">
      <Switch
        size="sm" label={t.messages.kept} checked={chat.isKept} disabled={chat.isOwn} onChange={event => changes.keep.mutate({ chat: chat.chat, kept: event.currentTarget.checked }, { onError: say.bad })}
      />
      <Button size="compact-sm" variant="subtle" color="red" onClick={() => void erase()}>
        {t.messages.erase}
      </Button>
    </Group>
  )
}

/** So close to the end that what comes next is what one waits for, px. */
const nearEnd = 80
/** So many messages before they are needed the earlier ones are asked for. */
const early = 30

interface TableProps {
  device: string
  messages: Message[]
  /** Who wrote is said at each message. */
  hasNames: boolean
  canReadEarlier: boolean
  onEarlier: () => void
  changes: MessageChanges
}

/** However many there are, only those on screen are drawn. It stays at the end when it is there, and where it was when earlier ones come in. */
function MessageHistoryTable({ device, messages, hasNames, canReadEarlier, onEarlier, changes }: TableProps) {
  const t = useT()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: messages.length, getScrollElement: () => scroller.current, estimateSize: () => 65, overscan: 12, getItemKey: i => messages[i]?.id ?? i, anchorTo: 'end', followOnAppend: true, scrollEndThreshold: nearEnd,
  })
  const shown = rows.getVirtualItems()
  const first = shown[0]?.index
  useEffect(() => {
    if (canReadEarlier && first !== undefined && first < early) onEarlier()
    // oxlint-disable-next-line react/exhaustive-deps
  }, [first, messages.length, canReadEarlier])

  const newest = messages.at(-1)
  const before = useRef<string | undefined>(undefined)
  useLayoutEffect(() => {
    // One comes to the end, and goes there with what one has just written.
    if (newest && (before.current === undefined || newest.direction === 'outbound')) rows.scrollToEnd()
    before.current = newest?.id
    // oxlint-disable-next-line react/exhaustive-deps
  }, [newest?.id])
  return (
    <div ref={scroller} className={classes.scroll} tabIndex={0} role="log" aria-label={t.messages.title}>
      <ul className={classes.messages} style={{ height: rows.getTotalSize() }}>
        {shown.map(row => {
          const message = messages[row.index]
          return (
            message && (
              <li key={row.key} ref={rows.measureElement} data-index={row.index} className={classes.row} data-direction={message.direction} style={{ transform: `translateY(${row.start}px)` }}>
                <Bubble device={device} message={message} hasName={hasNames} changes={changes} />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

function Bubble({ device, message, hasName, changes }: { device: string; message: Message; hasName: boolean; changes: MessageChanges }) {
  const t = useT()
  const say = useSay()
  const dates = useDates()
  const isWaiting = message.direction === 'outbound' && (message.status === 'pending' || message.status === 'scheduled')
  return (
    <div className={classes.bubble}>
      {hasName && message.direction === 'inbound' && message.pushName && (
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
