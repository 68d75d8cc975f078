import { Alert, Badge, Button, Card, Checkbox, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import { type Device, deviceStatusQuery, nameOf } from '../../api/devices'
import { PlusIcon } from '../../components/icons'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { Trouble } from '../../components/trouble'
import { useConfirm } from '../../components/confirm'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'
import { DeviceLinkingModal } from './device-linking-modal'
import classes from './whatsapp.module.css'
import { type Attempt, underWayQuery, type WhatsAppDevice } from './queries'

const isLoggedOut = (device: Device) => device.status === 'revoked' || device.status === 'expired'

/** The account's linked devices, and how one comes to be. */
export function WhatsAppDeviceSection({ wa }: { wa: WhatsAppDevice }) {
  const t = useT()
  const [search, setSearch] = useSearchParams()
  const [isOpen, setOpen] = useState(false)
  const [relinkId, setRelinkId] = useState<string | null>(null)
  // Notices lead here with the device that has to be linked again.
  const wished = search.get('relink')
  const relink = wa.devices?.find(device => device.id === (relinkId ?? wished) && isLoggedOut(device)) ?? null
  const begin = (device: Device | null) => {
    setRelinkId(device?.id ?? null)
    setOpen(true)
  }
  const close = () => {
    setOpen(false)
    setRelinkId(null)
    if (wished) setSearch({}, { replace: true })
  }
  return (
    <Section title={t.whatsapp.devices.title} text={t.whatsapp.devices.intro} action={<AddDeviceButton onClick={() => begin(null)} />}>
      {wa.error && <Trouble error={wa.error} />}
      {!isOpen && wa.activeLinkingAttempt === null && (
        <UnderWay
          onResume={attempt => {
            wa.resumeLinking(attempt)
            setOpen(true)
          }}
        />
      )}
      {wa.devices?.length === 0 && <Text c="dimmed">{t.whatsapp.devices.none}</Text>}
      <DeviceManagementPanel wa={wa} onRelink={begin} />
      <DeviceLinkingModal wa={wa} isOpen={isOpen || (relink !== null && relinkId === null)} relink={relink} onClose={close} />
    </Section>
  )
}

/** Linking goes on when the page is left; here it is found again. */
function UnderWay({ onResume }: { onResume: (attempt: Attempt) => void }) {
  const t = useT()
  const { data } = useQuery(underWayQuery)
  const attempt = data?.[0]
  if (!attempt) return null
  return (
    <Alert color="leaf" variant="light">
      <Group justify="space-between">
        <Text size="sm">{t.whatsapp.linking.underWay}</Text>
        <Button size="xs" variant="light" onClick={() => onResume(attempt)}>
          {t.whatsapp.linking.next}
        </Button>
      </Group>
    </Alert>
  )
}

function AddDeviceButton({ onClick }: { onClick: () => void }) {
  const t = useT()
  return (
    <Button leftSection={<PlusIcon />} onClick={onClick}>
      {t.whatsapp.devices.add}
    </Button>
  )
}

function DeviceManagementPanel({ wa, onRelink }: { wa: WhatsAppDevice; onRelink: (device: Device) => void }) {
  return wa.devices?.map(device => <DeviceStatusCard key={device.id} device={device} wa={wa} onRelink={() => onRelink(device)} />)
}

function DeviceStatusCard({ device, wa, onRelink }: { device: Device; wa: WhatsAppDevice; onRelink: () => void }) {
  const t = useT()
  const dates = useDates()
  const { data: status } = useQuery(deviceStatusQuery(device.id))
  const health = isLoggedOut(device) ? device.status : (status?.health ?? 'connecting')
  const color = { healthy: 'leaf', connecting: 'yellow', phone_away: 'orange' }[health] ?? 'red'
  return (
    <Card withBorder component="article" aria-label={nameOf(device, t.whatsapp.devices.unnamed)}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Text fw={600}>{nameOf(device, t.whatsapp.devices.unnamed)}</Text>
            <Text size="sm" c="dimmed">
              {[device.phoneNumber, device.pushName].filter(Boolean).join(' · ')}
            </Text>
          </div>
          <Badge color={color} variant="light" data-health={health}>
            {t.whatsapp.health[health] ?? health}
          </Badge>
        </Group>
        {/* The cause in the server's words, where there is one. */}
        {status && health !== 'healthy' && !isLoggedOut(device) && status.reason && (
          <Text size="sm" c="dimmed">
            {status.reason}
          </Text>
        )}
        <Group gap="xs" className={classes.facts}>
          {device.linkedAt && <Fact name={t.whatsapp.devices.linkedAt} value={dates.moment(device.linkedAt)} />}
          {device.lastConnectedAt && <Fact name={t.whatsapp.devices.lastSeen} value={dates.moment(device.lastConnectedAt)} />}
          {device.expiresAt && !isLoggedOut(device) && <Fact name={t.whatsapp.devices.phoneUntil} value={dates.moment(device.expiresAt)} />}
          {status?.newChats && <Fact name={t.whatsapp.devices.newChats} value={t.whatsapp.devices.newChatsUsed(Number(status.newChats.usedToday), Number(status.newChats.limit))} />}
        </Group>
        {!isLoggedOut(device) && <ConsentChoices device={device} wa={wa} />}
        <DeviceActions device={device} wa={wa} onRelink={onRelink} />
      </Stack>
    </Card>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm">{value}</Text>
    </div>
  )
}

function ConsentChoices({ device, wa }: { device: Device; wa: WhatsAppDevice }) {
  const t = useT()
  const say = useSay()
  const choose = (consent: { chats?: string; assistant?: boolean }) =>
    wa.changeDevice.mutate({ id: device.id, consent: { chats: null, assistant: null, ...consent } }, { onSuccess: () => say.good(t.app.saved), onError: say.bad })
  return (
    <Stack gap="xs">
      <Radio.Group label={t.whatsapp.consent.title} value={device.consent.chats} onChange={chats => choose({ chats })}>
        <Stack gap={6} mt={6}>
          <Radio value="own" label={t.whatsapp.consent.own} />
          <Radio value="all" label={t.whatsapp.consent.all} />
        </Stack>
      </Radio.Group>
      <Checkbox
        label={t.whatsapp.consent.assistant} description={t.whatsapp.consent.assistantHint} checked={device.consent.assistant ?? false}
        onChange={event => choose({ assistant: event.currentTarget.checked })}
      />
    </Stack>
  )
}

function DeviceActions({ device, wa, onRelink }: { device: Device; wa: WhatsAppDevice; onRelink: () => void }) {
  const t = useT()
  const say = useSay()
  const confirm = useConfirm()
  const [isRenaming, setRenaming] = useState(false)
  const name = nameOf(device, t.whatsapp.devices.unnamed)
  const unlink = async () => {
    if (await confirm(t.whatsapp.devices.unlinkSure(name), t.whatsapp.devices.unlink))
      wa.unlinkDevice.mutate(device.id, { onSuccess: () => say.good(t.whatsapp.devices.unlinked), onError: say.bad })
  }
  return (
    <Group gap="xs">
      {isLoggedOut(device) ? (
        <Button size="xs" onClick={onRelink}>
          {t.whatsapp.devices.relink}
        </Button>
      ) : (
        <Button size="xs" variant="default" loading={wa.refreshDevice.isPending} onClick={() => wa.refreshDevice.mutate(device.id, { onError: say.bad })}>
          {t.whatsapp.devices.refresh}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setRenaming(true)}>
        {t.whatsapp.devices.rename}
      </Button>
      <Button size="xs" variant="light" color="red" loading={wa.unlinkDevice.isPending} onClick={() => void unlink()}>
        {t.whatsapp.devices.unlink}
      </Button>
      {isRenaming && <RenameModal device={device} wa={wa} onClose={() => setRenaming(false)} />}
    </Group>
  )
}

function RenameModal({ device, wa, onClose }: { device: Device; wa: WhatsAppDevice; onClose: () => void }) {
  const t = useT()
  const [deviceName, setName] = useState(device.deviceName)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    wa.changeDevice.mutate({ id: device.id, deviceName }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={t.whatsapp.devices.rename} closeButtonProps={{ 'aria-label': t.app.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t.whatsapp.devices.name} value={deviceName} required withAsterisk={false} maxLength={100} data-autofocus onChange={event => setName(event.currentTarget.value)} />
          {wa.changeDevice.error && <Alert color="red">{wa.changeDevice.error.message}</Alert>}
          <Button type="submit" loading={wa.changeDevice.isPending}>
            {t.app.save}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
