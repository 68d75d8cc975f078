import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, ApiError, ask, type Schemas } from './client'

export type Me = Schemas['Me']

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await ask(api.GET('/api/auth/me'))
    } catch (e) {
      if (e instanceof ApiError && e.status === 401) return null
      throw e
    }
  },
})

/** Who is signed in; only below the guard. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('Nobody is signed in.')
  return data
}
