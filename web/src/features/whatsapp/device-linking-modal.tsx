import { Alert, Button, Checkbox, Code, Group, Loader, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useApp } from '../../api/app'
import { api, ApiError, ask } from '../../api/client'
import type { Device } from '../../api/devices'
import { Copy } from '../../components/copy'
import { useSay } from '../../components/say'
import { Trouble, wordsOf } from '../../components/trouble'
import { VirtualPhoneLink } from '../../components/virtual-phone-link'
import { useT } from '../../i18n/language'
import classes from './whatsapp.module.css'
import { PairingCodeStep } from './pairing-code-step'
import { QRCodeStep } from './qr-code-step'
import { type Attempt, attemptQuery, type AttemptStatus, type Code as ShownCode, codeQuery, hasEnded, type Method, type WhatsAppDevice } from './queries'

interface Props {
  wa: WhatsAppDevice
  isOpen: boolean
  /** One that was logged out and is to be linked again. */
  relink: Device | null
  onClose: () => void
}

/** The dialog that takes a person from the choice of a method to a linked device. */
export function DeviceLinkingModal({ wa, isOpen, relink, onClose }: Props) {
  const t = useT()
  const say = useSay()
  const client = useQueryClient()
  const isNarrow = useMediaQuery('(max-width: 36em)')
  const attempt = wa.activeLinkingAttempt
  const close = () => {
    if (attempt && !hasEnded(client.getQueryData(attemptQuery(attempt.attemptId).queryKey)?.status)) {
      wa.cancelLinking()
      say.good(t.whatsapp.linking.cancelled)
    }
    wa.endLinking()
    onClose()
  }
  const finish = () => {
    wa.endLinking()
    onClose()
  }
  return (
    <Modal opened={isOpen} onClose={close} title={t.whatsapp.linking.title} closeOnClickOutside={false} fullScreen={isNarrow} closeButtonProps={{ 'aria-label': t.app.close }}>
      {attempt ? (
        <WhatsAppDeviceLinker key={attempt.attemptId} attempt={attempt} wa={wa} onCancel={close} onFinish={finish} onAgain={wa.endLinking} />
      ) : (
        <LinkingMethodSelector wa={wa} relink={relink} onCancel={close} />
      )}
    </Modal>
  )
}

function LinkingMethodSelector({ wa, relink, onCancel }: { wa: WhatsAppDevice; relink: Device | null; onCancel: () => void }) {
  const t = useT()
  const app = useApp()
  const [method, setMethod] = useState<Method>('qr_code')
  const [phoneNumber, setPhoneNumber] = useState(relink?.phoneNumber ?? '')
  const [isSandbox, setSandbox] = useState(app.sandbox)
  const [hasUnderstood, setUnderstood] = useState(false)
  const { error, isPending } = wa.startLinking
  const isNumberWrong = error instanceof ApiError && error.code === 'INVALID_PHONE'

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    wa.startLinking.mutate({ method, phoneNumber: method === 'pairing_code' ? phoneNumber : null, network: relink ? null : isSandbox ? 'sandbox' : 'live', deviceId: relink?.id ?? null })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <LinkingProgress active={0} />
        <Radio.Group label={t.whatsapp.linking.method} value={method} onChange={value => setMethod(value as Method)}>
          <Stack gap="xs" mt="xs">
            <Radio value="qr_code" label={t.whatsapp.linking.qr} description={t.whatsapp.linking.qrHint} />
            <Radio value="pairing_code" label={t.whatsapp.linking.code} description={t.whatsapp.linking.codeHint} />
          </Stack>
        </Radio.Group>
        {method === 'pairing_code' && (
          <TextInput
            label={t.whatsapp.linking.number} description={t.whatsapp.linking.numberHint} type="tel" autoComplete="tel" required withAsterisk={false} value={phoneNumber}
            error={isNumberWrong ? wordsOf(error, t) : undefined} onChange={event => setPhoneNumber(event.currentTarget.value)}
          />
        )}
        {app.sandbox && !relink && <Checkbox label={t.whatsapp.linking.sandbox} checked={isSandbox} onChange={event => setSandbox(event.currentTarget.checked)} />}
        {/* Said once, before the first device. */}
        {wa.devices?.length === 0 && (
          <Alert color="yellow" variant="light" title={t.whatsapp.risk.title}>
            <Stack gap="sm">
              <Text size="sm">{t.whatsapp.risk.text}</Text>
              <Checkbox label={t.whatsapp.risk.accept} checked={hasUnderstood} onChange={event => setUnderstood(event.currentTarget.checked)} />
            </Stack>
          </Alert>
        )}
        {error && !isNumberWrong && <Trouble error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t.app.cancel}
          </Button>
          <Button type="submit" loading={isPending} disabled={wa.devices?.length === 0 && !hasUnderstood}>
            {t.whatsapp.linking.next}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface LinkerProps {
  attempt: Attempt
  wa: WhatsAppDevice
  onCancel: () => void
  onFinish: () => void
  onAgain: () => void
}

function WhatsAppDeviceLinker({ attempt, wa, onCancel, onFinish, onAgain }: LinkerProps) {
  const t = useT()
  const app = useApp()
  const client = useQueryClient()
  const { data: status } = useQuery(attemptQuery(attempt.attemptId))
  const isOver = hasEnded(status?.status)
  const { data: code } = useQuery({ ...codeQuery(attempt.deviceId), enabled: !isOver })
  useProgressToasts(status, code)

  // What came with the answer is shown until the first look, so that there is no blink.
  const shown: ShownCode | null = code === undefined ? { qrCode: attempt.qrCode ?? null, qrCodeData: attempt.qrCodeData ?? null, pairingCode: attempt.pairingCode ?? null, passkeyOptions: null, passkeyCode: null, expiresAt: attempt.expiresAt } : code
  // The next of the codes that WhatsApp gave in advance; a new generation only when none is left.
  const renew = async () => {
    const next = await client.fetchQuery({ ...codeQuery(attempt.deviceId), staleTime: 0 })
    if (next === null && !wa.renewCode.isPending) wa.renewCode.mutate(attempt)
  }

  if (status?.status === 'success')
    return (
      <Stack>
        <LinkingProgress active={4} />
        <Alert color="leaf" role="status" title={t.whatsapp.linking.success}>
          {status.device?.phoneNumber && t.whatsapp.linking.successFor(status.device.phoneNumber)}
        </Alert>
        <Button onClick={onFinish} data-autofocus>
          {t.whatsapp.linking.finish}
        </Button>
      </Stack>
    )
  if (isOver || wa.renewCode.error) {
    const cause = status?.error ? new ApiError(0, { code: status.error.code, detail: status.error.message }) : wa.renewCode.error
    return <ErrorDisplay error={cause} onRetry={onAgain} />
  }
  if (shown?.passkeyOptions || shown?.passkeyCode)
    return (
      <Stack>
        <LinkingProgress active={2} />
        <PasskeyStep attempt={attempt} code={shown} />
        {app.sandbox && <VirtualPhoneLink />}
      </Stack>
    )
  if (status?.status === 'scanned' || status?.status === 'pairing')
    return (
      <Stack>
        <LinkingProgress active={status.status === 'pairing' ? 3 : 2} />
        <Waiting text={status.status === 'pairing' ? t.whatsapp.linking.syncing : t.whatsapp.linking.scanned} />
      </Stack>
    )
  return (
    <Stack>
      <LinkingProgress active={1} />
      {shown?.qrCode && shown.qrCodeData ? (
        <QRCodeStep qrCode={shown.qrCode} qrCodeData={shown.qrCodeData} expiresAt={shown.expiresAt} onRefresh={() => void renew()} onCancel={onCancel} />
      ) : shown?.pairingCode ? (
        <PairingCodeStep
          pairingCode={shown.pairingCode} phoneNumber={status?.device?.phoneNumber ?? null} expiresAt={shown.expiresAt} isRefreshing={wa.renewCode.isPending} onRefresh={() => wa.renewCode.mutate(attempt)}
        />
      ) : (
        <Waiting text={t.app.loading} />
      )}
      {app.sandbox && <VirtualPhoneLink />}
    </Stack>
  )
}

function PasskeyStep({ attempt, code }: { attempt: Attempt; code: ShownCode }) {
  const t = useT()
  const [pasted, setPasted] = useState('')
  const answer = useMutation({
    mutationFn: (body: { credentialId: string | null; assertion: unknown; confirm: boolean | null }) =>
      ask(api.POST('/api/integrations/whatsapp/device/link/{attemptId}/passkey', { params: { path: { attemptId: attempt.attemptId } }, body })),
  })
  if (code.passkeyCode)
    return (
      <Stack align="center">
        <Text>{t.whatsapp.linking.passkey.compare}</Text>
        <Text ff="monospace" fz="h1" fw={700}>
          {code.passkeyCode}
        </Text>
        {answer.error && <Trouble error={answer.error} />}
        <Group>
          <Button loading={answer.isPending} onClick={() => answer.mutate({ credentialId: null, assertion: null, confirm: true })}>
            {t.whatsapp.linking.passkey.same}
          </Button>
          <Button variant="default" onClick={() => answer.mutate({ credentialId: null, assertion: null, confirm: false })}>
            {t.whatsapp.linking.passkey.different}
          </Button>
        </Group>
      </Stack>
    )

  const options = JSON.stringify(code.passkeyOptions)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const assertion = parsed(pasted)
    if (assertion) answer.mutate({ credentialId: assertion.id, assertion, confirm: null })
  }
  // A passkey signs for its own site only, which is WhatsApp's: no page of ours can ask it.
  return (
    <form onSubmit={submit}>
      <Stack>
        <Alert color="yellow" variant="light" title={t.whatsapp.linking.passkey.title}>
          {t.whatsapp.linking.passkey.text}
        </Alert>
        <Text size="sm">{t.whatsapp.linking.passkey.how}</Text>
        <Code block tabIndex={0}>{`JSON.stringify(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${options}) }))`}</Code>
        <Copy value={`JSON.stringify(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${options}) }))`} />
        <Textarea
          label={t.whatsapp.linking.passkey.answer} value={pasted} required withAsterisk={false} autosize minRows={2} maxRows={5} error={pasted && !parsed(pasted) ? t.whatsapp.linking.passkey.unreadable : undefined}
          onChange={event => setPasted(event.currentTarget.value)}
        />
        {answer.error && <Trouble error={answer.error} />}
        <Button type="submit" loading={answer.isPending}>
          {t.whatsapp.linking.next}
        </Button>
      </Stack>
    </form>
  )
}

function parsed(text: string): { id: string } | null {
  try {
    // Consoles show texts in quotes.
    const read: unknown = JSON.parse(text.trim().replace(/^'(.*)'$/s, '$1'))
    return typeof read === 'object' && read !== null && 'id' in read && typeof read.id === 'string' ? (read as { id: string }) : null
  } catch {
    return null
  }
}

function LinkingProgress({ active }: { active: number }) {
  const { steps } = useT().whatsapp.linking
  return (
    <ol className={classes.progress}>
      {Object.values(steps).map((step, i) => (
        <li key={step} className={classes.stage} data-state={i < active ? 'done' : i === active ? 'now' : 'next'} aria-current={i === active ? 'step' : undefined}>
          {step}
        </li>
      ))}
    </ol>
  )
}

function ErrorDisplay({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT()
  return (
    <Alert color="red" role="alert" title={t.whatsapp.linking.failed}>
      <Stack align="flex-start">
        <Text size="sm">{wordsOf(error, t)}</Text>
        <Button variant="default" onClick={onRetry}>
          {t.whatsapp.linking.again}
        </Button>
      </Stack>
    </Alert>
  )
}

function Waiting({ text }: { text: string }) {
  return (
    <Stack align="center" py="lg" role="status">
      <Loader aria-hidden="true" />
      <Text>{text}</Text>
    </Stack>
  )
}

/** A word in passing for each step that is reached. */
function useProgressToasts(status: AttemptStatus | undefined, code: ShownCode | null | undefined) {
  const t = useT()
  const say = useSay()
  const step = status?.status === 'success' ? 'linked' : code?.passkeyOptions ? 'passkey' : status?.status === 'scanned' || status?.status === 'pairing' ? 'scanned' : code ? 'code' : null
  const said = useRef<string | null>(null)
  useEffect(() => {
    if (step === null || step === said.current) return
    said.current = step
    say.good(t.whatsapp.linking.toasts[step])
  }, [step, say, t])
}
