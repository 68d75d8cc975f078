import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
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

export const allTasks: Wanted = { filter: 'all', search: '', project: null }

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
  const renewProjects = () => client.invalidateQueries({ queryKey: projectsQuery.queryKey })
  // Off the list at once; what else it changes is read when it is done.
  const take = async (task: Task) => {
    await client.cancelQueries({ queryKey: ['tasks'] })
    client.setQueriesData<InfiniteData<Schemas['PageOfTaskView']>>({ queryKey: ['tasks'] }, data => data && { ...data, pages: data.pages.map(page => ({ ...page, items: page.items.filter(one => one.id !== task.id) })) })
  }
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
  const complete = useMutation({ mutationFn: (task: Task) => ask(api.POST('/api/tasks/{id}/complete', params(task.id))), onMutate: take, onSettled: renew })
  const reopen = useMutation({ mutationFn: (task: Task) => ask(api.POST('/api/tasks/{id}/reopen', params(task.id))), onMutate: take, onSettled: renew })
  const remove = useMutation({ mutationFn: (task: Task) => ask(api.DELETE('/api/tasks/{id}', params(task.id))), onMutate: take, onSettled: renew })
  const undo = useMutation({ mutationFn: () => ask(api.POST('/api/tasks/undo')), onSettled: renew })
  const addProject = useMutation({
    mutationFn: (name: string) => ask(api.POST('/api/projects', { body: { name } })),
    onSettled: renewProjects,
  })
  const renameProject = useMutation({
    mutationFn: ({ project, name }: { project: Project; name: string }) => ask(api.PATCH('/api/projects/{id}', { ...params(project.id), headers: { 'If-Match': `"${project.version}"` }, body: { name } })),
    onSettled: renewProjects,
  })
  const removeProject = useMutation({
    mutationFn: (project: Project) => ask(api.DELETE('/api/projects/{id}', params(project.id))),
    onSettled: () => {
      void renew()
      return renewProjects()
    },
  })
  return { add, change, complete, reopen, remove, undo, addProject, renameProject, removeProject }
}

export type TaskChanges = ReturnType<typeof useTaskChanges>
