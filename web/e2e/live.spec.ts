import { expect, go, signIn, test } from './fixtures'

const task = { es: 'Comprar pan', en: 'Buy bread' }

test('two browsers see the same change as it happens', async ({ page, browser, product, locale, t, account }) => {
  const elsewhere = await browser.newContext({ baseURL: product.url, locale })
  const other = await elsewhere.newPage()
  await other.goto('/tasks')
  await signIn(other, t, account)
  await expect(other.getByText(t.tasks.empty)).toBeVisible()
  await go(page, t, 'tasks')
  const text = t.app.nav.tasks === 'Tareas' ? task.es : task.en
  await page.getByLabel(t.tasks.add).fill(text)
  await page.getByRole('button', { name: t.tasks.addNow }).click()
  await expect(other.getByText(text, { exact: true })).toBeVisible()
  await other.getByLabel(t.tasks.complete(text)).click()
  await expect(page.getByText(t.tasks.empty)).toBeVisible()
  await elsewhere.close()
})

test('where no WebSocket can be opened, changes still show', async ({ page, context, t, account }) => {
  void account
  // As some proxies do it.
  await context.addInitScript(() => {
    window.WebSocket = class extends EventTarget {
      constructor() {
        super()
        setTimeout(() => this.dispatchEvent(new Event('close')), 20)
      }
      close() {}
    } as unknown as typeof WebSocket
  })
  await page.goto('/tasks')
  const other = await context.newPage()
  await other.goto('/tasks')
  await expect(other.locator('[data-live=polling]')).toBeVisible()
  const text = t.app.nav.tasks === 'Tareas' ? task.es : task.en
  await page.getByLabel(t.tasks.add).fill(text)
  await page.getByRole('button', { name: t.tasks.addNow }).click()
  await expect(other.getByText(text, { exact: true })).toBeVisible()
})

test('a server that comes back is found again, and nothing is missed', async ({ page, product, context, t, account }) => {
  void account
  await page.goto('/tasks')
  await expect(page.locator('[data-live=ok]')).toBeVisible()
  await product.stopServer()
  await expect(page.locator('[data-live=stale]')).toBeVisible()
  await product.startServer()
  // Added while the first window is still waiting to connect again, or after it has: shown either way.
  const other = await context.newPage()
  await other.goto('/tasks')
  const text = t.app.nav.tasks === 'Tareas' ? task.es : task.en
  await other.getByLabel(t.tasks.add).fill(text)
  await other.getByRole('button', { name: t.tasks.addNow }).click()
  await expect(page.getByText(text, { exact: true })).toBeVisible({ timeout: 30_000 })
  await expect(page.locator('[data-live=ok]')).toBeVisible()
})
