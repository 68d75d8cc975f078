import { Center, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Navigate, useLocation } from 'react-router'
import { ApiError } from '../api/client'
import { meQuery } from '../api/me'
import { logEndQuery } from './live-updates'
import { Trouble } from '../components/trouble'
import { useT } from '../i18n/language'

/** Lets in whoever is signed in, and sends the others to the door; after it they come back to where they wanted to go. */
export function Guard({ children }: { children: (logEnd: number) => ReactNode }) {
  const t = useT()
  const client = useQueryClient()
  const location = useLocation()
  const { data, isPending, error, refetch } = useQuery(meQuery)
  const end = useQuery({ ...logEndQuery(data?.id ?? ''), enabled: Boolean(data) })

  // A session that ends is noticed by whatever is asked next.
  useEffect(
    () =>
      client.getQueryCache().subscribe(change => {
        if (change.type !== 'updated' || change.action.type !== 'error') return
        const failed: unknown = change.action.error
        if (failed instanceof ApiError && failed.status === 401) client.setQueryData(meQuery.queryKey, null)
      }),
    [client],
  )

  if (isPending || (data && end.isPending))
    return (
      <Center mih="100vh">
        <Loader aria-label={t.app.loading} />
      </Center>
    )
  if (error ?? end.error)
    return (
      <Center mih="100vh" component="main">
        <Trouble error={error ?? end.error} onRetry={() => void (error ? refetch() : end.refetch())} />
      </Center>
    )
  if (!data || end.data === undefined) return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />
  return children(end.data)
}
