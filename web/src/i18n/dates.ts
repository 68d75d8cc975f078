import { type Language, useLanguage } from './language'

const day = 86_400_000

/** As the reader's own country writes them, if that speaks the language; else as the assistant does. */
const regional = (language: Language) => navigator.languages.find(one => one.startsWith(`${language}-`)) ?? { es: 'es-MX', en: 'en-US' }[language]

// Formats are dear to make: once a language, not once a line of a list,
const made = new Map<Language, ReturnType<typeof make>>()

/** Dates and times in the reader's language. */
export function useDates() {
  const { language } = useLanguage()
  const dates = made.get(language) ?? make(language)
  made.set(language, dates)
  return dates
}

/** and only when the first date is written with them. */
function later<T>(first: () => T): () => T {
  let it: T | undefined
  return () => (it ??= first())
}

function make(language: Language) {
  const locale = regional(language)
  const format = (options: Intl.DateTimeFormatOptions) => later(() => new Intl.DateTimeFormat(locale, options))
  const short = format({ weekday: 'short', day: 'numeric', month: 'short' })
  const dayAndMonth = format({ day: 'numeric', month: 'short' })
  const full = format({ day: 'numeric', month: 'short', year: 'numeric' })
  const clock = format({ hour: 'numeric', minute: '2-digit' })
  const relative = later(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

  /** A calendar day (`YYYY-MM-DD`, on whatever clock), as people call it today. */
  function dayOf(date: string, now = new Date()): string {
    const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number)
    const that = Date.UTC(year, month - 1, dayOfMonth)
    const away = Math.round((that - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / day)
    if (Math.abs(away) <= 1) return relative().format(away, 'day')
    const local = new Date(year, month - 1, dayOfMonth)
    return Math.abs(away) < 300 ? short().format(local) : full().format(local)
  }

  /** What the API calls due: a day, or a day and a time on the task's clock. */
  function due(text: string): string {
    const [date = '', time] = text.split('T')
    if (!time) return dayOf(date)
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return `${dayOf(date)}, ${clock().format(new Date(2000, 0, 1, hour, minute))}`
  }

  /** When something happened: no more of the day than is needed to know it. */
  function moment(at: string, now = new Date()): string {
    const that = new Date(at)
    const time = clock().format(that)
    if (that.toDateString() === now.toDateString()) return time
    return `${that.getFullYear() === now.getFullYear() ? dayAndMonth().format(that) : full().format(that)}, ${time}`
  }

  return { due, moment }
}
