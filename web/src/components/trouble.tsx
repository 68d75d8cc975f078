import { Alert, Button, Stack, Text } from '@mantine/core'
import { ApiError, OfflineError } from '../api/client'
import type { Texts } from '../i18n/es'
import { useT } from '../i18n/language'

/** What went wrong, in the reader's words. */
export function wordsOf(error: unknown, t: Texts): string {
  if (error instanceof OfflineError) return t.errors.offline
  if (error instanceof ApiError) {
    const ofField = error.code === 'INVALID' && error.field !== undefined ? t.errors.fields[error.field] : undefined
    return ofField ?? t.errors.codes[error.code] ?? error.message
  }
  return t.errors.unknown
}

/** Something did not work, and may be tried again. */
export function Trouble({ error, title, onRetry }: { error: unknown; title?: string; onRetry?: () => void }) {
  const t = useT()
  return (
    <Alert color="red" variant="light" title={title} role="alert" maw={520}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{wordsOf(error, t)}</Text>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {t.app.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
