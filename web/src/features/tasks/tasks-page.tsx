import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { Choice } from '../../components/choice'
import { Listing } from '../../components/listing'
import { useSay } from '../../components/say'
import { Trouble } from '../../components/trouble'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { ProjectPicker } from './projects'
import { filters, type Task, type TaskChanges, tasksQuery, useTaskChanges, type Wanted } from './queries'
import { QuickAdd } from './quick-add'
import { TaskList } from './task-list'

// Seldom the first thing that is done.
const EditTask = lazy(async () => ({ default: (await import('./edit-task')).EditTask }))

export function TasksPage() {
  const t = useT()
  const [wanted, setWanted] = useWanted()
  const changes = useTaskChanges()
  const actions = useActions(changes)
  const asked = useInfiniteQuery(tasksQuery(wanted))
  const tasks = useMemo(() => asked.data?.pages.flatMap(page => page.items) ?? [], [asked.data])
  const [edited, setEdited] = useState<Task | null>(null)
  const isAll = wanted.filter === 'all' && !wanted.search && !wanted.project
  return (
    <Stack maw={820}>
      <Title order={1} size="h2">
        {t.tasks.title}
      </Title>
      <QuickAdd project={wanted.project} changes={changes} />
      <Filters wanted={wanted} onChange={setWanted} changes={changes} />
      <Listing asked={asked} isEmpty={() => tasks.length === 0} empty={isAll ? t.tasks.empty : t.tasks.emptyFilter}>
        {() => (
          <>
            <TaskList
              tasks={tasks} hasMore={asked.hasNextPage} isBusy={asked.isFetching || asked.isFetchNextPageError} onMore={() => void asked.fetchNextPage()} onComplete={actions.complete} onReopen={actions.reopen}
              onEdit={setEdited}
            />
            {asked.isFetchNextPageError && <Trouble error={asked.error} onRetry={() => void asked.fetchNextPage()} />}
          </>
        )}
      </Listing>
      <Suspense>{edited && <EditTask task={edited} changes={changes} onRemove={actions.remove} onClose={() => setEdited(null)} />}</Suspense>
    </Stack>
  )
}

/** Filter, search and project stand in the address: they can be kept, shared and gone back to. */
function useWanted(): [Wanted, (wanted: Partial<Wanted>) => void] {
  const [search, setSearch] = useSearchParams()
  const filter = search.get('filter')
  const wanted: Wanted = { filter: filters.find(one => one === filter) ?? 'all', search: search.get('search') ?? '', project: search.get('project') }
  const change = (next: Partial<Wanted>) => {
    const all = { ...wanted, ...next }
    setSearch({ ...(all.filter !== 'all' && { filter: all.filter }), ...(all.search && { search: all.search }), ...(all.project && { project: all.project }) }, { replace: true })
  }
  return [wanted, change]
}

/** Changes that are told of in passing, with a way back. */
function useActions(changes: TaskChanges) {
  const t = useT()
  const say = useSay()
  const dates = useDates()
  const tell = (text: string) => {
    const id = say.tell(
      <Group justify="space-between" gap="xs">
        <Text size="sm">{text}</Text>
        <Button
          size="compact-sm" variant="light"
          onClick={() => {
            say.takeBack(id)
            changes.undo.mutate(undefined, { onSuccess: () => say.good(t.tasks.undone), onError: say.bad })
          }}
        >
          {t.app.undo}
        </Button>
      </Group>,
      { autoClose: 8_000 },
    )
  }
  return {
    complete: (task: Task) =>
      changes.complete.mutate(task, {
        onSuccess: ({ next }) => tell(next?.due ? `${t.tasks.completed(task.title)}. ${t.tasks.next(dates.due(next.due))}` : t.tasks.completed(task.title)),
        onError: say.bad,
      }),
    reopen: (task: Task) => changes.reopen.mutate(task, { onError: say.bad }),
    remove: (task: Task) => changes.remove.mutate(task, { onSuccess: () => tell(t.tasks.removed(task.title)), onError: say.bad }),
  }
}

function Filters({ wanted, onChange, changes }: { wanted: Wanted; onChange: (wanted: Partial<Wanted>) => void; changes: TaskChanges }) {
  const t = useT()
  const [words, setWords] = useState(wanted.search)
  const search = useDebouncedCallback((text: string) => onChange({ search: text.trim() }), 250)
  return (
    <Stack gap="xs">
      <Choice label={t.tasks.filters.label} value={wanted.filter} choices={filters.map(one => [one, t.tasks.filters[one]] as const)} onChange={filter => onChange({ filter })} />
      <Group align="flex-end" gap="xs">
        <TextInput
          type="search" label={t.tasks.search} value={words} flex={1} miw={160}
          onChange={event => {
            setWords(event.currentTarget.value)
            search(event.currentTarget.value)
          }}
        />
        <ProjectPicker project={wanted.project} onChange={project => onChange({ project })} changes={changes} />
      </Group>
    </Stack>
  )
}
