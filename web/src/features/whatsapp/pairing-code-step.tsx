import { Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { Copy } from '../../components/copy'
import { useSecondsUntil } from '../../components/countdown'
import { useT } from '../../i18n/language'
import classes from './whatsapp.module.css'
import { CodeDrawing, DevicesDrawing, MenuDrawing } from './step-drawings'

interface Props {
  pairingCode: string
  phoneNumber: string | null
  expiresAt: string
  onRefresh: () => void
  isRefreshing: boolean
}

export function PairingCodeStep(props: Props) {
  return (
    <Stack>
      <PairingCodeDisplay {...props} />
      <PairingInstructions />
    </Stack>
  )
}

function PairingCodeDisplay({ pairingCode, phoneNumber, expiresAt, onRefresh, isRefreshing }: Props) {
  const t = useT()
  const left = useSecondsUntil(expiresAt)
  return (
    <Stack align="center" gap="sm">
      {phoneNumber && <Text size="sm">{phoneNumber}</Text>}
      {/* Letter by letter for those who hear it. */}
      <Text className={classes.letters} role="img" aria-label={t.whatsapp.linking.codeLabel(pairingCode.split('').join(' '))} data-testid="pairing-code">
        {pairingCode}
      </Text>
      <Text size="sm" c="dimmed" role="timer">
        {left > 0 ? t.whatsapp.linking.expiresIn(left) : t.errors.codes['PAIRING_CODE_EXPIRED']}
      </Text>
      <Group>
        <Copy value={pairingCode} />
        <Button variant="default" size="xs" onClick={onRefresh} loading={isRefreshing}>
          {t.whatsapp.linking.newCode}
        </Button>
      </Group>
    </Stack>
  )
}

const drawings = (isBelow: boolean) => [<MenuDrawing key="menu" isBelow={isBelow} />, <DevicesDrawing key="devices" />, <CodeDrawing key="code" />]

function PairingInstructions() {
  const t = useT()
  const { android, ios } = t.whatsapp.linking.codeSteps
  return (
    <Tabs defaultValue={/iPhone|iPad/.test(navigator.userAgent) ? 'ios' : 'android'}>
      <Tabs.List>
        <Tabs.Tab value="android">Android</Tabs.Tab>
        <Tabs.Tab value="ios">iPhone</Tabs.Tab>
      </Tabs.List>
      {Object.entries({ android, ios }).map(([kind, steps]) => (
        <Tabs.Panel key={kind} value={kind} pt="sm">
          <Stack component="ol" gap="sm" className={classes.steps}>
            {steps.map((step, i) => (
              <li key={step} className={classes.step}>
                {drawings(kind === 'ios')[i]}
                <Text size="sm">
                  {i + 1}. {step}
                </Text>
              </li>
            ))}
          </Stack>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
