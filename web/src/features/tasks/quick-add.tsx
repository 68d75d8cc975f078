import { Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { PlusIcon } from '../../components/icons'
import { useSay } from '../../components/say'
import { useT } from '../../i18n/language'
import { type TaskChanges, understoodQuery } from './queries'
import { TaskFacts } from './task-facts'

/** One line that becomes a task; what is understood of it is shown while it is written. */
export function QuickAdd({ project, changes }: { project: string | null; changes: TaskChanges }) {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text.trim(), 150)
  const { data: understood } = useQuery(understoodQuery(settled))
  const drafts = settled.length > 1 ? (understood?.tasks ?? []) : []

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    try {
      // Of the whole text, not of what was settled a moment ago.
      const { tasks } = await client.fetchQuery(understoodQuery(text.trim()))
      if (tasks.length === 0) return
      await changes.add.mutateAsync(tasks.map(task => ({ ...task, projectId: task.projectId ?? project })))
      setText('')
    } catch (e) {
      say.bad(e)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack gap={6}>
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            flex={1} label={t.tasks.add} placeholder={t.tasks.addHint} value={text} maxLength={4096} onChange={event => setText(event.currentTarget.value)} aria-describedby="understood"
          />
          <Button type="submit" leftSection={<PlusIcon />} loading={changes.add.isPending} disabled={text.trim().length < 2}>
            {t.tasks.addNow}
          </Button>
        </Group>
        <Group id="understood" gap="xs" mih={24} role="status">
          {drafts.length > 0 && (
            <Text size="sm" c="dimmed">
              {t.tasks.understood}
            </Text>
          )}
          {drafts.map((draft, i) => (
            <Group key={i} gap={6}>
              <Badge variant="light" size="lg">
                {draft.title}
              </Badge>
              <TaskFacts task={draft} />
            </Group>
          ))}
          {settled.length > 1 && understood && drafts.length === 0 && (
            <Text size="sm" c="dimmed">
              {t.tasks.notTask}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  )
}
