import { Button, Group, Modal, Text } from '@mantine/core'
import { useT } from '../i18n/language'

export function ConfirmDialog({ question, action, onAnswer }: { question: string; action: string; onAnswer: (isSure: boolean) => void }) {
  const t = useT()
  return (
    <Modal opened onClose={() => onAnswer(false)} withCloseButton={false} centered aria-label={action}>
      <Text mb="lg">{question}</Text>
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={() => onAnswer(false)}>
          {t.app.cancel}
        </Button>
        <Button color="red" onClick={() => onAnswer(true)}>
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
