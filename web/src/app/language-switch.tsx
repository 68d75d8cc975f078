import { SegmentedControl } from '@mantine/core'
import { type Language, languages, useLanguage } from '../i18n/language'

export function LanguageSwitch() {
  const { language, choose, t } = useLanguage()
  return (
    <SegmentedControl
      size="xs" aria-label={t.app.language} value={language} onChange={value => choose(value as Language)}
      data={Object.entries(languages).map(([value, name]) => ({ value, label: <span lang={value} title={name}>{value.toUpperCase()}</span> }))}
    />
  )
}
