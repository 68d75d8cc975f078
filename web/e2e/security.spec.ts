import { createHmac } from 'node:crypto'
import { expect, expectAccessible, signIn, test } from './fixtures'

/** What an authenticator app shows (RFC 6238). */
function codeOf(secret: string, at = Date.now()): string {
  const bits = [...secret].map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', key).update(step).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('a second factor is turned on, asked for, and turned off', async ({ page, context, t, account }) => {
  await page.goto('/security')
  await page.getByRole('button', { name: t.security.totp.start }).click()
  await expect(page.getByRole('img', { name: t.security.totp.qrAlt })).toBeVisible()
  const secret = await page.locator('code').filter({ hasText: /^[A-Z2-7]{16,}$/ }).innerText()
  await expectAccessible(page)
  await page.getByLabel(t.account.code).fill('000000')
  await page.getByRole('button', { name: t.security.totp.confirm, exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  const used = codeOf(secret)
  await page.getByLabel(t.account.code).fill(used)
  await page.getByRole('button', { name: t.security.totp.confirm, exact: true }).click()
  await expect(page.getByText(t.security.totp.recovery)).toBeVisible()
  await expectAccessible(page)
  const [recovery = ''] = (await page.locator('pre, code').filter({ hasText: '\n' }).innerText()).split('\n')
  await page.getByRole('button', { name: t.security.totp.done }).click()
  await expect(page.getByText(t.security.totp.on, { exact: true })).toBeVisible()

  await context.clearCookies()
  await page.goto('/sign-in')
  await signIn(page, t, account)
  await expectAccessible(page)
  // The app's code was used once; a recovery code stands in for it.
  await page.getByLabel(t.account.code).fill(recovery)
  await page.getByRole('button', { name: t.account.signIn }).click()
  await expect(page.getByRole('heading', { name: t.chat.title })).toBeVisible()

  await page.goto('/security')
  await page.getByRole('region', { name: t.security.totp.title }).getByLabel(t.account.password, { exact: true }).fill(account.password)
  await page.getByRole('button', { name: t.security.totp.stop }).click()
  await expect(page.getByText(t.security.totp.off, { exact: true })).toBeVisible()
})

test('a key is made for a program, used, and revoked', async ({ page, product, t, account }) => {
  void account
  await page.goto('/security')
  await page.getByRole('button', { name: t.security.keys.add }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t.security.keys.name).fill('robot')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t.security.keys.add }).click()
  await expect(dialog.getByText(t.security.keys.made)).toBeVisible()
  const key = await dialog.locator('code, pre').first().innerText()
  const ask = (path: string, method = 'GET') => fetch(`${product.url}${path}`, { method, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, ...(method === 'POST' && { body: '{"title":"no"}' }) }).then(response => response.status)
  expect(await ask('/api/tasks')).toBe(200)
  expect(await ask('/api/tasks', 'POST')).toBe(403)
  // Both the cross and the button close it.
  await dialog.getByRole('button', { name: t.app.close }).last().click()
  await page.getByRole('button', { name: t.security.keys.revoke }).click()
  await page.getByRole('dialog').getByRole('button', { name: t.security.keys.revoke }).click()
  await expect(page.getByText(t.security.keys.none)).toBeVisible()
  expect(await ask('/api/tasks')).toBe(401)
})

test('everything is locked at once, elsewhere too, and unlocked with the password', async ({ page, browser, product, locale, t, account }) => {
  const elsewhere = await (await browser.newContext({ baseURL: product.url, locale })).newPage()
  await elsewhere.goto('/sign-in')
  await signIn(elsewhere, t, account)
  await expect(elsewhere.getByRole('heading', { name: t.chat.title })).toBeVisible()
  await page.goto('/security')
  await expect(page.getByRole('button', { name: t.security.sessions.endOthers })).toBeVisible()
  await page.getByRole('button', { name: t.security.lock.now }).click()
  await page.getByRole('dialog').getByRole('button', { name: t.security.lock.now }).click()
  await expect(page.getByText(t.security.lock.done(1, 0, 0))).toBeVisible()
  await expectAccessible(page)
  await elsewhere.goto('/tasks')
  await expect(elsewhere.getByRole('heading', { name: t.account.signIn })).toBeVisible()
  await elsewhere.context().close()

  await page.getByText(t.security.lock.lift, { exact: true }).first().click()
  await page.getByLabel(t.security.lock.password, { exact: true }).fill(account.password)
  await page.getByRole('button', { name: t.security.lock.lift }).click()
  await expect(page.getByText(t.security.lock.lifted)).toBeVisible()
  await page.reload()
  await expect(page.getByText(t.security.audit.actions['account_locked'] ?? '', { exact: true }).first()).toBeVisible()
})

test('zone and daily messages are kept', async ({ page, t, account }) => {
  void account
  await page.goto('/settings')
  const zone = page.getByRole('combobox', { name: t.settings.zone }).or(page.getByRole('textbox', { name: t.settings.zone }))
  await zone.fill('Europe/Madr')
  await page.getByRole('option', { name: 'Europe/Madrid' }).click()
  await expect(page.getByText(t.app.saved).first()).toBeVisible()
  const digest = page.getByRole('switch', { name: t.settings.digest })
  const was = await digest.isChecked()
  await digest.click({ force: true })
  await expect(digest).toBeChecked({ checked: !was })
  await expectAccessible(page)
  await page.reload()
  await expect(zone).toHaveValue('Europe/Madrid')
  await expect(digest).toBeChecked({ checked: !was })
})
