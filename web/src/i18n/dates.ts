import { useMemo } from 'react'
import { useLanguage } from './language'

const day = 86_400_000

/** Dates and times in the reader's language. */
export function useDates() {
  const { language } = useLanguage()
  return useMemo(() => {
    const short = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short' })
    const full = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' })
    const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' })
    const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

    /** A calendar day (`YYYY-MM-DD`, on whatever clock), as people call it today. */
    function dayOf(date: string, now = new Date()): string {
      const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number)
      const that = Date.UTC(year, month - 1, dayOfMonth)
      const away = Math.round((that - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / day)
      if (Math.abs(away) <= 1) return relative.format(away, 'day')
      const local = new Date(year, month - 1, dayOfMonth)
      return Math.abs(away) < 300 ? short.format(local) : full.format(local)
    }

    /** What the API calls due: a day, or a day and a time on the task's clock. */
    function due(text: string): string {
      const [date = '', time] = text.split('T')
      if (!time) return dayOf(date)
      const [hour = 0, minute = 0] = time.split(':').map(Number)
      return `${dayOf(date)}, ${clock.format(new Date(2000, 0, 1, hour, minute))}`
    }

    return { dayOf, due, time: (at: string) => clock.format(new Date(at)), moment: (at: string) => moment.format(new Date(at)) }
  }, [language])
}
