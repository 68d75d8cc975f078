import { Button, Center, Group, List, Progress, Stack, Text, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Copy } from '../../components/copy'
import { useSecondsUntil } from '../../components/countdown'
import { Mark } from '../../components/icons'
import { useT } from '../../i18n/language'
import classes from './whatsapp.module.css'

const lifetime = 60
/** So long before its end a code is asked for anew. */
const early = 10

interface Props {
  qrCode: string
  qrCodeData: string
  expiresAt: string
  onRefresh: () => void
  onCancel: () => void
}

export function QRCodeStep(props: Props) {
  return (
    <Stack>
      <QRCodeDisplay {...props} />
      <QRCodeInstructions />
    </Stack>
  )
}

function QRCodeDisplay({ qrCode, qrCodeData, expiresAt, onRefresh, onCancel }: Props) {
  const t = useT()
  const [width, setWidth] = useState(330)
  const left = useSecondsUntil(expiresAt)
  const phase = left === 0 ? 'over' : left <= early ? 'ending' : 'good'
  useEffect(() => {
    if (phase !== 'good') onRefresh()
    // Twice a code at most, whatever becomes of the callback.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [phase, qrCodeData])

  return (
    <Stack align="center" gap="sm">
      <div className={classes.code}>
        <img
          src={qrCode} alt={t.whatsapp.linking.qrAlt} className={classes.picture} width={width} data-testid="qr-code"
          // Half as large as it is: each of its squares stays a whole number of pixels.
          onLoad={event => setWidth(event.currentTarget.naturalWidth / 2)}
        />
        {/* The codes carry so much redundancy that a logo may lie on them. */}
        <Center className={classes.logo} aria-hidden="true">
          <Mark size={28} />
        </Center>
      </div>
      <Progress w={240} size="sm" value={Math.min(100, (left / lifetime) * 100)} aria-label={t.whatsapp.linking.expiresIn(left)} color={phase === 'good' ? 'leaf' : 'orange'} />
      <Text size="sm" c="dimmed" role="timer">
        {t.whatsapp.linking.expiresIn(left)}
      </Text>
      <Group>
        <Copy value={qrCodeData} />
        <Button variant="default" size="xs" onClick={onCancel}>
          {t.app.cancel}
        </Button>
      </Group>
      <details className={classes.raw}>
        <summary>{t.whatsapp.linking.raw}</summary>
        <Textarea aria-label={t.whatsapp.linking.raw} value={qrCodeData} readOnly autosize maxRows={5} onFocus={event => event.currentTarget.select()} />
      </details>
    </Stack>
  )
}

function QRCodeInstructions() {
  const t = useT()
  return (
    <List type="ordered" size="sm" spacing={4}>
      {t.whatsapp.linking.qrSteps.map(step => (
        <List.Item key={step}>{step}</List.Item>
      ))}
    </List>
  )
}
