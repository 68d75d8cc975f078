import { Center, Loader, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useT } from '../i18n/language'
import { Trouble } from './trouble'

interface Asked<T> {
  data: T | undefined
  error: Error | null
  refetch: () => unknown
}

/** A list that may still be loading, not load, or be empty. */
export function Listing<T>({ asked, isEmpty, empty, children }: { asked: Asked<T>; isEmpty: (data: T) => boolean; empty: ReactNode; children: (data: T) => ReactNode }) {
  const t = useT()
  if (asked.data !== undefined) {
    if (!isEmpty(asked.data)) return children(asked.data)
    return (
      <Center py="xl" px="md">
        <Text c="dimmed" ta="center" maw={420}>
          {empty}
        </Text>
      </Center>
    )
  }
  return (
    <Center py="xl">{asked.error ? <Trouble error={asked.error} onRetry={() => void asked.refetch()} /> : <Loader aria-label={t.app.loading} />}</Center>
  )
}
