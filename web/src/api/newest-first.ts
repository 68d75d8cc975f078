import { type InfiniteData, infiniteQueryOptions, type Query, type QueryClient, type QueryKey } from '@tanstack/react-query'

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

type Pages<T> = InfiniteData<Page<T>, string | null>

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { readNewest?: () => Promise<Page<{ id: string }>> }
  }
}

/** A list that only grows at its newest end and is read backwards, a page at a time. */
export const newestFirst = <T extends { id: string }>(queryKey: QueryKey, read: (cursor: string | null) => Promise<Page<T>>) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<T>) => last.nextCursor,
    meta: { readNewest: () => read(null) },
  })

const isJoined = (query: Query) => query.meta?.readNewest !== undefined && query.isActive() && query.state.status === 'success' && query.state.fetchStatus === 'idle'

/** Reads queries anew, but of lists that are newest first only the newest page: what is older stays as it is, however much of it there is. */
export function renew(client: QueryClient, queryKey: QueryKey) {
  const lists = client.getQueryCache().findAll({ queryKey, predicate: isJoined })
  return Promise.all([client.invalidateQueries({ queryKey, predicate: query => !lists.includes(query) }), ...lists.map(list => renewNewest(client, list))])
}

const asked = new WeakMap<Query, number>()
const shown = new WeakMap<Query, number>()

async function renewNewest(client: QueryClient, list: Query) {
  const turn = (asked.get(list) ?? 0) + 1
  asked.set(list, turn)
  const newest = await list.meta?.readNewest?.().catch(() => undefined)
  // Answers may overtake each other.
  if ((shown.get(list) ?? 0) > turn) return
  shown.set(list, turn)
  // What is being read meanwhile began before, and would put the old page back.
  if (!newest || list.state.fetchStatus !== 'idle') return client.invalidateQueries({ queryKey: list.queryKey, exact: true })
  client.setQueryData<Pages<{ id: string }>>(list.queryKey, data => data && joined(data, newest))
}

/** The newest page, and after it what was known to be older. Where more has come than the page holds, the older ones are read again when somebody goes back to them. */
export function joined<T extends { id: string }>({ pages }: Pages<T>, newest: Page<T>): Pages<T> {
  const known = pages.flatMap(page => page.items)
  const oldest = newest.items.at(-1)
  const end = oldest ? known.findIndex(one => one.id === oldest.id) : -1
  const older = end < 0 ? [] : known.slice(end + 1)
  if (older.length === 0) return { pages: [newest], pageParams: [null] }
  return { pages: [newest, { items: older, nextCursor: pages.at(-1)?.nextCursor ?? null }], pageParams: [null, newest.nextCursor] }
}
