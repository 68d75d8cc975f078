import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A part of a page, with its heading and what can be done at once. */
export function Section({ title, text, action, children }: { title: string; text?: string; action?: ReactNode; children?: ReactNode }) {
  const id = useId()
  return (
    <Stack component="section" aria-labelledby={id} gap="sm">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {text && (
            <Text size="sm" c="dimmed" maw={560}>
              {text}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  )
}
