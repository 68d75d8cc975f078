import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'

export type Task = Schemas['TaskView']
export type Draft = Schemas['TaskDraft']
export type Project = Schemas['Project']

export const filters = ['all', 'today', 'overdue', 'week', 'no_date', 'done'] as const
export type Filter = (typeof filters)[number]

export interface Wanted {
  filter: Filter
  search: string
  project: string | null
}

export const tasksQuery = ({ filter, search, project }: Wanted) =>
  infiniteQueryOptions({
    queryKey: ['tasks', filter, search, project],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET('/api/tasks', {
          params: {
            query: {
              limit: 200,
              cursor: pageParam ?? undefined,
              project: project ?? undefined,
              filter: search ? `search:${search}` : filter === 'all' || filter === 'done' ? undefined : filter,
              status: filter === 'done' ? 'done' : undefined,
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: last => last.nextCursor,
    placeholderData: keepPreviousData,
  })

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async () => (await ask(api.GET('/api/projects'))).items,
})

/** What the parser makes of a text; the same one as in WhatsApp. */
export const understoodQuery = (text: string) =>
  queryOptions({
    queryKey: ['understood', text],
    queryFn: () => ask(api.POST('/api/tasks/understand', { body: { text } })),
    enabled: text.length > 1,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

const params = (id: string) => ({ params: { path: { id } } })

/** Everything that changes tasks; each is undone by the same call. */
export function useTaskChanges() {
  const client = useQueryClient()
  const renew = () => client.invalidateQueries({ queryKey: ['tasks'] })
  const add = useMutation({
    mutationFn: async (drafts: Draft[]) => {
      const made: Task[] = []
      for (const body of drafts) made.push(await ask(api.POST('/api/tasks', { body })))
      return made
    },
    onSettled: renew,
  })
  const change = useMutation({
    mutationFn: ({ task, ...wanted }: { task: Task } & Draft) => ask(api.PATCH('/api/tasks/{id}', { ...params(task.id), headers: { 'If-Match': `"${task.version}"` }, body: wanted })),
    onSettled: renew,
  })
  const complete = useMutation({ mutationFn: (task: Task) => ask(api.POST('/api/tasks/{id}/complete', params(task.id))), onSettled: renew })
  const reopen = useMutation({ mutationFn: (task: Task) => ask(api.POST('/api/tasks/{id}/reopen', params(task.id))), onSettled: renew })
  const remove = useMutation({ mutationFn: (task: Task) => ask(api.DELETE('/api/tasks/{id}', params(task.id))), onSettled: renew })
  const undo = useMutation({ mutationFn: () => ask(api.POST('/api/tasks/undo')), onSettled: renew })
  const addProject = useMutation({
    mutationFn: (name: string) => ask(api.POST('/api/projects', { body: { name } })),
    onSettled: () => client.invalidateQueries({ queryKey: projectsQuery.queryKey }),
  })
  return { add, change, complete, reopen, remove, undo, addProject }
}

export type TaskChanges = ReturnType<typeof useTaskChanges>
