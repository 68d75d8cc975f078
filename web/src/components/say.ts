import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { useT } from '../i18n/language'
import { wordsOf } from './trouble'

/** Says in passing what happened. */
export function useSay() {
  const t = useT()
  return useMemo(
    () => ({
      good: (message: string) => notifications.show({ message, color: 'leaf', closeButtonProps: { 'aria-label': t.app.close } }),
      bad: (error: unknown) => notifications.show({ message: wordsOf(error, t), color: 'red', autoClose: 8000, closeButtonProps: { 'aria-label': t.app.close } }),
    }),
    [t],
  )
}
