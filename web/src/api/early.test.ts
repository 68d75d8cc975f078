// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askEarly, fetchEarly } from './early'

const url = (path: string) => new URL(path, location.origin).href
let status = 200
const server = vi.fn(async () => new Response('{}', { status }))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', server)
  server.mockClear()
  status = 200
})
afterEach(() => {
  vi.runAllTimers()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('what was asked early is not asked again, but only once', async () => {
  askEarly(['/api/a'])
  await fetchEarly(new Request(url('/api/a')))
  expect(server).toHaveBeenCalledTimes(1)
  await fetchEarly(new Request(url('/api/a')))
  expect(server).toHaveBeenCalledTimes(2)
})

test('an early refusal is asked again: somebody may have signed in since', async () => {
  status = 401
  askEarly(['/api/a'])
  await vi.advanceTimersByTimeAsync(10)
  status = 200
  expect((await fetchEarly(new Request(url('/api/a')))).status).toBe(200)
})

test('an early answer grows old', async () => {
  askEarly(['/api/a'])
  await vi.advanceTimersByTimeAsync(11_000)
  await fetchEarly(new Request(url('/api/a')))
  expect(server).toHaveBeenCalledTimes(2)
})

test('changes are never answered early', async () => {
  askEarly(['/api/a'])
  await fetchEarly(new Request(url('/api/a'), { method: 'POST' }))
  expect(server).toHaveBeenCalledTimes(2)
})
