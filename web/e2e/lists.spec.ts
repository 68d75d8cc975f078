import { addTasks, expect, openLongChat, test } from './fixtures'

test('a long list draws only what is on screen', { tag: '@desktop' }, async ({ page, t, account }) => {
  test.slow()
  void account
  const count = 2_000
  await addTasks(page, count)
  await page.goto('/tasks')
  const list = page.getByRole('list', { name: t.tasks.title })
  await expect(list.getByRole('listitem').first()).toBeVisible()
  const seen = new Set<string>()
  for (let i = 0; i < 400 && seen.size < count; i++) {
    const titles = await list.getByRole('listitem').evaluateAll(items => items.map(item => item.querySelector('span')?.textContent ?? ''))
    expect(titles.length).toBeLessThan(60)
    for (const title of titles) seen.add(title)
    await page.mouse.wheel(0, 600)
    await page.waitForTimeout(30)
  }
  expect(Array.from({ length: count }, (_, i) => `Pendiente ${String(i).padStart(5, '0')}`).filter(title => !seen.has(title))).toEqual([])
})

test('a long chat is read back to its beginning, and what comes meanwhile moves nobody', { tag: '@desktop' }, async ({ page, product, t, account }) => {
  test.slow()
  void account
  const count = 500
  const { ana, bob } = await openLongChat(page, t, product, count)
  const log = page.getByRole('log')
  const seen = new Set<string>()
  await log.hover()
  for (let i = 0; i < 400 && seen.size < count; i++) {
    const texts = await log.getByRole('listitem').evaluateAll(items => items.map(item => /Mensaje \d{5}/.exec(item.textContent ?? '')?.[0] ?? ''))
    expect(texts.length).toBeLessThan(60)
    for (const text of texts) seen.add(text)
    await page.mouse.wheel(0, -500)
    await page.waitForTimeout(30)
  }
  expect(Array.from({ length: count }, (_, i) => `Mensaje ${String(i).padStart(5, '0')}`).filter(text => !seen.has(text))).toEqual([])
  await expect(log.getByText('Mensaje 00000')).toBeVisible()

  const height = () => log.evaluate(element => element.scrollHeight)
  const before = await height()
  await product.play('POST', `/phones/${bob}/send`, { to: ana, text: 'algo nuevo' })
  await expect.poll(height).toBeGreaterThan(before)
  await expect(log.getByText('Mensaje 00000')).toBeInViewport()
  await log.press('End')
  await expect(log.getByText('algo nuevo')).toBeVisible()
})
