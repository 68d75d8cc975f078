export type Repeat = 'never' | 'daily' | 'weekdays' | 'weekly' | 'monthly' | 'yearly' | 'other'

/** The rules that can be chosen here; the server knows many more (RFC 5545). */
export const rules: Record<Exclude<Repeat, 'never' | 'other'>, string> = {
  daily: 'FREQ=DAILY',
  weekdays: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  weekly: 'FREQ=WEEKLY',
  monthly: 'FREQ=MONTHLY',
  yearly: 'FREQ=YEARLY',
}

/** What a rule is called; one on given days is called by how often it comes. */
export function repeatOf(rule: string | null | undefined): Repeat {
  if (!rule) return 'never'
  const parts = new Map(rule.replace(/^RRULE:/, '').split(';').map(part => part.split('=', 2) as [string, string]))
  if (parts.has('INTERVAL') && parts.get('INTERVAL') !== '1') return 'other'
  const days = parts.get('BYDAY')?.split(',') ?? []
  switch (parts.get('FREQ')) {
    case 'DAILY':
      return 'daily'
    case 'WEEKLY':
      return days.length === 5 && !days.includes('SA') && !days.includes('SU') ? 'weekdays' : days.length > 1 ? 'other' : 'weekly'
    case 'MONTHLY':
      return 'monthly'
    case 'YEARLY':
      return 'yearly'
    default:
      return 'other'
  }
}
