import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { EditIcon } from '../../components/icons'
import { useT } from '../../i18n/language'
import type { Task } from './queries'
import { TaskFacts } from './task-facts'
import classes from './tasks.module.css'

interface Actions {
  onComplete: (task: Task) => void
  onReopen: (task: Task) => void
  onEdit: (task: Task) => void
}

interface Props extends Actions {
  tasks: Task[]
  hasMore: boolean
  /** More can't be asked for just now. */
  isBusy: boolean
  onMore: () => void
}

/** However many there are, only those on screen are drawn. */
export function TaskList({ tasks, hasMore, isBusy, onMore, onComplete, onReopen, onEdit }: Props) {
  const t = useT()
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const rows = useWindowVirtualizer({ count: tasks.length, estimateSize: () => 57, overscan: 10, scrollMargin: top, getItemKey: i => tasks[i]?.id ?? i })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isBusy && last > tasks.length - 50) onMore()
    // A page at a time: the next one is asked for when this one is here.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [last, tasks.length, hasMore, isBusy])
  return (
    <ul ref={list} className={classes.list} style={{ height: rows.getTotalSize() }} aria-label={t.tasks.title}>
      {shown.map(row => {
        const task = tasks[row.index]
        if (!task) return null
        return (
          <li
            key={row.key} ref={rows.measureElement} data-index={row.index} className={classes.row} style={{ transform: `translateY(${row.start - top}px)` }} aria-setsize={hasMore ? -1 : tasks.length}
            aria-posinset={row.index + 1}
          >
            <TaskRow task={task} onComplete={onComplete} onReopen={onReopen} onEdit={onEdit} />
          </li>
        )
      })}
    </ul>
  )
}

// Drawn anew when the task changes, not for each frame of scrolling; of the browser's own parts, as there are many.
const TaskRow = memo(function TaskRow({ task, onComplete, onReopen, onEdit }: { task: Task } & Actions) {
  const t = useT()
  const isDone = task.status === 'done'
  return (
    <>
      <input
        type="checkbox" className={classes.check} checked={isDone} aria-label={isDone ? t.tasks.reopen(task.title) : t.tasks.complete(task.title)}
        onChange={() => (isDone ? onReopen(task) : onComplete(task))}
      />
      <div className={classes.words}>
        <span className={isDone ? classes.done : undefined}>{task.title}</span>
        <div className={classes.facts}>
          <TaskFacts task={task} />
        </div>
      </div>
      <button type="button" className={classes.edit} aria-label={t.tasks.edit(task.title)} onClick={() => onEdit(task)}>
        <EditIcon />
      </button>
    </>
  )
})
