import { expect, test } from 'vitest'
import { repeatOf, rules } from './repeat'

test.each(Object.entries(rules))('the rule that is chosen as %s is shown as that', (name, rule) => {
  expect(repeatOf(rule)).toBe(name)
})

test.each([
  [null, 'never'],
  ['FREQ=MONTHLY;BYMONTHDAY=1', 'monthly'],
  ['FREQ=WEEKLY;BYDAY=TU', 'weekly'],
  ['FREQ=WEEKLY;BYDAY=TU,TH', 'other'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,SU', 'other'],
  ['FREQ=DAILY;INTERVAL=2', 'other'],
  ['FREQ=HOURLY', 'other'],
])('%s is %s', (rule, name) => {
  expect(repeatOf(rule)).toBe(name)
})
