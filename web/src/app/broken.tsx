import { Button, Center, Stack, Text } from '@mantine/core'
import { useT } from '../i18n/language'

/** What is shown instead of a page that fails, or whose file is gone because the server was updated. */
export function Broken() {
  const t = useT()
  return (
    <Center mih="50vh" component="main">
      <Stack align="center" role="alert">
        <Text size="lg">{t.app.broken}</Text>
        <Button onClick={() => location.reload()}>{t.app.reload}</Button>
      </Stack>
    </Center>
  )
}
