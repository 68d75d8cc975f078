import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from 'react'

type Confirm = (question: string, action: string) => Promise<boolean>

interface Asked {
  question: string
  action: string
  answer: (isSure: boolean) => void
}

// Seldom needed, and never at first.
const ConfirmDialog = lazy(async () => ({ default: (await import('./confirm-dialog')).ConfirmDialog }))

const Context = createContext<Confirm>(() => Promise.resolve(false))

/** Asks before what can't be taken back. */
export const useConfirm = () => useContext(Context)

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const confirm = useCallback<Confirm>((question, action) => new Promise<boolean>(answer => setAsked({ question, action, answer })), [])
  const say = (isSure: boolean) => {
    asked?.answer(isSure)
    setAsked(null)
  }
  return (
    <Context value={confirm}>
      {children}
      <Suspense>{asked && <ConfirmDialog question={asked.question} action={asked.action} onAnswer={say} />}</Suspense>
    </Context>
  )
}
