import { Divider, Stack, Title } from '@mantine/core'
import { useApp } from '../../api/app'
import { useT } from '../../i18n/language'
import { WhatsAppDeviceSection } from './device-section'
import { ModeSection } from './mode-section'
import { PhoneSection } from './phone-section'
import { useWhatsAppDevice } from './queries'

/** Settings › Integrations › WhatsApp. */
export function WhatsAppSettings() {
  const t = useT()
  const app = useApp()
  const wa = useWhatsAppDevice()
  return (
    <Stack maw={820} gap="xl">
      <Title order={1} size="h2">
        {t.whatsapp.title}
      </Title>
      {app.deviceLinking && (
        <>
          <WhatsAppDeviceSection wa={wa} />
          <Divider />
        </>
      )}
      <PhoneSection />
      <Divider />
      <ModeSection wa={wa} />
    </Stack>
  )
}
