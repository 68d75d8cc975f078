import { Choice } from '../components/choice'
import { type Language, languages, useLanguage } from '../i18n/language'

const choices = (Object.entries(languages) as [Language, string][]).map(
  ([value, name]) =>
    [
      value,
      <span key={value} lang={value} title={name}>
        {value.toUpperCase()}
      </span>,
    ] as const,
)

export function LanguageSwitch() {
  const { language, choose, t } = useLanguage()
  return <Choice label={t.app.language} value={language} choices={choices} onChange={choose} />
}
