import { Button, Group, Modal, Text } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { useT } from '../i18n/language'

type Confirm = (question: string, action: string) => Promise<boolean>

interface Asked {
  question: string
  action: string
  answer: (isSure: boolean) => void
}

const Context = createContext<Confirm>(() => Promise.resolve(false))

/** Asks before what can't be taken back. */
export const useConfirm = () => useContext(Context)

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const t = useT()
  const [asked, setAsked] = useState<Asked | null>(null)
  const confirm = useCallback<Confirm>((question, action) => new Promise<boolean>(answer => setAsked({ question, action, answer })), [])
  const say = (isSure: boolean) => {
    asked?.answer(isSure)
    setAsked(null)
  }
  return (
    <Context value={confirm}>
      {children}
      <Modal opened={asked !== null} onClose={() => say(false)} withCloseButton={false} centered aria-label={asked?.action}>
        <Text mb="lg">{asked?.question}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => say(false)}>
            {t.app.cancel}
          </Button>
          <Button color="red" onClick={() => say(true)}>
            {asked?.action}
          </Button>
        </Group>
      </Modal>
    </Context>
  )
}
