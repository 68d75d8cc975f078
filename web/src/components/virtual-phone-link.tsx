import { Anchor } from '@mantine/core'
import { useT } from '../i18n/language'

const look = 'popup,width=400,height=860'

/** Opens the virtual phone in a window of its own, beside what one is doing. */
export function VirtualPhoneLink() {
  const t = useT()
  return (
    <Anchor
      href="/virtual-phone" target="focobot-phone" size="sm" underline="always"
      onClick={event => {
        event.preventDefault()
        window.open('/virtual-phone', 'focobot-phone', look)
      }}
    >
      {t.sandbox.beside}
    </Anchor>
  )
}
