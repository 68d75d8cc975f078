// @vitest-environment jsdom
import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { Rich } from './rich'

const html = (text: string) => render(<Rich text={text} />).container.innerHTML

test.each([
  ['✅ Anotado: *Llamar a Juan* — mañana', '✅ Anotado: <strong>Llamar a Juan</strong> — mañana'],
  ['*1.* pan\n*2.* leche', '<strong>1.</strong> pan\n<strong>2.</strong> leche'],
  ['_a_ ~b~', '<em>a</em> <s>b</s>'],
  ['snake_case_name and 2*3', 'snake_case_name and 2*3'],
])('%j', (text, expected) => {
  expect(html(text)).toBe(expected)
})

test('what people write never becomes HTML', () => {
  expect(html('*<img src=x onerror=alert(1)>*')).toBe('<strong>&lt;img src=x onerror=alert(1)&gt;</strong>')
})
