import { useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'

export { notifications } from '@mantine/notifications'

/** They stand below, where they cover no code that is to be scanned; on a phone above the line where people write. */
export function Toasts() {
  const isNarrow = useMediaQuery('(max-width: 48em)')
  return <Notifications position={isNarrow ? 'bottom-center' : 'bottom-right'} mb={isNarrow ? 64 : 0} limit={3} />
}
