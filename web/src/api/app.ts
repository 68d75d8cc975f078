import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, ask } from './client'

/** What this server offers. */
export const appQuery = queryOptions({
  queryKey: ['app'],
  queryFn: () => ask(api.GET('/api/app')),
  staleTime: Number.POSITIVE_INFINITY,
})

const nothing = { registration: 'closed', deviceLinking: false, sandbox: false }

/** What this server offers; nothing until that is known. */
export function useApp() {
  return useQuery(appQuery).data ?? nothing
}
