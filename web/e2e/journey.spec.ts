import { expect, expectAccessible, go, readQr, test } from './fixtures'

test('from signing up to tasks by WhatsApp', async ({ page, product, t, account }) => {
  void account
  const isSpanish = t.app.nav.tasks === 'Tareas'
  const ana = await product.addPhone('Ana')
  await expectAccessible(page)

  // The device is linked by the code on the screen.
  await go(page, t, 'whatsapp')
  await expectAccessible(page)
  await page.getByRole('button', { name: t.whatsapp.devices.add }).click()
  await page.getByLabel(t.whatsapp.risk.accept).check()
  await expectAccessible(page)
  await page.getByRole('button', { name: t.whatsapp.linking.next }).click()
  const qr = await readQr(page)
  await expectAccessible(page)
  await product.play('POST', `/phones/${ana}/scan`, { qr })
  await expect(page.getByText(t.whatsapp.linking.success)).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: t.whatsapp.linking.finish }).click()
  await expect(page.getByText(t.whatsapp.health['healthy'] ?? '', { exact: true })).toBeVisible()
  await expect(page.getByText(`+${ana}`).first()).toBeVisible()

  // The assistant answers in the chat with oneself, once that is allowed.
  await page.getByLabel(t.whatsapp.consent.assistant).click()
  await expect(page.getByText(t.app.saved)).toBeVisible()
  const said = isSpanish ? 'Nueva tarea - Llamar a Juan mañana a las 3pm' : 'New task - Call John tomorrow at 3pm'
  await product.play('POST', `/phones/${ana}/send`, { to: ana, text: said })
  await go(page, t, 'tasks')
  const task = isSpanish ? 'Llamar a Juan' : 'Call John'
  await expect(page.getByText(task, { exact: true })).toBeVisible()
  await expectAccessible(page)

  // And in the browser.
  await go(page, t, 'chat')
  const box = page.getByRole('textbox', { name: t.chat.placeholder })
  await box.fill(isSpanish ? '/tareas' : '/tasks')
  await box.press('Enter')
  await expect(page.getByRole('log').getByText(task)).toBeVisible()
  await box.fill(isSpanish ? 'Completar tarea 1' : 'Complete task 1')
  await page.getByRole('button', { name: t.chat.send }).click()
  await expect(page.getByRole('log').getByText(isSpanish ? '¡Hecho!' : 'Done!')).toBeVisible()
  await expectAccessible(page)
  await go(page, t, 'tasks')
  await expect(page.getByText(t.tasks.empty)).toBeVisible()
})

test('a device is linked by a code that is typed into the phone', async ({ page, product, t, account }) => {
  void account
  const eva = await product.addPhone('Eva')
  await go(page, t, 'whatsapp')
  await page.getByRole('button', { name: t.whatsapp.devices.add }).click()
  await page.getByLabel(t.whatsapp.linking.code, { exact: true }).check()
  await page.getByRole('dialog').getByLabel(t.whatsapp.linking.number).fill(`+${eva}`)
  await page.getByLabel(t.whatsapp.risk.accept).check()
  await page.getByRole('button', { name: t.whatsapp.linking.next }).click()
  const code = await page.getByTestId('pairing-code').innerText()
  expect(code).toMatch(/^[1-9A-HJ-NP-Z]{4}-[1-9A-HJ-NP-Z]{4}$/)
  await expectAccessible(page)
  await product.play('POST', `/phones/${eva}/enter-code`, { code })
  await expect(page.getByText(t.whatsapp.linking.success)).toBeVisible()
})

test('a device is linked with the keyboard alone', { tag: '@desktop' }, async ({ page, product, t, account }) => {
  void account
  const ana = await product.addPhone('Ana')
  await page.goto('/settings/whatsapp')
  await expect(page.getByRole('button', { name: t.whatsapp.devices.add })).toBeVisible()
  await tabTo(t.whatsapp.devices.add)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await tabTo(t.whatsapp.risk.accept)
  await page.keyboard.press('Space')
  await tabTo(t.whatsapp.linking.next)
  await page.keyboard.press('Enter')
  await product.play('POST', `/phones/${ana}/scan`, { qr: await readQr(page) })
  await expect(page.getByText(t.whatsapp.linking.success)).toBeVisible()
  await tabTo(t.whatsapp.linking.finish)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()

  async function tabTo(name: string) {
    for (let i = 0; i < 60; i++) {
      const focused = page.locator(':focus')
      if ((await focused.count()) > 0) {
        const label = await focused.evaluate(element => [element.getAttribute('aria-label'), element.textContent, ...[...((element as HTMLInputElement).labels ?? [])].map(one => one.textContent)].join('\n'))
        if (label.includes(name)) return
      }
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not lead to ${name}.`)
  }
})
