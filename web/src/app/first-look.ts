import { QueryClient } from '@tanstack/react-query'
import { appQuery } from '../api/app'
import { ApiError } from '../api/client'
import { meQuery } from '../api/me'
import { logEndQuery, readLogEnd } from './live-updates'

/** What is refused is not asked for again; what did not get through is, twice. */
const worthAnotherTry = (failures: number, error: Error) => failures < 2 && !(error instanceof ApiError && error.status < 500)

export const client = new QueryClient({
  defaultOptions: {
    // What changes is told by the live updates, so nothing grows old by itself.
    queries: { staleTime: 60_000, retry: worthAnotherTry, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
})

let account: Promise<boolean> = Promise.resolve(false)
let isFirst = true

/** Reads who is signed in, and where the log ends, while the page's code is read. The pages themselves ask again for what is missing, and say what went wrong. */
export async function loadAccount() {
  account = readAccount().catch(() => false)
  await account
  return null
}

async function readAccount(): Promise<boolean> {
  const [me, end] = await Promise.all([client.ensureQueryData(meQuery), readLogEnd().catch(() => undefined), client.prefetchQuery(appQuery)])
  if (me && end !== undefined) client.setQueryData(logEndQuery(me.id).queryKey, end)
  return me !== null && end !== undefined
}

/** Reads what the first page shows, so that it is drawn once, with all of it. Later on pages are gone to at once. */
export const firstLook = (load: () => Promise<unknown>) => async ({ request }: { request: Request }) => {
  // Only after the log's end is known: what happens between the two is then told.
  if (isFirst && new URL(request.url).search === '' && (await account)) {
    await load()
    isFirst = false
  }
  return null
}
