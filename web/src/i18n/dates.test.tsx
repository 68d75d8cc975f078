// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { useDates } from './dates'
import { LanguageProvider } from './language'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 30, 23, 30), toFake: ['Date'] })
  localStorage.clear()
})

const dates = (language: string) => {
  localStorage.setItem('focobot.language', language)
  return renderHook(useDates, { wrapper: LanguageProvider }).result.current
}

test.each([
  ['es', '2026-11-30', 'hoy'],
  ['es', '2026-12-01', 'mañana'],
  ['es', '2026-11-29', 'ayer'],
  ['en', '2026-12-01', 'tomorrow'],
])('%s: %s is %s, even shortly before midnight', (language, day, called) => {
  expect(dates(language).due(day)).toBe(called)
})

test('a time of day stands beside the day, on the clock it was said on', () => {
  expect(dates('en').due('2026-12-01T15:00').replace(/\s/g, ' ')).toBe('tomorrow, 3:00 PM')
})

test.each([
  ['es', new Date(2026, 10, 30, 9, 5), '9:05 a.m.'],
  ['es', new Date(2026, 10, 29, 23, 30), '29 nov, 11:30 p.m.'],
  ['en', new Date(2026, 10, 29, 23, 30), 'Nov 29, 11:30 PM'],
  ['es', new Date(2025, 10, 30, 9, 5), '30 nov 2025, 9:05 a.m.'],
])('%s: what happened at %s is told as %s', (language, at, told) => {
  expect(dates(language).moment(at.toISOString()).replace(/\s/g, ' ')).toBe(told)
})
