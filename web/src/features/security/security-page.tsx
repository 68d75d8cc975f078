import { Stack, Title } from '@mantine/core'
import { useT } from '../../i18n/language'
import { AuditTimeline } from './audit-timeline'
import { KeysSection } from './keys-section'
import { LockSection } from './lock-section'
import { PasswordSection } from './password-section'
import { SessionsSection } from './sessions-section'
import { TotpSection } from './totp-section'

/** Who may act as the account, and what was done. */
export function SecurityPage() {
  const t = useT()
  return (
    <Stack maw={820} gap="xl">
      <Title order={1} size="h2">
        {t.security.title}
      </Title>
      <LockSection />
      <SessionsSection />
      <PasswordSection />
      <TotpSection />
      <KeysSection />
      <AuditTimeline />
    </Stack>
  )
}
