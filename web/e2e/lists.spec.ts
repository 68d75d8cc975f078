import { expect, test } from './fixtures'

const count = 2_000

test('a long list draws only what is on screen', { tag: '@desktop' }, async ({ page, t, account }) => {
  test.slow()
  void account
  await page.evaluate(async total => {
    for (let i = 0; i < total; i += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, k) =>
          fetch('/api/tasks', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ title: `Pendiente ${String(i + k).padStart(5, '0')}` }) }),
        ),
      )
  }, count)
  await page.goto('/tasks')
  const list = page.getByRole('list', { name: t.tasks.title })
  await expect(list.getByRole('listitem').first()).toBeVisible()
  const seen = new Set<string>()
  for (let i = 0; i < 400 && seen.size < count; i++) {
    const titles = await list.getByRole('listitem').evaluateAll(items => items.map(item => item.querySelector('p')?.textContent ?? ''))
    expect(titles.length).toBeLessThan(60)
    for (const title of titles) seen.add(title)
    await page.mouse.wheel(0, 1_000)
    await page.waitForTimeout(30)
  }
  expect(seen.size).toBe(count)
})
