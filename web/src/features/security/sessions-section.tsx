import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { Listing } from '../../components/listing'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { nameOfAgent } from './user-agent'

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await ask(api.GET('/api/auth/sessions'))).items,
})

export function SessionsSection() {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const sessions = useQuery(sessionsQuery)
  const done = {
    onSuccess: () => say.good(t.security.sessions.ended),
    onError: say.bad,
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  }
  const end = useMutation({ mutationFn: (id: string) => ask(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })), ...done })
  const endOthers = useMutation({ mutationFn: () => ask(api.DELETE('/api/auth/sessions')), ...done })
  return (
    <Section
      title={t.security.sessions.title}
      action={
        (sessions.data?.length ?? 0) > 1 && (
          <Button size="xs" variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t.security.sessions.endOthers}
          </Button>
        )
      }
    >
      <Listing asked={sessions} isEmpty={data => data.length === 0} empty="">
        {data => (
          <Stack gap="xs">
            {data.map(session => (
              <SessionCard key={session.id} session={session} onEnd={() => end.mutate(session.id)} />
            ))}
          </Stack>
        )}
      </Listing>
    </Section>
  )
}

function SessionCard({ session, onEnd }: { session: Schemas['SessionView']; onEnd: () => void }) {
  const t = useT()
  const dates = useDates()
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between">
        <div>
          <Text size="sm" lineClamp={1} title={session.userAgent ?? undefined}>
            {nameOfAgent(session.userAgent)}
          </Text>
          <Text size="xs" c="dimmed">
            {session.ipAddress} · {t.security.sessions.lastSeen}: {dates.moment(session.lastSeenAt)}
          </Text>
        </div>
        {session.current ? (
          <Badge variant="light">{t.security.sessions.current}</Badge>
        ) : (
          <Button size="compact-sm" variant="default" onClick={onEnd}>
            {t.security.sessions.end}
          </Button>
        )}
      </Group>
    </Card>
  )
}
