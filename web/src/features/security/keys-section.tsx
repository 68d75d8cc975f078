import { Alert, Button, Card, Checkbox, Code, Group, Modal, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { api, ask } from '../../api/client'
import { useConfirm } from '../../components/confirm'
import { Copy } from '../../components/copy'
import { PlusIcon } from '../../components/icons'
import { Listing } from '../../components/listing'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { Trouble } from '../../components/trouble'
import { useDates } from '../../i18n/dates'
import { useT } from '../../i18n/language'

const keysQuery = queryOptions({ queryKey: ['keys'], queryFn: async () => (await ask(api.GET('/api/keys'))).items })

const scopes = ['tasks:read', 'tasks:write', 'chat', 'events:read', 'links', 'devices:read', 'devices:write', 'messages:read', 'messages:send', 'account:read', 'account:write']

/** What lets programs act for the account, each with as little as it needs. */
export function KeysSection() {
  const t = useT()
  const say = useSay()
  const dates = useDates()
  const confirm = useConfirm()
  const client = useQueryClient()
  const keys = useQuery(keysQuery)
  const [isAdding, setAdding] = useState(false)
  const revoke = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/keys/{id}', { params: { path: { id } } })),
    onSuccess: () => say.good(t.security.keys.revoked),
    onError: say.bad,
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  const askAndRevoke = async (id: string, name: string) => {
    if (await confirm(`${t.security.keys.revoke}: ${name}?`, t.security.keys.revoke)) revoke.mutate(id)
  }
  return (
    <Section
      title={t.security.keys.title}
      action={
        <Button size="xs" variant="light" leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
          {t.security.keys.add}
        </Button>
      }
    >
      <Listing asked={keys} isEmpty={data => data.length === 0} empty={t.security.keys.none}>
        {data => (
          <Stack gap="xs">
            {data.map(key => (
              <Card key={key.id} withBorder padding="sm">
                <Group justify="space-between">
                  <div>
                    <Text size="sm" fw={600}>
                      {key.name} <Code>{key.prefix}…</Code>
                    </Text>
                    <Text size="xs" c="dimmed">
                      {key.scopes.join(', ')} · {t.security.keys.lastUsed}: {key.lastUsedAt ? dates.moment(key.lastUsedAt) : t.security.keys.never}
                    </Text>
                  </div>
                  <Button size="compact-sm" variant="light" color="red" onClick={() => void askAndRevoke(key.id, key.name)}>
                    {t.security.keys.revoke}
                  </Button>
                </Group>
              </Card>
            ))}
          </Stack>
        )}
      </Listing>
      {isAdding && <NewKey onClose={() => setAdding(false)} />}
    </Section>
  )
}

function NewKey({ onClose }: { onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>(['tasks:read'])
  const [days, setDays] = useState<number | string>(90)
  const make = useMutation({
    mutationFn: () => ask(api.POST('/api/keys', { body: { name, scopes: chosen, expiresInDays: Number(days) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={t.security.keys.add} closeButtonProps={{ 'aria-label': t.app.close }}>
      {make.data ? (
        <Stack>
          <Alert color="yellow">{t.security.keys.made}</Alert>
          <Code block tabIndex={0}>{make.data.key}</Code>
          <Group>
            <Copy value={make.data.key} />
            <Button onClick={onClose}>{t.app.close}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput label={t.security.keys.name} value={name} required withAsterisk={false} data-autofocus onChange={event => setName(event.currentTarget.value)} />
            <Checkbox.Group label={t.security.keys.scopes} value={chosen} onChange={setChosen}>
              <SimpleGrid cols={2} mt="xs" spacing="xs">
                {scopes.map(scope => (
                  <Checkbox key={scope} size="md" value={scope} label={scope} />
                ))}
              </SimpleGrid>
            </Checkbox.Group>
            <NumberInput label={t.security.keys.days} value={days} min={1} max={365} hideControls onChange={setDays} />
            {make.error && <Trouble error={make.error} />}
            <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>
              {t.security.keys.add}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
