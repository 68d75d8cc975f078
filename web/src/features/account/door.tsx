import { Box, Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { LanguageSwitch } from '../../app/language-switch'
import { Mark } from '../../components/icons'
import { Passing } from '../../components/say'
import { useT } from '../../i18n/language'

/** What surrounds the pages for those who are not signed in. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const t = useT()
  return (
    <Center component="main" mih="100vh" p="md">
      <Passing />
      <Stack w="100%" maw={420} gap="lg">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Mark size={44} />
            <Box>
              <Text fw={700} size="lg">
                {t.app.name}
              </Text>
              <Text size="sm" c="dimmed">
                {t.account.welcome}
              </Text>
            </Box>
          </Group>
          <LanguageSwitch />
        </Group>
        <Paper withBorder p="lg" radius="lg">
          <Stack>
            <Title order={1} size="h3">
              {title}
            </Title>
            {children}
          </Stack>
        </Paper>
        <Text size="sm" c="dimmed" ta="center">
          {t.account.pitch}
        </Text>
      </Stack>
    </Center>
  )
}
