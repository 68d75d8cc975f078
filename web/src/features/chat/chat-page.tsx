import { ActionIcon, Button, Group, Loader, Stack, Text, Textarea, Title, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useInfiniteQuery, useMutationState } from '@tanstack/react-query'
import { type KeyboardEvent, type SubmitEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { SendIcon } from '../../components/icons'
import { Listing } from '../../components/listing'
import { Rich } from '../../components/rich'
import { wordsOf } from '../../components/trouble'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import classes from './chat.module.css'
import { chatQuery, type Said, useTalk } from './queries'

interface Saying {
  id: string
  text: string
  error: Error | null
}

/** Talks to the assistant: the same as in WhatsApp. */
export function ChatPage() {
  const t = useT()
  const say = useTalk()
  const asked = useInfiniteQuery(chatQuery)
  const said = useMemo(() => asked.data?.pages.flatMap(page => page.items).reverse() ?? [], [asked.data])
  const underWay = useUnderWay(said)
  const talk = useRef<HTMLDivElement>(null)
  const newest = underWay.at(-1)?.id ?? said.at(-1)?.id
  useLayoutEffect(() => {
    if (newest) talk.current?.scrollTo({ top: talk.current.scrollHeight })
  }, [newest])
  // What is read stays where it is when earlier words come in above it.
  const oldest = said[0]?.id
  const fromEnd = useRef(0)
  useLayoutEffect(() => {
    if (talk.current && oldest && fromEnd.current > 0) talk.current.scrollTop = talk.current.scrollHeight - fromEnd.current
    fromEnd.current = 0
  }, [oldest])
  const readEarlier = () => {
    fromEnd.current = (talk.current?.scrollHeight ?? 0) - (talk.current?.scrollTop ?? 0)
    void asked.fetchNextPage()
  }
  return (
    <div className={classes.page}>
      <Title order={1} size="h2" mb="sm">
        {t.chat.title}
      </Title>
      <div ref={talk} className={classes.talk} tabIndex={0}>
        <Listing asked={asked} isEmpty={() => said.length === 0 && underWay.length === 0} empty={t.chat.empty}>
          {() => (
            <Stack gap="xs">
              {asked.hasNextPage && (
                <Button variant="subtle" loading={asked.isFetchingNextPage} onClick={readEarlier}>
                  {t.chat.earlier}
                </Button>
              )}
              <Stack gap="xs" role="log" aria-label={t.chat.title}>
                {said.map(one => (
                  <Bubble key={one.id} said={one} />
                ))}
                {underWay.map(one => (
                  <SayingBubble key={one.id} saying={one} onRetry={() => say.mutate(one)} />
                ))}
              </Stack>
            </Stack>
          )}
        </Listing>
      </div>
      <Composer onSay={text => say.mutate({ id: crypto.randomUUID(), text })} />
    </div>
  )
}

/** What was said and is not in the history yet: being sent, or failed. The last try counts. */
function useUnderWay(said: Said[]): Saying[] {
  const tries = useMutationState({
    filters: { mutationKey: ['say'] },
    select: mutation => ({ ...(mutation.state.variables as { id: string; text: string }), status: mutation.state.status, error: mutation.state.error }),
  })
  const known = new Set(said.map(one => one.id))
  const latest = new Map(tries.map(one => [one.id, one]))
  return [...latest.values()].filter(one => one.status !== 'success' && !known.has(one.id))
}

function Bubble({ said }: { said: Said }) {
  const t = useT()
  const dates = useDates()
  return (
    <div className={said.role === 'user' ? classes.mine : classes.theirs}>
      <VisuallyHidden>{said.role === 'user' ? t.chat.you : t.chat.bot}: </VisuallyHidden>
      <Rich text={said.text ?? '…'} />
      <Text component="time" dateTime={said.at} className={classes.time}>
        {dates.moment(said.at)}
      </Text>
    </div>
  )
}

function SayingBubble({ saying, onRetry }: { saying: Saying; onRetry: () => void }) {
  const t = useT()
  return (
    <>
      <div className={classes.mine}>
        <Rich text={saying.text} />
      </div>
      {saying.error ? (
        <UnstyledButton className={classes.failed} onClick={onRetry}>
          {t.chat.failed} {wordsOf(saying.error, t)}
        </UnstyledButton>
      ) : (
        <Group className={classes.theirs} gap="xs" role="status">
          <Loader size="xs" type="dots" aria-hidden="true" />
          <Text size="sm">{t.chat.pending}</Text>
        </Group>
      )}
    </>
  )
}

function Composer({ onSay }: { onSay: (text: string) => void }) {
  const t = useT()
  const [text, setText] = useState('')
  const say = () => {
    if (!text.trim()) return
    onSay(text.trim())
    setText('')
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    say()
  }
  const press = (event: KeyboardEvent) => {
    // Enter also ends a word in languages that compose.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    say()
  }
  return (
    <form onSubmit={submit} className={classes.composer}>
      <Textarea
        className={classes.text} aria-label={t.chat.placeholder} placeholder={t.chat.placeholder} autosize minRows={1} maxRows={6} maxLength={4096} autoFocus value={text}
        onChange={event => setText(event.currentTarget.value)} onKeyDown={press}
      />
      <ActionIcon type="submit" size={38} aria-label={t.chat.send} disabled={!text.trim()}>
        <SendIcon />
      </ActionIcon>
    </form>
  )
}
