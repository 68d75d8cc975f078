import { Button, Center, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useT } from '../i18n/language'

export function NotFound() {
  const t = useT()
  return (
    <Center mih="50vh">
      <Stack align="center">
        <Text size="lg" component="h1">
          {t.app.notFound}
        </Text>
        <Button component={Link} to="/">
          {t.app.home}
        </Button>
      </Stack>
    </Center>
  )
}
