import { Badge, Button, Code, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { infiniteQueryOptions, type UseInfiniteQueryResult, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { api, ask } from '../../api/client'
import { useMe } from '../../api/me'
import { Copy } from '../../components/copy'
import { Listing } from '../../components/listing'
import { NotFound } from '../../components/not-found'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { Trouble } from '../../components/trouble'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

function pages<T>(key: string, read: (cursor: string | undefined) => Promise<Page<T>>) {
  return infiniteQueryOptions({
    queryKey: ['admin', key],
    queryFn: ({ pageParam }) => read(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: last => last.nextCursor,
    // Of all accounts; no event tells of them.
    refetchInterval: 15_000,
  })
}

const usersQuery = pages('users', cursor => ask(api.GET('/api/admin/users', { params: { query: { cursor } } })))
const devicesQuery = pages('devices', cursor => ask(api.GET('/api/admin/devices', { params: { query: { cursor } } })))
const lockoutsQuery = pages('lockouts', cursor => ask(api.GET('/api/admin/lockouts', { params: { query: { cursor } } })))

/** For whoever runs the server: who is here, with what, and how it goes. */
export function AdminPage() {
  const t = useT()
  if (useMe().role !== 'admin') return <NotFound />
  return (
    <Stack gap="xl">
      <Title order={1} size="h2">
        {t.admin.title}
      </Title>
      <Users />
      <Devices />
      <Lockouts />
    </Stack>
  )
}

function Users() {
  const t = useT()
  const dates = useDates()
  const asked = useInfiniteQuery(usersQuery)
  return (
    <Section title={t.admin.users} action={<Invite />}>
      <Rows
        asked={asked} label={t.admin.users} heads={[t.admin.email, t.admin.role, t.admin.devices, t.admin.created, t.admin.lastSeen]}
        row={user => [user.email, user.role, user.devices, dates.moment(user.createdAt), user.lastSeenAt && dates.moment(user.lastSeenAt)]}
      />
    </Section>
  )
}

function Devices() {
  const t = useT()
  const dates = useDates()
  const asked = useInfiniteQuery(devicesQuery)
  return (
    <Section title={t.admin.devices}>
      <Rows
        asked={asked} label={t.admin.devices} heads={[t.whatsapp.devices.name, t.admin.state, t.whatsapp.devices.linkedAt, t.whatsapp.devices.lastSeen]}
        row={device => [
          device.deviceName,
          <Badge key="state" variant="light" color={device.connectionState === 'connected' ? 'leaf' : 'gray'}>
            {device.connectionState} {device.errorCode}
          </Badge>,
          device.linkedAt && dates.moment(device.linkedAt),
          device.lastConnectedAt && dates.moment(device.lastConnectedAt),
        ]}
      />
    </Section>
  )
}

function Lockouts() {
  const t = useT()
  const say = useSay()
  const dates = useDates()
  const client = useQueryClient()
  const asked = useInfiniteQuery(lockoutsQuery)
  const lift = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/admin/lockouts/{id}', { params: { path: { id } } })),
    onError: say.bad,
    onSettled: () => client.invalidateQueries({ queryKey: lockoutsQuery.queryKey }),
  })
  return (
    <Section title={t.admin.lockouts}>
      <Rows
        asked={asked} label={t.admin.lockouts} heads={[t.admin.created, t.admin.reason, t.admin.lift]}
        row={lockout => [
          dates.moment(lockout.lockedAt),
          lockout.reason,
          lockout.unlockedAt ? (
            dates.moment(lockout.unlockedAt)
          ) : (
            <Button key="lift" size="compact-sm" variant="default" onClick={() => lift.mutate(lockout.id)}>
              {t.admin.lift}
            </Button>
          ),
        ]}
      />
    </Section>
  )
}

interface RowsProps<T> {
  asked: UseInfiniteQueryResult<{ pages: Page<T>[] }>
  label: string
  heads: string[]
  row: (item: T) => ReactNode[]
}

function Rows<T extends { id: string }>({ asked, label, heads, row }: RowsProps<T>) {
  const t = useT()
  const items = asked.data?.pages.flatMap(page => page.items) ?? []
  return (
    <Listing asked={asked} isEmpty={() => items.length === 0} empty={t.admin.none}>
      {() => (
        <>
          <Table.ScrollContainer minWidth={560} type="native" tabIndex={0}>
            <Table striped aria-label={label}>
              <Table.Thead>
                <Table.Tr>
                  {heads.map(head => (
                    <Table.Th key={head}>{head}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(item => (
                  <Table.Tr key={item.id}>
                    {row(item).map((cell, i) => (
                      <Table.Td key={heads[i]}>{cell}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {asked.hasNextPage && (
            <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
              {t.app.more}
            </Button>
          )}
        </>
      )}
    </Listing>
  )
}

function Invite() {
  const t = useT()
  const [email, setEmail] = useState('')
  const invite = useMutation({ mutationFn: () => ask(api.POST('/api/admin/invites', { body: { email: email || null, expiresInDays: null } })) })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    invite.mutate()
  }
  return (
    <Stack gap="xs">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput type="email" label={t.admin.email} size="xs" value={email} onChange={event => setEmail(event.currentTarget.value)} />
          <Button type="submit" size="xs" variant="light" loading={invite.isPending}>
            {t.admin.invite}
          </Button>
        </Group>
      </form>
      {invite.error && <Trouble error={invite.error} />}
      {invite.data && (
        <Group gap="xs" role="status">
          <Text size="sm">{t.admin.invited}:</Text>
          <Code>{invite.data.link}</Code>
          <Copy value={invite.data.link} />
        </Group>
      )}
    </Stack>
  )
}
