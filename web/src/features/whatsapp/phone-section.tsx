import { Alert, Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api, ApiError, ask, type Schemas } from '../../api/client'
import { useConfirm } from '../../components/confirm'
import { Copy } from '../../components/copy'
import { useSecondsUntil } from '../../components/countdown'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { Trouble, wordsOf } from '../../components/trouble'
import { useDates } from '../../i18n/dates'
import { useLanguage, useT } from '../../i18n/language'
import classes from './whatsapp.module.css'
import { phoneLinksQuery } from './queries'

type PhoneLink = Schemas['LinkView']

/** The account's phones that write to the business number. */
export function PhoneSection() {
  const t = useT()
  const [code, setCode] = useState<Schemas['LinkAnswer'] | null>(null)
  const { data: links, error, refetch } = useQuery(phoneLinksQuery)
  return (
    <Section title={t.whatsapp.phone.title} text={t.whatsapp.phone.intro}>
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {links?.filter(link => link.verified).map(link => <LinkedPhone key={link.id} link={link} />)}
      {code ? <CodeToSend code={code} links={links ?? []} onEnd={() => setCode(null)} /> : <AskForCode onCode={setCode} />}
    </Section>
  )
}

function LinkedPhone({ link }: { link: PhoneLink }) {
  const t = useT()
  const dates = useDates()
  const say = useSay()
  const confirm = useConfirm()
  const client = useQueryClient()
  const unlink = useMutation({
    mutationFn: () => ask(api.DELETE('/api/integrations/whatsapp/unlink', { params: { query: { id: link.id } }, body: {} as never })),
    onSuccess: () => say.good(t.whatsapp.phone.unlinked),
    onError: say.bad,
    onSettled: () => client.invalidateQueries({ queryKey: phoneLinksQuery.queryKey }),
  })
  const askAndUnlink = async () => {
    if (await confirm(t.whatsapp.phone.unlinkSure, t.whatsapp.phone.unlink)) unlink.mutate()
  }
  return (
    <Card withBorder>
      <Group justify="space-between">
        <div>
          <Text fw={600}>{link.phone}</Text>
          {link.linkedAt && (
            <Text size="sm" c="dimmed">
              {t.whatsapp.phone.linked} {dates.moment(link.linkedAt)}
            </Text>
          )}
        </div>
        <Group gap="xs">
          {link.suspended && (
            <Badge color="orange" variant="light">
              {t.whatsapp.phone.suspended}
            </Badge>
          )}
          <Button size="xs" variant="light" color="red" loading={unlink.isPending} onClick={() => void askAndUnlink()}>
            {t.whatsapp.phone.unlink}
          </Button>
        </Group>
      </Group>
    </Card>
  )
}

function AskForCode({ onCode }: { onCode: (code: Schemas['LinkAnswer']) => void }) {
  const t = useT()
  const client = useQueryClient()
  const [phone, setPhone] = useState('')
  const start = useMutation({
    mutationFn: () => ask(api.POST('/api/integrations/whatsapp/link', { body: { phone, deviceLinking: false } })),
    onSuccess: code => {
      onCode(code)
      void client.invalidateQueries({ queryKey: phoneLinksQuery.queryKey })
    },
  })
  const isNumberWrong = start.error instanceof ApiError && start.error.code === 'INVALID_PHONE'
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    start.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={420} align="flex-start">
        <TextInput
          w="100%" label={t.whatsapp.phone.number} description={t.whatsapp.phone.numberHint} type="tel" autoComplete="tel" required withAsterisk={false} value={phone}
          error={isNumberWrong ? wordsOf(start.error, t) : undefined} onChange={event => setPhone(event.currentTarget.value)}
        />
        {start.error && !isNumberWrong && <Trouble error={start.error} />}
        <Button type="submit" variant="light" loading={start.isPending}>
          {t.whatsapp.phone.start}
        </Button>
      </Stack>
    </form>
  )
}

function CodeToSend({ code, links, onEnd }: { code: Schemas['LinkAnswer']; links: PhoneLink[]; onEnd: () => void }) {
  const { t } = useLanguage()
  const left = useSecondsUntil(code.expiresAt)
  const isLinked = links.some(link => link.verified && link.phone === code.phone)
  if (isLinked)
    return (
      <Alert color="leaf" role="status" title={t.whatsapp.phone.linked} withCloseButton closeButtonLabel={t.app.close} onClose={onEnd}>
        {code.phone}
      </Alert>
    )
  return (
    <Card withBorder>
      <Stack align="flex-start">
        <Text>{t.whatsapp.phone.send(code.code ?? '')}</Text>
        <Text className={classes.letters} aria-label={code.code?.split('').join(' ')} role="img">
          {code.code}
        </Text>
        <Text size="sm" c="dimmed" role="timer">
          {left > 0 ? `${t.whatsapp.phone.expires} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : t.whatsapp.phone.expired}
        </Text>
        <Group>
          {code.waLink && (
            <Button component="a" href={code.waLink} target="_blank" rel="noreferrer">
              {t.whatsapp.phone.open}
            </Button>
          )}
          {code.code && <Copy value={code.code} />}
          <Button variant="default" size="xs" onClick={onEnd}>
            {t.app.cancel}
          </Button>
        </Group>
        <Text size="sm" role="status">
          {t.whatsapp.phone.waiting}
        </Text>
      </Stack>
    </Card>
  )
}
