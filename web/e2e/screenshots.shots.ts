/** Takes the pictures in docs/screenshots, of the real product: `npm run screenshots`. */
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { en } from '../src/i18n/en'
import { es, type Texts } from '../src/i18n/es'
import { test } from './fixtures'
import type { Product } from './product'

const folder = join(import.meta.dirname, '../../docs/screenshots')

const looks = [
  { name: 'es-light-desktop', t: es, locale: 'es-MX', colorScheme: 'light', viewport: { width: 1200, height: 760 } },
  { name: 'en-dark-desktop', t: en, locale: 'en-US', colorScheme: 'dark', viewport: { width: 1200, height: 760 } },
  { name: 'es-dark-phone', t: es, locale: 'es-MX', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  { name: 'en-light-phone', t: en, locale: 'en-US', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const

const said = {
  es: ['Nueva tarea - Llamar a Juan mañana a las 3pm', 'Pagar la renta el 1 de cada mes', 'Comprar focos, urgente', 'Entregar el informe el viernes a las 10', '¿Qué tengo para mañana?'],
  en: ['New task - Call John tomorrow at 3pm', 'Pay rent on the 1st of every month', 'Buy light bulbs, urgent', 'Hand in the report on Friday at 10', "What's due tomorrow?"],
}

for (const [i, { name, t, ...options }] of looks.entries())
  test.describe(name, () => {
    test.use({ ...options, reducedMotion: 'reduce' } as never)
    test(name, async ({ page, product }) => {
      const shoot = async (part: string) => {
        // Without what was said in passing.
        for (const close = page.locator('.mantine-Notification-closeButton').first(); await close.isVisible(); await page.waitForTimeout(300)) await close.click().catch(() => {})
        await page.waitForTimeout(500)
        await page.screenshot({ path: join(folder, `${part}-${name}.png`) })
      }
      await page.goto('/sign-in')
      await shoot('sign-in')
      await visit(page, product, t, i, shoot)
    })
  })

async function visit(page: Page, product: Product, t: Texts, i: number, shoot: (part: string) => Promise<void>) {
  const [ana, bob] = [await product.addPhone('Ana'), await product.addPhone('Bob')]
  await page.goto('/register')
  await page.getByLabel(t.account.email).fill(`ana${i}@example.com`)
  await page.getByLabel(t.account.password, { exact: true }).fill('una frase bastante larga')
  await page.getByRole('button', { name: t.account.signUp }).click()
  const box = page.getByRole('textbox', { name: t.chat.placeholder })
  for (const text of t === es ? said.es : said.en) {
    const before = await page.getByRole('log').locator('time').count().catch(() => 0)
    await box.fill(text)
    await page.getByRole('button', { name: t.chat.send }).click()
    await page.waitForFunction(n => document.querySelectorAll('[role=log] time').length >= n + 2, before)
  }
  await shoot('chat')
  await page.goto('/tasks')
  await page.getByLabel(t.tasks.add).fill(t === es ? 'Regar las plantas cada sábado a las 8am' : 'Water the plants every Saturday at 8am')
  await shoot('tasks')

  await page.goto('/settings/whatsapp')
  await page.getByRole('button', { name: t.whatsapp.devices.add }).click()
  await shoot('linking-choice')
  await page.getByLabel(t.whatsapp.risk.accept).check()
  await page.getByRole('button', { name: t.whatsapp.linking.next }).click()
  await page.getByTestId('qr-code').waitFor()
  await shoot('linking-qr')
  const qr = (await (await page.request.get('/api/integrations/whatsapp/device/link')).json()) as { items: { deviceId: string }[] }
  const code = (await (await page.request.get(`/api/integrations/whatsapp/device/${qr.items[0]?.deviceId}/code`)).json()) as { qrCodeData: string }
  await product.play('POST', `/phones/${ana}/scan`, { qr: code.qrCodeData })
  await page.getByRole('button', { name: t.whatsapp.linking.finish }).click()
  await page.getByText(t.whatsapp.health['healthy'] ?? '', { exact: true }).waitFor()
  await page.getByLabel(t.whatsapp.consent.all).click()
  await shoot('whatsapp')

  for (const text of t === es ? ['Hola, ¿tienes un momento?', 'Te mando el contrato mañana.'] : ['Hi, do you have a moment?', 'I will send the contract tomorrow.']) await product.play('POST', `/phones/${bob}/send`, { to: ana, text })
  await page.goto('/messages')
  await page.getByRole('navigation', { name: t.messages.chats }).getByRole('button', { name: /Bob|\+1555/ }).click()
  await page.getByRole('textbox', { name: t.messages.write }).fill(t === es ? '¡Claro! Aquí lo espero.' : 'Sure! I am waiting for it.')
  await page.getByRole('button', { name: t.messages.send, exact: true }).click()
  await page.getByText(t.messages.status['delivered'] ?? '').first().waitFor()
  await page.getByRole('button', { name: /\(\d+ s\)/ }).waitFor({ state: 'hidden' })
  await shoot('messages')
  await page.goto('/security')
  await page.waitForTimeout(500)
  await shoot('security')
  // A phone that is linked by code, and talks to the assistant.
  await page.goto('/virtual-phone')
  await page.getByRole('button', { name: t.sandbox.add }).click()
  const phone = page.getByRole('region', { name: t.sandbox.title })
  const eva = (await phone.getAttribute('aria-label'))?.replace(/\D/g, '') ?? ''
  const begun = await page.request.post('/api/integrations/whatsapp/device/link', { headers: { Origin: product.url }, data: { method: 'pairing_code', phoneNumber: `+${eva}`, network: 'sandbox' } })
  const { deviceId, pairingCode } = (await begun.json()) as { deviceId: string; pairingCode: string }
  await phone.getByLabel(t.sandbox.enterCode).fill(pairingCode)
  await phone.getByRole('button', { name: t.sandbox.enter }).click()
  await phone.getByRole('button', { name: t.sandbox.unlink }).waitFor()
  await page.request.patch(`/api/integrations/whatsapp/device/${deviceId}`, { headers: { Origin: product.url }, data: { consent: { assistant: true } } })
  for (const text of (t === es ? said.es : said.en).slice(0, 2)) {
    await phone.getByRole('textbox', { name: t.sandbox.write }).fill(text)
    await phone.getByRole('button', { name: t.sandbox.send, exact: true }).click()
    await page.waitForTimeout(2_500)
  }
  await (page.viewportSize()?.width === 390 ? phone : page.getByRole('heading', { level: 1 })).evaluate(element => element.scrollIntoView({ block: 'end' }))
  await shoot('sandbox')
}
