import { expect, expectAccessible, go, link, readQr, test } from './fixtures'

interface Shown {
  items: { text: string | null; kind: string }[]
}

test('messages go both ways, and one is taken back', async ({ page, product, t, account }) => {
  void account
  const [ana, bob] = [await product.addPhone('Ana'), await product.addPhone('Bob')]
  await link(page, t, product, ana)
  await go(page, t, 'messages')
  await page.getByRole('button', { name: t.messages.newChat }).click()
  await page.getByLabel(t.messages.to).fill(`+${bob}`)
  await page.getByRole('dialog').getByRole('button', { name: t.whatsapp.linking.next }).click()
  await page.getByRole('textbox', { name: t.messages.write }).fill('*Hola* Bob')
  await page.getByRole('button', { name: t.messages.send, exact: true }).click()
  await expect(page.getByRole('log').getByText('Hola')).toBeVisible()
  await expect.poll(async () => (await product.play<Shown>('GET', `/phones/${bob}/messages`)).items.map(one => one.text)).toContain('*Hola* Bob')

  await product.play('POST', `/phones/${bob}/send`, { to: ana, text: 'Hola Ana' })
  await expect(page.getByRole('log').getByText('Hola Ana')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('textbox', { name: t.messages.write }).fill('me arrepiento')
  await page.getByRole('button', { name: t.messages.send, exact: true }).click()
  await page.getByRole('button', { name: /\(\d+ s\)/ }).click()
  await expect(page.getByText(t.messages.undone)).toBeVisible()
  await page.getByRole('textbox', { name: t.messages.write }).fill('y otra cosa')
  await page.getByRole('button', { name: t.messages.send, exact: true }).click()
  await expect.poll(async () => (await product.play<Shown>('GET', `/phones/${bob}/messages`)).items.map(one => one.text)).toContain('y otra cosa')
  expect((await product.play<Shown>('GET', `/phones/${bob}/messages`)).items.map(one => one.text)).not.toContain('me arrepiento')
})

test('a picture is sent and one that came is looked at', async ({ page, product, t, account }) => {
  void account
  const [ana, bob] = [await product.addPhone('Ana'), await product.addPhone('Bob')]
  await link(page, t, product, ana)
  await page.goto('/messages')
  await page.getByRole('button', { name: t.messages.newChat }).click()
  await page.getByLabel(t.messages.to).fill(`+${bob}`)
  await page.getByRole('dialog').getByRole('button', { name: t.whatsapp.linking.next }).click()
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } })
  await page.locator('input[type=file]').setInputFiles({ name: 'foto.png', mimeType: 'image/png', buffer: picture })
  await page.getByRole('button', { name: t.messages.send, exact: true }).click()
  await expect.poll(async () => (await product.play<Shown>('GET', `/phones/${bob}/messages`)).items.length, { timeout: 30_000 }).toBe(1)
  await page.getByRole('button', { name: `${t.messages.show}: ${t.messages.types['image']}` }).click()
  await expect.poll(() => page.getByRole('log').locator('img').evaluate(image => (image as HTMLImageElement).naturalWidth), { timeout: 30_000 }).toBeGreaterThan(0)
})

test('what strangers write is shown nowhere until that is allowed', async ({ page, product, t, account }) => {
  void account
  const [ana, eve] = [await product.addPhone('Ana'), await product.addPhone('Eve')]
  await link(page, t, product, ana)
  await product.play('POST', `/phones/${eve}/send`, { to: ana, text: 'un secreto de Eve' })
  await page.getByLabel(t.whatsapp.consent.all).click()
  await expect(page.getByText(t.app.saved)).toBeVisible()
  await product.play('POST', `/phones/${eve}/send`, { to: ana, text: 'algo para todos' })
  await page.goto('/messages')
  await page.getByRole('navigation', { name: t.messages.chats }).getByRole('button', { name: /Eve|\+1555/ }).click()
  await expect(page.getByText('algo para todos')).toBeVisible()
  await expect(page.getByText('un secreto de Eve')).toHaveCount(0)

  // On a phone the way out of a search leads back to the chats, too.
  await page.goto('/messages')
  await page.getByRole('searchbox', { name: t.messages.search }).fill('todos')
  await expect(page.getByRole('log').getByText('algo para todos')).toBeVisible()
  const back = page.getByRole('button', { name: t.messages.chats })
  if (await back.isVisible()) await back.click()
  else await page.getByRole('searchbox', { name: t.messages.search }).clear()
  await expect(page.getByRole('log')).toBeHidden()
  await expect(page.getByRole('searchbox', { name: t.messages.search })).toHaveValue('')
})

test('a device that was removed on the phone is linked again where it was', async ({ page, product, t, account }) => {
  void account
  const ana = await product.addPhone('Ana')
  await link(page, t, product, ana)
  const { companions } = await product.play<{ companions: string[] }>('GET', `/phones/${ana}`)
  await product.play('POST', `/phones/${ana}/unlink`, { deviceJid: companions[0] })
  await expect(page.getByText(t.whatsapp.health['revoked'] ?? '', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: t.whatsapp.devices.relink }).click()
  await page.getByRole('button', { name: t.whatsapp.linking.next }).click()
  await product.play('POST', `/phones/${ana}/scan`, { qr: await readQr(page) })
  await page.getByRole('button', { name: t.whatsapp.linking.finish }).click()
  await expect(page.getByText(t.whatsapp.health['healthy'] ?? '', { exact: true })).toBeVisible()
  await expect(page.getByRole('article')).toHaveCount(1)
})
