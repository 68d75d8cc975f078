import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { api, ask } from '../../api/client'
import { Listing } from '../../components/listing'
import { Section } from '../../components/section'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import classes from './security.module.css'
import { nameOfAgent } from './user-agent'

const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam }) => ask(api.GET('/api/audit', { params: { query: { after: pageParam ?? undefined, limit: 50 } } })),
  initialPageParam: null as string | null,
  getNextPageParam: last => last.nextCursor,
  staleTime: 0,
})

/** What was done as the account, by what, newest first. */
export function AuditTimeline() {
  const t = useT()
  const dates = useDates()
  const asked = useInfiniteQuery(auditQuery)
  const items = asked.data?.pages.flatMap(page => page.items) ?? []
  return (
    <Section title={t.security.audit.title}>
      <Listing asked={asked} isEmpty={() => items.length === 0} empty={t.security.audit.none}>
        {() => (
          <Stack component="ol" gap={0} className={classes.line}>
            {items.map(item => {
              const details = item.details as Record<string, unknown>
              const by = typeof details['by'] === 'string' ? details['by'] : item.userAgent ? nameOfAgent(item.userAgent) : ''
              return (
                <li key={item.id} className={classes.item}>
                  <Group gap="xs">
                    <Text size="sm" fw={600}>
                      {t.security.audit.actions[item.action] ?? item.action}
                    </Text>
                    {item.success === false && (
                      <Badge color="red" variant="light">
                        {t.security.audit.failed}
                      </Badge>
                    )}
                  </Group>
                  <Text size="xs" c="dimmed">
                    <time dateTime={item.at}>{dates.moment(item.at)}</time>
                    {item.ip && ` · ${t.security.audit.where} ${item.ip}`}
                    {by && ` · ${by.slice(0, 80)}`}
                  </Text>
                </li>
              )
            })}
          </Stack>
        )}
      </Listing>
      {asked.hasNextPage && (
        <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {t.app.more}
        </Button>
      )}
    </Section>
  )
}
