import { Badge, Text } from '@mantine/core'
import { useState } from 'react'
import { RepeatIcon } from '../../components/icons'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { repeatOf } from './repeat'

const day = 86_400_000

interface Facts {
  due?: string | null | undefined
  dueAt?: string | null | undefined
  dueHasTime?: boolean
  status?: string
  recurrence?: string | null | undefined
  priority?: string | null | undefined
}

/** When a task is due, how it repeats and how it presses. */
export function TaskFacts({ task }: { task: Facts }) {
  const t = useT()
  const dates = useDates()
  const [now] = useState(Date.now)
  // A task without a time of day has the whole day.
  const isOverdue = task.status === 'open' && task.dueAt != null && Date.parse(task.dueAt) + (task.dueHasTime ? 0 : day) < now
  return (
    <>
      {task.due && (
        <Text span size="sm" c={isOverdue ? 'var(--mantine-color-error)' : 'dimmed'}>
          {isOverdue && `${t.tasks.overdue}: `}
          {dates.due(task.due)}
        </Text>
      )}
      {task.recurrence && (
        <Badge variant="default" leftSection={<RepeatIcon />}>
          {t.tasks.repeat[repeatOf(task.recurrence)]}
        </Badge>
      )}
      {task.priority && (
        <Badge variant="light" color={task.priority === 'high' ? 'red' : 'gray'}>
          {t.tasks.priority[task.priority] ?? task.priority}
        </Badge>
      )}
    </>
  )
}
