import { MantineProvider } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ApiError } from '../api/client'
import { ConfirmProvider } from '../components/confirm'
import { LanguageProvider } from '../i18n/language'
import { theme } from './theme'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content

/** What is refused is not asked for again; what did not get through is, twice. */
const worthAnotherTry = (failures: number, error: Error) => failures < 2 && !(error instanceof ApiError && error.status < 500)

const makeClient = () =>
  new QueryClient({
    defaultOptions: {
      // What changes is told by the live updates, so nothing grows old by itself.
      queries: { staleTime: 60_000, retry: worthAnotherTry, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  })

/** What is said in passing stands below, where it covers no code that is to be scanned; on a phone above the line where people write. */
function Passing() {
  const isNarrow = useMediaQuery('(max-width: 48em)')
  return <Notifications position={isNarrow ? 'bottom-center' : 'bottom-right'} mb={isNarrow ? 64 : 0} limit={3} />
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(makeClient)
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce ?? ''}>
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <Passing />
          <ConfirmProvider>{children}</ConfirmProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  )
}
