import { expect, expectAccessible, signIn, test } from './fixtures'
import { admin } from './product'

const pages = ['/chat', '/tasks', '/messages', '/settings', '/settings/whatsapp', '/security', '/admin', '/virtual-phone', '/nowhere']

for (const scheme of ['light', 'dark'] as const)
  test(`every page can be used by everybody, ${scheme}`, async ({ page, t, account }) => {
    void account
    await page.emulateMedia({ colorScheme: scheme })
    for (const path of pages) {
      await page.goto(path)
      await expect(page.getByRole('main').or(page.getByText(t.app.notFound)).first()).toBeVisible()
      await expect(page.getByRole('main').getByLabel(t.app.loading)).toHaveCount(0)
      await expectAccessible(page)
    }
  })

for (const path of ['/sign-in', '/register', '/reset-password', '/confirm-registration#token=x', '/confirm-email#token=x'])
  test(`the door ${path} can be used by everybody`, async ({ page, t }) => {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText(t.account.welcome)).toBeVisible()
    await expectAccessible(page)
  })

test('whoever is signed out is sent to the door, and comes back to where they wanted to go', async ({ page, t, account }) => {
  await page.context().clearCookies()
  await page.goto('/tasks?filter=today')
  await expect(page.getByRole('heading', { name: t.account.signIn })).toBeVisible()
  await signIn(page, t, { ...account, password: 'falsa falsa falsa' })
  await expect(page.getByText(t.errors.codes['INVALID_CREDENTIALS'] ?? '')).toBeVisible()
  await signIn(page, t, account)
  await expect(page.getByRole('heading', { name: t.tasks.title })).toBeVisible()
  expect(new URL(page.url()).search).toBe('?filter=today')
})

test('administrators see accounts and devices, and invite', async ({ page, t }) => {
  await page.goto('/admin')
  await signIn(page, t, admin)
  await expect(page.getByRole('table', { name: t.admin.users }).getByText(admin.email)).toBeVisible()
  await page.getByRole('button', { name: t.admin.invite }).click()
  await expect(page.getByText(/register#token=/)).toBeVisible()
  await expectAccessible(page)
})

test('language and theme are changed at once and stay', async ({ page, account }) => {
  void account
  await page.goto('/chat')
  for (const [language, title] of [
    ['EN', 'Chat with FocoBot'],
    ['ES', 'Chat con FocoBot'],
  ] as const) {
    await page.getByText(language, { exact: true }).click()
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', language.toLowerCase())
  }
})

test('no page breaks its own policy or fails in silence', async ({ page, t, account }) => {
  void account
  const said: string[] = []
  page.on('console', message => message.type() === 'error' && said.push(message.text()))
  page.on('pageerror', error => said.push(error.message))
  for (const path of pages.filter(one => one !== '/nowhere')) {
    await page.goto(path)
    await expect(page.getByRole('main').getByLabel(t.app.loading)).toHaveCount(0)
  }
  expect(said).toEqual([])
})
