import { ActionIcon, Badge, Button, CloseButton, FileButton, Group, Textarea } from '@mantine/core'
import { type KeyboardEvent, type SubmitEvent, useState } from 'react'
import { useSecondsUntil } from '../../components/countdown'
import { ClipIcon, SendIcon } from '../../components/icons'
import { useSay } from '../../components/say'
import { Trouble } from '../../components/trouble'
import { useT } from '../../i18n/language'
import classes from './messages.module.css'
import { type MessageChanges, undoSeconds } from './queries'

/** Writes to a chat. What is sent can be taken back for some seconds; what was refused stays to be sent again, as the same message. */
export function Composer({ to, changes }: { to: string; changes: MessageChanges }) {
  const t = useT()
  const say = useSay()
  const [text, setText] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [sent, setSent] = useState<{ id: string; until: number } | null>(null)
  const left = useSecondsUntil(sent?.until ?? null)

  const send = () => {
    if (!text.trim() && !file) return
    changes.send.mutate(
      { key, to, text: text.trim(), file, replyTo: null },
      {
        onSuccess: answer => {
          setSent({ id: answer.id, until: Date.now() + undoSeconds * 1_000 })
          setText('')
          setFile(null)
          setKey(crypto.randomUUID())
        },
      },
    )
  }
  const undo = (id: string) =>
    changes.undo.mutate(id, {
      onSuccess: () => {
        setSent(null)
        say.good(t.messages.undone)
      },
      onError: say.bad,
    })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    send()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  const change = (next: string) => {
    setText(next)
    // Another message than the one that was refused.
    if (changes.send.error) {
      changes.send.reset()
      setKey(crypto.randomUUID())
    }
  }
  return (
    <form onSubmit={submit}>
      {changes.send.error && <Trouble error={changes.send.error} />}
      <Group gap="xs" mt="xs">
        {sent && left > 0 && (
          <Button size="compact-sm" variant="light" onClick={() => undo(sent.id)}>
            {t.messages.undoIn(left)}
          </Button>
        )}
        {file && (
          <Badge variant="light" rightSection={<CloseButton size="xs" aria-label={t.app.cancel} onClick={() => setFile(null)} />}>
            {file.name}
          </Badge>
        )}
      </Group>
      <div className={classes.composer}>
        <FileButton onChange={setFile}>
          {props => (
            <ActionIcon {...props} size={38} variant="default" aria-label={t.messages.attach}>
              <ClipIcon />
            </ActionIcon>
          )}
        </FileButton>
        <Textarea
          flex={1} aria-label={t.messages.write} placeholder={t.messages.write} autosize minRows={1} maxRows={6} value={text} onChange={event => change(event.currentTarget.value)} onKeyDown={press}
        />
        <ActionIcon type="submit" size={38} aria-label={t.messages.send} loading={changes.send.isPending} disabled={!text.trim() && !file}>
          <SendIcon />
        </ActionIcon>
      </div>
    </form>
  )
}
