import { expect, expectAccessible, test } from './fixtures'

const words = {
  es: { plain: 'Comprar focos', daily: 'Regar las plantas cada día a las 8am', watering: 'Regar las plantas', project: 'Casa', other: 'Jardín' },
  en: { plain: 'Buy light bulbs', daily: 'Water the plants every day at 8am', watering: 'Water the plants', project: 'Home', other: 'Garden' },
}

test('what is written is shown as understood, kept, edited, completed and taken back', async ({ page, t, account }) => {
  void account
  const text = t.app.nav.tasks === 'Tareas' ? words.es : words.en
  await page.goto('/tasks')
  const box = page.getByLabel(t.tasks.add)
  await box.fill(text.daily)
  await expect(page.getByRole('status').getByText(text.watering, { exact: true })).toBeVisible()
  await expect(page.getByRole('status').getByText(t.tasks.repeat.daily)).toBeVisible()
  await box.press('Enter')
  const list = page.getByRole('list', { name: t.tasks.title })
  await expect(list.getByText(text.watering, { exact: true })).toBeVisible()
  await expect(box).toHaveValue('')

  await list.getByRole('button', { name: t.tasks.edit(text.watering) }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t.tasks.fields.priority).selectOption('high')
  await dialog.getByLabel(t.tasks.fields.notes).fill('200 ml')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t.app.save }).click()
  await expect(list.getByText(t.tasks.priority['high'] ?? '', { exact: true })).toBeVisible()

  // The next time takes the place of the one that is done; undone, it goes again.
  await list.getByLabel(t.tasks.complete(text.watering)).click()
  const said = page.getByRole('alert').filter({ hasText: t.tasks.completed(text.watering) })
  await expect(said).toContainText(t.tasks.next(''))
  await expect(list.getByText(text.watering, { exact: true })).toHaveCount(1)
  await said.getByRole('button', { name: t.app.undo }).click()
  await expect(page.getByText(t.tasks.undone)).toBeVisible()
  await expect(list.getByText(text.watering, { exact: true })).toHaveCount(1)
})

test('tasks are put into projects, which are renamed and deleted', async ({ page, t, account }) => {
  void account
  const text = t.app.nav.tasks === 'Tareas' ? words.es : words.en
  await page.goto('/tasks')
  const makeProject = async (name: string) => {
    await page.getByRole('button', { name: t.tasks.newProject }).click()
    await page.getByLabel(t.tasks.projectName).fill(name)
    await page.getByRole('dialog').getByRole('button', { name: t.app.save }).click()
  }
  await makeProject(text.project)
  await expect(page.getByRole('dialog')).toBeHidden()
  await makeProject(text.project)
  await expect(page.getByText(t.errors.codes['NAME_TAKEN'] ?? '')).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  // What is written while a project is shown belongs to it.
  await page.getByLabel(t.tasks.add).fill(text.plain)
  await page.getByLabel(t.tasks.add).press('Enter')
  const list = page.getByRole('list', { name: t.tasks.title })
  await expect(list.getByText(text.plain, { exact: true })).toBeVisible()
  await page.getByRole('button', { name: t.tasks.edit(text.project) }).click()
  await page.getByLabel(t.tasks.projectName).fill(text.other)
  await page.getByRole('dialog').getByRole('button', { name: t.app.save }).click()
  await expect(page.getByRole('button', { name: t.tasks.edit(text.other) })).toBeVisible()
  await page.getByRole('button', { name: t.tasks.edit(text.other) }).click()
  await page.getByRole('dialog').getByRole('button', { name: t.app.delete }).click()
  await expect(page.getByText(t.tasks.removeProjectSure(text.other))).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: t.app.delete }).click()
  await expect(page.getByRole('button', { name: t.tasks.edit(text.other) })).toHaveCount(0)
  await expect(list.getByText(text.plain, { exact: true })).toBeVisible()
})
