import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { ApiError } from '../../api/client'
import { Trouble, wordsOf } from '../../components/trouble'
import { useT } from '../../i18n/language'
import { projectsQuery, type Task, type TaskChanges } from './queries'
import { type Repeat, repeatOf, rules } from './repeat'

interface Props {
  task: Task
  changes: TaskChanges
  onRemove: (task: Task) => void
  onClose: () => void
}

export function EditTask({ task, changes, onRemove, onClose }: Props) {
  const t = useT()
  const { data: projects = [] } = useQuery(projectsQuery)
  const [title, setTitle] = useState(task.title)
  const [notes, setNotes] = useState(task.notes ?? '')
  const [day = '', clock = ''] = task.due?.split('T') ?? []
  const [date, setDate] = useState(day)
  const [time, setTime] = useState(clock)
  const first = repeatOf(task.recurrence)
  const [repeat, setRepeat] = useState<Repeat>(first)
  const [priority, setPriority] = useState(task.priority ?? '')
  const [project, setProject] = useState(task.projectId ?? '')
  const { error, isPending } = changes.change
  const wrong = (field: string) => (error instanceof ApiError && error.field === field ? wordsOf(error, t) : undefined)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const due = date ? (time ? `${date}T${time}` : date) : null
    changes.change.mutate(
      {
        task,
        title,
        notes: notes || null,
        due,
        // A rule that can't be told apart here stays as it is.
        ...(repeat !== first && { recurrence: repeat === 'never' || repeat === 'other' ? null : rules[repeat] }),
        priority: priority || null,
        projectId: project || null,
      },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal opened onClose={onClose} title={t.tasks.editTitle} closeButtonProps={{ 'aria-label': t.app.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t.tasks.fields.title} value={title} required withAsterisk={false} error={wrong('title')} data-autofocus onChange={event => setTitle(event.currentTarget.value)} />
          <Textarea label={t.tasks.fields.notes} value={notes} autosize minRows={2} error={wrong('notes')} onChange={event => setNotes(event.currentTarget.value)} />
          <Group grow>
            <TextInput type="date" label={t.tasks.fields.due} value={date} error={wrong('due')} onChange={event => setDate(event.currentTarget.value)} />
            <TextInput type="time" label={t.tasks.fields.time} value={time} disabled={!date} onChange={event => setTime(event.currentTarget.value)} />
          </Group>
          <Group grow>
            <NativeSelect
              label={t.tasks.fields.repeat} value={repeat} error={wrong('recurrence')} onChange={event => setRepeat(event.currentTarget.value as Repeat)}
              data={[...(['never', 'daily', 'weekdays', 'weekly', 'monthly', 'yearly'] as const), ...(first === 'other' ? (['other'] as const) : [])].map(value => ({ value, label: t.tasks.repeat[value] }))}
            />
            <NativeSelect
              label={t.tasks.fields.priority} value={priority} onChange={event => setPriority(event.currentTarget.value)}
              data={[{ value: '', label: t.tasks.priority['none'] ?? '' }, ...['low', 'medium', 'high'].map(value => ({ value, label: t.tasks.priority[value] ?? value }))]}
            />
          </Group>
          <NativeSelect
            label={t.tasks.project} value={project} onChange={event => setProject(event.currentTarget.value)}
            data={[{ value: '', label: t.tasks.noProject }, ...projects.map(one => ({ value: one.id, label: one.name }))]}
          />
          {error && !(error instanceof ApiError && error.field) && <Trouble error={error} />}
          <Group justify="space-between">
            <Button
              variant="light" color="red"
              onClick={() => {
                onRemove(task)
                onClose()
              }}
            >
              {t.app.delete}
            </Button>
            <Button type="submit" loading={isPending}>
              {t.app.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
