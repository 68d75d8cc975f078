import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { ApiError } from '../../api/client'
import { useConfirm } from '../../components/confirm'
import { useSay } from '../../components/say'
import { Trouble, wordsOf } from '../../components/trouble'
import { useT } from '../../i18n/language'
import type { Project, TaskChanges } from './queries'

interface Props {
  /** None, when one is to be made. */
  project: Project | null
  onChange: (project: string | null) => void
  onClose: () => void
  changes: TaskChanges
}

/** Makes, renames or deletes a project. */
export function ProjectDialog({ project, onChange, onClose, changes }: Props) {
  const t = useT()
  const say = useSay()
  const confirm = useConfirm()
  const [name, setName] = useState(project?.name ?? '')
  const change = project ? changes.renameProject : changes.addProject
  const isNameWrong = change.error instanceof ApiError && (change.error.field === 'name' || change.error.code === 'NAME_TAKEN')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const isDone = {
      onSuccess: (saved: Project) => {
        onChange(saved.id)
        onClose()
      },
    }
    if (project) changes.renameProject.mutate({ project, name: name.trim() }, isDone)
    else changes.addProject.mutate(name.trim(), isDone)
  }
  const remove = async (gone: Project) => {
    onClose()
    if (!(await confirm(t.tasks.removeProjectSure(gone.name), t.app.delete))) return
    changes.removeProject.mutate(gone, { onSuccess: () => onChange(null), onError: say.bad })
  }
  return (
    <Modal opened onClose={onClose} title={project ? t.tasks.editProject : t.tasks.newProject} closeButtonProps={{ 'aria-label': t.app.close }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t.tasks.projectName} value={name} required withAsterisk={false} maxLength={80} data-autofocus error={isNameWrong ? wordsOf(change.error, t) : undefined}
            onChange={event => {
              setName(event.currentTarget.value)
              if (change.error) change.reset()
            }}
          />
          {change.error && !isNameWrong && <Trouble error={change.error} />}
          <Group justify={project ? 'space-between' : 'flex-end'}>
            {project && (
              <Button variant="light" color="red" onClick={() => void remove(project)}>
                {t.app.delete}
              </Button>
            )}
            <Button type="submit" loading={change.isPending} disabled={!name.trim()}>
              {t.app.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
