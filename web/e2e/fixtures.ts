import { type Browser, expect, type Page, test as base } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import jsQR from 'jsqr'
import { en } from '../src/i18n/en'
import { es, type Texts } from '../src/i18n/es'
import { Product } from './product'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Worlds {
  product: Product
}

interface Tools {
  /** The texts that the page is shown in. */
  t: Texts
  /** An account of its own, signed in. */
  account: { email: string; password: string }
}

let accounts = 0
let people = 0

export const test = base.extend<Tools, Worlds>({
  product: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const product = await Product.start()
      await use(product)
      await product.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: ({ product }, use) => use(product.url),
  t: ({ locale }, use) => use(locale?.startsWith('en') ? en : es),
  // Everybody has an address of their own: the server lets few accounts be made from one.
  // eslint-disable-next-line no-empty-pattern
  extraHTTPHeaders: ({}, use) => use({ 'X-Forwarded-For': `10.9.${Math.floor(++people / 250)}.${(people % 250) + 1}` }),
  account: async ({ page, t }, use) => {
    const account = { email: `ana${Date.now()}${++accounts}@example.com`, password: 'una frase bastante larga' }
    await signUp(page, t, account)
    await use(account)
  },
})

export { expect }

export async function signUp(page: Page, t: Texts, { email, password }: { email: string; password: string }) {
  await page.goto('/register')
  await page.getByLabel(t.account.email).fill(email)
  await page.getByLabel(t.account.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: t.account.signUp }).click()
  await expect(page.getByRole('heading', { name: t.chat.title })).toBeVisible()
}

export async function signIn(page: Page, t: Texts, { email, password }: { email: string; password: string }) {
  await page.getByLabel(t.account.email).fill(email)
  await page.getByLabel(t.account.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: t.account.signIn }).click()
}

/** Goes somewhere the way people do: by the menu, which is folded away on a phone. */
export async function go(page: Page, t: Texts, section: Exclude<keyof Texts['app']['nav'], 'label'>) {
  const burger = page.getByRole('button', { name: t.app.menu, exact: true })
  if (await burger.isVisible()) await burger.click()
  await page.getByRole('link', { name: t.app.nav[section], exact: true }).click()
}

/** No page has anything that keeps people out. */
export async function expectAccessible(page: Page) {
  // What moves is looked at when it has stopped.
  await page.waitForTimeout(400)
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }> } }
    const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return found.violations.map(one => `${one.id}: ${one.help}\n${one.nodes.map(node => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`)
  })
  expect(violations).toEqual([])
}

/** What a phone's camera reads from the screen. */
export async function readQr(page: Page): Promise<string> {
  const picture = page.getByTestId('qr-code')
  await expect(picture).toBeVisible()
  let read: string | undefined
  // A camera looks more than once: the dialog may still be opening.
  await expect(async () => {
    // With the logo on it and the white around it.
    const png = await picture.locator('..').screenshot()
    const pixels = await decoded(page.context().browser(), png)
    read = jsQR(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height)?.data
    expect(read, 'a QR code that can be read from the screen').toBeTruthy()
  }).toPass()
  return read ?? ''
}

/** Links a phone by the code on the screen. */
export async function link(page: Page, t: Texts, product: Product, number: string) {
  await page.goto('/settings/whatsapp')
  await page.getByRole('button', { name: t.whatsapp.devices.add }).click()
  await page.getByLabel(t.whatsapp.risk.accept).check()
  await page.getByRole('button', { name: t.whatsapp.linking.next }).click()
  await product.play('POST', `/phones/${number}/scan`, { qr: await readQr(page) })
  await page.getByRole('button', { name: t.whatsapp.linking.finish }).click()
}

/** Many tasks at once, named by their numbers. */
export const addTasks = (page: Page, count: number) =>
  page.evaluate(async total => {
    for (let from = 0; from < total; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, async (_, k) => {
          const title = `Pendiente ${String(from + k).padStart(5, '0')}`
          const made = await fetch('/api/tasks', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ title }) })
          if (!made.ok) throw new Error(`${title} was not added: ${made.status}`)
        }),
      )
  }, count)

/** Links a phone and opens the chat with somebody who has written it many messages, named by their numbers. */
export async function openLongChat(page: Page, t: Texts, product: Product, count: number): Promise<{ ana: string; bob: string }> {
  const [ana, bob] = [await product.addPhone('Ana'), await product.addPhone('Bob')]
  await link(page, t, product, ana)
  await page.getByLabel(t.whatsapp.consent.all).click()
  await expect(page.getByText(t.app.saved)).toBeVisible()
  for (let i = 0; i < count; i++) await product.play('POST', `/phones/${bob}/send`, { to: ana, text: `Mensaje ${String(i).padStart(5, '0')}` })
  await page.goto('/messages')
  await page.getByRole('navigation', { name: t.messages.chats }).getByRole('button', { name: /Bob|\+1555/ }).click()
  await expect(page.getByText(`Mensaje ${String(count - 1).padStart(5, '0')}`)).toBeVisible({ timeout: 60_000 })
  return { ana, bob }
}

// A page of its own: the app's own policy lets no picture be drawn and read.
async function decoded(browser: Browser | null, png: Buffer) {
  if (!browser) throw new Error('There is no browser.')
  const page = await browser.newPage()
  try {
    return await page.evaluate(async source => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = new OffscreenCanvas(image.width, image.height)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('There is no canvas.')
      context.drawImage(image, 0, 0)
      return { data: [...context.getImageData(0, 0, image.width, image.height).data], width: image.width, height: image.height }
    }, `data:image/png;base64,${png.toString('base64')}`)
  } finally {
    await page.close()
  }
}
