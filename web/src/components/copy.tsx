import { Button, CopyButton } from '@mantine/core'
import { useT } from '../i18n/language'
import { CopyIcon } from './icons'

/** Copies a text, and says that it did. */
export function Copy({ value }: { value: string }) {
  const t = useT()
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" leftSection={<CopyIcon />} onClick={copy}>
          <span aria-live="polite">{copied ? t.app.copied : t.app.copy}</span>
        </Button>
      )}
    </CopyButton>
  )
}
