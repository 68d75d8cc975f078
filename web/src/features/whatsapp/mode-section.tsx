import { ActionIcon, Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { nameOf } from '../../api/devices'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { useT } from '../../i18n/language'
import { type WhatsAppDevice, whatsAppSettingsQuery } from './queries'

type Settings = Schemas['WhatsAppSettings']

const modes = ['twilio-only', 'device-linking', 'hybrid'] as const

/** Which way what FocoBot says goes, and which device comes first. */
export function ModeSection({ wa }: { wa: WhatsAppDevice }) {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const { data: settings } = useQuery(whatsAppSettingsQuery)
  const save = useMutation({
    mutationFn: (wanted: Settings) => ask(api.PUT('/api/settings/whatsapp', { body: wanted })),
    onSuccess: saved => {
      client.setQueryData(whatsAppSettingsQuery.queryKey, saved)
      void client.invalidateQueries({ queryKey: ['devices'] })
      say.good(t.app.saved)
    },
    onError: say.bad,
  })
  if (!settings) return null
  const change = (wanted: Partial<Settings>) => save.mutate({ ...settings, ...wanted })
  const known = (settings.devices ?? []).flatMap(use => {
    const device = wa.devices?.find(one => one.id === use.deviceId)
    return device ? [{ use, name: nameOf(device, t.whatsapp.devices.unnamed) }] : []
  })
  const move = (from: number, by: number) => {
    const order = known.map(one => one.use)
    const [moved] = order.splice(from, 1)
    if (moved) order.splice(from + by, 0, moved)
    change({ devices: order.map((use, i) => ({ ...use, priority: i + 1 })) })
  }
  return (
    <Section title={t.whatsapp.mode.title}>
      <Radio.Group aria-label={t.whatsapp.mode.title} value={settings.mode} onChange={mode => change({ mode })}>
        <Stack gap="xs">
          {modes.map(mode => (
            <Radio key={mode} value={mode} label={t.whatsapp.mode[mode]} description={mode === 'hybrid' ? t.whatsapp.mode.hybridHint : undefined} />
          ))}
        </Stack>
      </Radio.Group>
      {settings.mode === 'hybrid' && (
        <Group align="flex-start" gap="xl">
          <Kinds label={t.whatsapp.mode.twilioFor} kinds={['notifications', 'broadcasts']} chosen={settings.twilioFor ?? []} onChange={twilioFor => change({ twilioFor })} />
          <Kinds label={t.whatsapp.mode.deviceFor} kinds={['proposals', 'direct-messages']} chosen={settings.deviceFor ?? []} onChange={deviceFor => change({ deviceFor })} />
        </Group>
      )}
      {known.length > 1 && (
        <div>
          <Text fw={500} size="sm" mb="xs">
            {t.whatsapp.mode.priority}
          </Text>
          <Stack component="ol" gap="xs" m={0} pl="lg">
            {known.map(({ use, name }, i) => (
              <li key={use.deviceId}>
                <Group gap="xs">
                  <Text size="sm">{name}</Text>
                  <ActionIcon variant="default" size="sm" aria-label={t.whatsapp.mode.up(name)} disabled={i === 0} onClick={() => move(i, -1)}>
                    ↑
                  </ActionIcon>
                  <ActionIcon variant="default" size="sm" aria-label={t.whatsapp.mode.down(name)} disabled={i === known.length - 1} onClick={() => move(i, 1)}>
                    ↓
                  </ActionIcon>
                </Group>
              </li>
            ))}
          </Stack>
        </div>
      )}
      <TestNotice />
    </Section>
  )
}

function Kinds({ label, kinds, chosen, onChange }: { label: string; kinds: string[]; chosen: string[]; onChange: (kinds: string[]) => void }) {
  const t = useT()
  return (
    <Checkbox.Group label={label} value={chosen} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {kinds.map(kind => (
          <Checkbox key={kind} value={kind} label={t.whatsapp.mode.kinds[kind]} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

function TestNotice() {
  const t = useT()
  const say = useSay()
  const test = useMutation({ mutationFn: () => ask(api.POST('/api/notifications/test', { body: { kind: null } })), onError: say.bad })
  const { data: sent } = useQuery({
    queryKey: ['notification', test.data?.id],
    queryFn: () => ask(api.GET('/api/notifications/{id}', { params: { path: { id: test.data?.id ?? '' } } })),
    enabled: test.data !== undefined,
    refetchInterval: query => (query.state.data?.channel ? false : 1_000),
  })
  return (
    <Group>
      <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate()}>
        {t.whatsapp.mode.test}
      </Button>
      <Text size="sm" role="status">
        {sent?.channel && `${t.whatsapp.mode.tested(t.whatsapp.mode.channels[sent.channel] ?? sent.channel)}${sent.reason ? ` (${sent.reason})` : ''}`}
      </Text>
    </Group>
  )
}
