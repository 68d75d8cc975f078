import { ActionIcon, AppShell, Badge, Burger, Button, Group, NavLink, ScrollArea, SegmentedControl, Stack, Text, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { Link, Outlet, useLocation, useNavigate } from 'react-router'
import { appQuery, useApp } from '../api/app'
import { api, ask } from '../api/client'
import { meQuery, useMe } from '../api/me'
import { ChatIcon, FlaskIcon, MessagesIcon, PeopleIcon, PhoneIcon, ShieldIcon, SlidersIcon, TasksIcon } from '../components/icons'
import { useSay } from '../components/say'
import { useT } from '../i18n/language'
import { LiveContext, useLive } from './live-context'
import { useLiveState, useLiveUpdates, type LiveUpdates } from './live-updates'
import { LanguageSwitch } from './language-switch'

/** What surrounds every page: the way around, whether what is shown is up to date, language and theme. */
export function Shell({ start }: { start: number }) {
  const t = useT()
  const live = useLiveUpdates(start)
  const [isOpen, { toggle, close }] = useDisclosure(false)
  return (
    <LiveContext value={live}>
      <News />
      <a className="skip" href="#main">
        {t.app.skip}
      </a>
      <AppShell header={{ height: 56 }} navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding={{ base: 'sm', sm: 'lg' }}>
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t.app.menu} aria-expanded={isOpen} />
              <img src="/favicon.svg" alt="" width="28" height="28" />
              <Text fw={700} size="lg" component="span">
                {t.app.name}
              </Text>
            </Group>
            <Group gap="sm" wrap="nowrap">
              <LiveBadge live={live} />
              <LanguageSwitch />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" aria-label={t.app.nav.label}>
          <AppShell.Section grow component={ScrollArea}>
            <Sections onFollow={close} />
          </AppShell.Section>
          <AppShell.Section>
            <Foot />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </LiveContext>
  )
}

/** What FocoBot says on its own, wherever one is looking. */
function News() {
  const t = useT()
  const navigate = useNavigate()
  useLive(({ type, seq, data }) => {
    const { message, text, relinkUrl } = data as { message?: string; text?: string; relinkUrl?: string }
    const words = type === 'device.notice' ? message : type === 'notification' ? text : undefined
    if (!words) return
    notifications.show({
      id: String(seq),
      message: (
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{words}</Text>
          {relinkUrl && (
            <Button size="compact-sm" variant="light" onClick={() => void navigate(new URL(relinkUrl).pathname + new URL(relinkUrl).search)}>
              {t.app.nav.whatsapp}
            </Button>
          )}
        </Stack>
      ),
      color: type === 'device.notice' ? 'orange' : 'leaf',
      autoClose: 15_000,
      closeButtonProps: { 'aria-label': t.app.close },
    })
  })
  return null
}

function Sections({ onFollow }: { onFollow: () => void }) {
  const t = useT()
  const me = useMe()
  const app = useApp()
  const { pathname } = useLocation()
  const { nav } = t.app
  const sections: [path: string, label: string, icon: ComponentType, isShown: boolean][] = [
    ['/chat', nav.chat, ChatIcon, true],
    ['/tasks', nav.tasks, TasksIcon, true],
    ['/messages', nav.messages, MessagesIcon, app.deviceLinking],
    ['/settings/whatsapp', nav.whatsapp, PhoneIcon, true],
    ['/security', nav.security, ShieldIcon, true],
    ['/settings', nav.settings, SlidersIcon, true],
    ['/admin', nav.admin, PeopleIcon, me.role === 'admin'],
    ['/virtual-phone', nav.sandbox, FlaskIcon, app.sandbox],
  ]
  return sections
    .filter(([, , , isShown]) => isShown)
    .map(([path, label, Icon]) => <NavLink key={path} component={Link} to={path} label={label} leftSection={<Icon />} active={pathname === path} aria-current={pathname === path ? 'page' : undefined} onClick={onFollow} />)
}

function Foot() {
  const t = useT()
  const me = useMe()
  const client = useQueryClient()
  const say = useSay()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useMutation({
    mutationFn: () => ask(api.POST('/api/auth/logout')),
    onSuccess: () => {
      const app = client.getQueryData(appQuery.queryKey)
      client.clear()
      if (app) client.setQueryData(appQuery.queryKey, app)
      client.setQueryData(meQuery.queryKey, null)
    },
    onError: say.bad,
  })
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs" fullWidth aria-label={t.app.theme.label} value={colorScheme} onChange={value => setColorScheme(value as 'light' | 'dark' | 'auto')}
        data={[{ value: 'light', label: t.app.theme.light }, { value: 'dark', label: t.app.theme.dark }, { value: 'auto', label: t.app.theme.auto }]}
      />
      <Text size="xs" c="dimmed" truncate title={me.email}>
        {me.email}
      </Text>
      <Button variant="default" size="xs" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t.app.signOut}
      </Button>
    </Stack>
  )
}

function LiveBadge({ live }: { live: LiveUpdates }) {
  const t = useT()
  const state = useLiveState(live)
  if (state === 'ok')
    return (
      <Tooltip label={t.app.live.ok}>
        <ActionIcon component="span" variant="transparent" size="sm" role="status" aria-label={t.app.live.ok} data-live="ok">
          <svg width="10" height="10" aria-hidden="true">
            <circle cx="5" cy="5" r="4" fill="var(--mantine-color-leaf-6)" />
          </svg>
        </ActionIcon>
      </Tooltip>
    )
  return (
    <Tooltip label={t.app.live[state]}>
      <Badge color={state === 'stale' ? 'red' : 'yellow'} variant="light" role="status" data-live={state} tabIndex={0} aria-label={t.app.live[state]}>
        {state === 'stale' ? '⚠' : '↻'}
      </Badge>
    </Tooltip>
  )
}
