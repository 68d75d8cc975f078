/** How quick the web app is in Chromium on a processor slowed down four times: `./bench.sh web`. It prints; nothing fails on time. */
import type { Page } from '@playwright/test'
import { test } from './fixtures'

const slowdown = 4
const tasks = 10_000

async function slow(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
}

/** When the largest thing on the page was painted, ms after the request. */
const largestPaint = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>(resolve => {
        new PerformanceObserver(list => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({ type: 'largest-contentful-paint', buffered: true })
      }),
  )

test('largest contentful paint', async ({ page, context, account }) => {
  void account
  for (const [name, path, isSignedIn] of [
    ['sign in', '/sign-in', false],
    ['chat', '/chat', true],
    ['tasks', '/tasks', true],
  ] as const) {
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      // Nothing is cached but by the server.
      const fresh = await context.browser()?.newContext({ baseURL: new URL(page.url()).origin, ...(isSignedIn && { storageState: await context.storageState() }) })
      if (!fresh) throw new Error('There is no browser.')
      const visitor = await fresh.newPage()
      await slow(visitor)
      await visitor.goto(path, { waitUntil: 'networkidle' })
      times.push(await largestPaint(visitor))
      await fresh.close()
    }
    const sorted = times.toSorted((a, b) => a - b)
    process.stdout.write(`| ${name}: largest contentful paint, median of 5 (worst), ms | ${Math.round(sorted[2] ?? 0)} (${Math.round(sorted[4] ?? 0)}) | < 1,500 |\n`)
  }
})

test('scrolling a long list', async ({ page, account }) => {
  test.setTimeout(300_000)
  void account
  await page.evaluate(async total => {
    for (let i = 0; i < total; i += 50)
      await Promise.all(Array.from({ length: 50 }, (_, k) => fetch('/api/tasks', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ title: `Pendiente ${i + k}` }) })))
  }, tasks)
  await page.goto('/tasks')
  await page.getByRole('listitem').first().waitFor()
  const frames = await page.evaluate(async () => {
    const times: number[] = []
    let before = performance.now()
    for (let i = 0; i < 600; i++) {
      window.scrollBy(0, 400)
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      times.push(now - before)
      before = now
    }
    return times.toSorted((a, b) => a - b)
  })
  const at = (part: number) => Math.round(frames[Math.floor(frames.length * part)] ?? 0)
  process.stdout.write(`| a frame while scrolling ${tasks.toLocaleString('en')} tasks: p50 / p95 / p99, ms | ${at(0.5)} / ${at(0.95)} / ${at(0.99)} | |\n`)
})
