import { Button, Stack, Text, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ComponentType, useState } from 'react'
import { NavLink, Outlet, useNavigate } from 'react-router'
import { appQuery, useApp } from '../api/app'
import { api, ask } from '../api/client'
import { meQuery, useMe } from '../api/me'
import { Choice } from '../components/choice'
import { ChatIcon, CloseIcon, FlaskIcon, Mark, MenuIcon, MessagesIcon, PeopleIcon, PhoneIcon, ShieldIcon, SlidersIcon, TasksIcon } from '../components/icons'
import { Passing, useSay } from '../components/say'
import { useT } from '../i18n/language'
import { LanguageSwitch } from './language-switch'
import { LiveContext, useLive } from './live-context'
import { useLiveState, useLiveUpdates, type LiveUpdates } from './live-updates'
import classes from './shell.module.css'

/** What surrounds every page: the way around, whether what is shown is up to date, language and theme. */
export function Shell({ start }: { start: number }) {
  const t = useT()
  const live = useLiveUpdates(start)
  // Only where the menu has no room beside the page.
  const [isOpen, setOpen] = useState(false)
  return (
    <LiveContext value={live}>
      <News />
      <Passing />
      <a className="skip" href="#main">
        {t.app.skip}
      </a>
      <header className={classes.header}>
        <button type="button" className={classes.burger} aria-label={t.app.menu} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <CloseIcon /> : <MenuIcon />}
        </button>
        <Mark size={28} />
        <span className={classes.name}>{t.app.name}</span>
        <LiveBadge live={live} />
        <LanguageSwitch />
      </header>
      <nav className={classes.nav} aria-label={t.app.nav.label} data-open={isOpen || undefined}>
        <div className={classes.sections}>
          <Sections onFollow={() => setOpen(false)} />
        </div>
        <Foot />
      </nav>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </LiveContext>
  )
}

/** What FocoBot says on its own, wherever one is looking. */
function News() {
  const t = useT()
  const say = useSay()
  const navigate = useNavigate()
  useLive(({ type, seq, data }) => {
    const { message, text, relinkUrl } = data as { message?: string; text?: string; relinkUrl?: string }
    const words = type === 'device.notice' ? message : type === 'notification' ? text : undefined
    if (!words) return
    say.tell(
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{words}</Text>
        {relinkUrl && (
          <Button size="compact-sm" variant="light" onClick={() => void navigate(new URL(relinkUrl).pathname + new URL(relinkUrl).search)}>
            {t.app.nav.whatsapp}
          </Button>
        )}
      </Stack>,
      { id: String(seq), color: type === 'device.notice' ? 'orange' : 'leaf', autoClose: 15_000 },
    )
  })
  return null
}

function Sections({ onFollow }: { onFollow: () => void }) {
  const t = useT()
  const me = useMe()
  const app = useApp()
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
    .map(([path, label, Icon]) => (
      <NavLink key={path} to={path} end className={classes.section} onClick={onFollow}>
        <Icon />
        {label}
      </NavLink>
    ))
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
      <Choice
        label={t.app.theme.label} value={colorScheme} onChange={setColorScheme}
        choices={[['light', t.app.theme.light], ['dark', t.app.theme.dark], ['auto', t.app.theme.auto]]}
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

const signs = { ok: '●', polling: '↻', stale: '⚠' }

function LiveBadge({ live }: { live: LiveUpdates }) {
  const t = useT()
  const state = useLiveState(live)
  return (
    <span className={classes.live} role="status" data-live={state} title={t.app.live[state]} aria-label={t.app.live[state]}>
      {signs[state]}
    </span>
  )
}
