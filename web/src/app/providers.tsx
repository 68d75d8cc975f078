import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ConfirmProvider } from '../components/confirm'
import { LanguageProvider } from '../i18n/language'
import { client } from './first-look'
import { theme } from './theme'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content

export function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce ?? ''}>
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <ConfirmProvider>{children}</ConfirmProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  )
}
