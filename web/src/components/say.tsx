import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { useT } from '../i18n/language'
import { wordsOf } from './trouble'

// Read when the page has been painted, not while it is: nothing is said before.
const toasts = () => import('./toasts')
const Toasts = lazy(async () => ({ default: (await toasts()).Toasts }))

/** Where things are said in passing. */
export function Passing() {
  const [isPainted, setPainted] = useState(false)
  useEffect(() => {
    let after: ReturnType<typeof setTimeout> | undefined
    const frame = requestAnimationFrame(() => (after = setTimeout(() => setPainted(true))))
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(after)
    }
  }, [])
  return <Suspense>{isPainted && <Toasts />}</Suspense>
}

interface Manner {
  /** What was said under the same name is said again instead of twice. */
  id?: string
  color?: string
  /** After how many ms it goes away by itself. */
  autoClose?: number
}

/** Says in passing what happened. */
export function useSay() {
  const t = useT()
  return useMemo(() => {
    const tell = (message: ReactNode, { id = crypto.randomUUID(), color = 'leaf', autoClose = 4_000 }: Manner = {}) => {
      void toasts().then(({ notifications }) => notifications.show({ id, message, color, autoClose, closeButtonProps: { 'aria-label': t.app.close } }))
      return id
    }
    return {
      tell,
      good: (message: string) => tell(message),
      bad: (error: unknown) => tell(wordsOf(error, t), { color: 'red', autoClose: 8_000 }),
      takeBack: (id: string) => void toasts().then(({ notifications }) => notifications.hide(id)),
    }
  }, [t])
}
