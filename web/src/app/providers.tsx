import { MantineProvider } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ConfirmProvider } from '../components/confirm'
import { LanguageProvider } from '../i18n/language'
import { client } from './first-look'
import { theme } from './theme'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content

/** What is said in passing stands below, where it covers no code that is to be scanned; on a phone above the line where people write. */
function Passing() {
  const isNarrow = useMediaQuery('(max-width: 48em)')
  return <Notifications position={isNarrow ? 'bottom-center' : 'bottom-right'} mb={isNarrow ? 64 : 0} limit={3} />
}

export function Providers({ children }: { children: ReactNode }) {
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
