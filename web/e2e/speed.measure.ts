/** How quick the web app is in Chromium on a processor slowed down four times: `./bench.sh web`. It prints; nothing fails on time. */
import type { Page } from '@playwright/test'
import { addTasks, expect, openLongChat, test } from './fixtures'

const slowdown = 4
const many = 10_000

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

/** Scrolls as fast as frames come, and says how long they took, ms. `step` is px a frame. */
async function scroll(page: Page, selector: string | null, step: number, frames: number) {
  const times = await page.evaluate(
    async ({ selector: within, step: by, frames: count }) => {
      const scroller = (within && document.querySelector(within)) || document.documentElement
      const taken: number[] = []
      let before = performance.now()
      for (let i = 0; i < count; i++) {
        scroller.scrollTop += by
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        taken.push(now - before)
        before = now
      }
      return taken.toSorted((a, b) => a - b)
    },
    { selector, step, frames },
  )
  return [0.5, 0.95, 0.99].map(part => Math.round(times[Math.floor(times.length * part)] ?? 0)).join(' / ')
}

test('scrolling 10,000 tasks', async ({ page, account }) => {
  test.setTimeout(600_000)
  void account
  await addTasks(page, many)
  await page.goto('/tasks')
  await page.getByRole('listitem').first().waitFor()
  process.stdout.write(`| a frame while scrolling 10,000 tasks: p50 / p95 / p99, ms | ${await scroll(page, null, 400, 2_000)} | 16.7 |\n`)
  await expect(page.getByRole('listitem').last()).toHaveAttribute('aria-posinset', String(many))
  const began = Date.now()
  await page.getByRole('listitem').last().getByRole('checkbox').click()
  await expect(page.getByRole('listitem').last()).toHaveAttribute('aria-posinset', String(many - 1))
  process.stdout.write(`| completing the last of 10,000: shown after, ms | ${Date.now() - began} | |\n`)
})

test('scrolling 10,000 messages', async ({ page, product, t, account }) => {
  test.setTimeout(600_000)
  void account
  await openLongChat(page, t, product, many)
  process.stdout.write(`| a frame while scrolling 10,000 messages: p50 / p95 / p99, ms | ${await scroll(page, '[role=log]', -400, 2_500)} | 16.7 |\n`)
  await expect(page.getByText('Mensaje 00000')).toBeVisible({ timeout: 30_000 })
})
