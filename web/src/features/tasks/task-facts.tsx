import { useState } from 'react'
import { RepeatIcon } from '../../components/icons'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { repeatOf } from './repeat'
import classes from './tasks.module.css'

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
        <span className={isOverdue ? classes.overdue : classes.due}>
          {isOverdue && `${t.tasks.overdue}: `}
          {dates.due(task.due)}
        </span>
      )}
      {task.recurrence && (
        <span className={classes.fact}>
          <RepeatIcon />
          {t.tasks.repeat[repeatOf(task.recurrence)]}
        </span>
      )}
      {task.priority && (
        <span className={classes.fact} data-priority={task.priority}>
          {t.tasks.priority[task.priority] ?? task.priority}
        </span>
      )}
    </>
  )
}
