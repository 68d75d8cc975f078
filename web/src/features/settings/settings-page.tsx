import { Autocomplete, Checkbox, Group, Radio, Stack, Switch, TextInput, Title } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { Listing } from '../../components/listing'
import { useSay } from '../../components/say'
import { Section } from '../../components/section'
import { type Language, languages, useLanguage } from '../../i18n/language'

type Settings = Schemas['AccountSettings']
type Daily = 'digest' | 'summary'

const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: () => ask(api.GET('/api/settings')) })

/** The account's language, clock and daily messages. Each change is saved at once. */
export function SettingsPage() {
  const { t } = useLanguage()
  const asked = useQuery(settingsQuery)
  return (
    <Stack maw={620} gap="xl">
      <Title order={1} size="h2">
        {t.settings.title}
      </Title>
      <Listing asked={asked} isEmpty={() => false} empty="">
        {settings => <Form settings={settings} />}
      </Listing>
    </Stack>
  )
}

function Form({ settings }: { settings: Settings }) {
  const { t, choose } = useLanguage()
  const say = useSay()
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (wanted: Partial<Settings>) => ask(api.PATCH('/api/settings', { body: wanted })),
    // Shown at once; what was refused is read anew.
    onMutate: ({ digest, summary, ...others }) =>
      client.setQueryData(settingsQuery.queryKey, all => all && { ...all, ...others, ...(digest && { digest: { ...all.digest, ...digest } }), ...(summary && { summary: { ...all.summary, ...summary } }) }),
    onSuccess: saved => {
      client.setQueryData(settingsQuery.queryKey, saved)
      say.good(t.app.saved)
    },
    onError: e => {
      say.bad(e)
      void client.invalidateQueries({ queryKey: settingsQuery.queryKey })
    },
  })
  return (
    <>
      <Section title={t.app.language}>
        <Radio.Group
          aria-label={t.app.language} value={settings.language}
          onChange={language => {
            choose(language as Language)
            save.mutate({ language })
          }}
        >
          <Group>
            {Object.entries(languages).map(([value, name]) => (
              <Radio key={value} value={value} label={name} lang={value} />
            ))}
          </Group>
        </Radio.Group>
      </Section>
      <ZoneSection key={settings.timeZone} zone={settings.timeZone ?? ''} onChange={timeZone => save.mutate({ timeZone })} />
      {(['digest', 'summary'] satisfies Daily[]).map(kind => (
        <Section key={kind} title={t.settings[kind]}>
          <Group>
            <Switch
              aria-label={t.settings[kind]} checked={settings[kind]?.enabled ?? false} onChange={event => save.mutate({ [kind]: { enabled: event.currentTarget.checked } })}
            />
            <TextInput
              type="time" aria-label={`${t.settings[kind]}: ${t.settings.at}`} defaultValue={settings[kind]?.time ?? ''} disabled={!settings[kind]?.enabled}
              onBlur={event => event.currentTarget.value && event.currentTarget.value !== settings[kind]?.time && save.mutate({ [kind]: { time: event.currentTarget.value } })}
            />
          </Group>
        </Section>
      ))}
      <Checkbox label={t.settings.llm} description={t.settings.llmHint} checked={settings.llmConsent ?? false} onChange={event => save.mutate({ llmConsent: event.currentTarget.checked })} />
    </>
  )
}

const zones = Intl.supportedValuesOf('timeZone')

function ZoneSection({ zone, onChange }: { zone: string; onChange: (zone: string) => void }) {
  const { t } = useLanguage()
  const [text, setText] = useState(zone)
  return (
    <Section title={t.settings.zone}>
      <Autocomplete
        aria-label={t.settings.zone} data={zones} limit={20} value={text} onChange={setText} onOptionSubmit={chosen => chosen !== zone && onChange(chosen)}
        onBlur={() => (zones.includes(text) && text !== zone ? onChange(text) : setText(zone))}
      />
    </Section>
  )
}
