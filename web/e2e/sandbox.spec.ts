import { expect, expectAccessible, go, test } from './fixtures'

test('the whole product is tried without any account, with a virtual phone beside it', async ({ page, context, t, account }) => {
  void account
  await go(page, t, 'sandbox')
  await page.getByLabel(t.sandbox.passkey).check()
  await page.getByRole('button', { name: t.sandbox.add }).click()
  const phone = page.getByRole('region', { name: t.sandbox.title })
  await expect(phone).toBeVisible()
  await expectAccessible(page)

  // In a second window, as people would.
  const app = await context.newPage()
  await app.goto('/settings/whatsapp')
  await app.getByRole('button', { name: t.whatsapp.devices.add }).click()
  await app.getByLabel(t.whatsapp.risk.accept).check()
  await app.getByRole('button', { name: t.whatsapp.linking.next }).click()
  await expect(app.getByTestId('qr-code')).toBeVisible()
  await phone.getByRole('button', { name: t.sandbox.scan }).click()
  await expect(app.getByText(t.whatsapp.linking.passkey.title)).toBeVisible()
  await expectAccessible(app)
  await phone.getByRole('button', { name: t.sandbox.confirmPasskey }).click()
  await expect(app.getByText(t.whatsapp.linking.success)).toBeVisible()
  await app.getByRole('button', { name: t.whatsapp.linking.finish }).click()
  await app.getByLabel(t.whatsapp.consent.assistant).click()
  await expect(app.getByText(t.app.saved)).toBeVisible()

  await phone.getByRole('textbox', { name: t.sandbox.write }).fill('/help')
  await phone.getByRole('button', { name: t.sandbox.send, exact: true }).click()
  await expect(phone.getByRole('log').getByText('FocoBot')).toBeVisible()
  await phone.getByRole('button', { name: t.sandbox.unlink }).click()
  await expect(app.getByText(t.whatsapp.health['revoked'] ?? '', { exact: true })).toBeVisible()
})
