import { ActionIcon, Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { ApiError } from '../../api/client'
import { useConfirm } from '../../components/confirm'
import { EditIcon } from '../../components/icons'
import { useSay } from '../../components/say'
import { Trouble, wordsOf } from '../../components/trouble'
import { useT } from '../../i18n/language'
import { type Project, projectsQuery, type TaskChanges } from './queries'

interface Props {
  project: string | null
  onChange: (project: string | null) => void
  changes: TaskChanges
}

/** Chooses the project whose tasks are shown; projects are made, renamed and deleted here, too. */
export function ProjectPicker({ project, onChange, changes }: Props) {
  const t = useT()
  const { data: projects = [] } = useQuery(projectsQuery)
  const [edited, setEdited] = useState<Project | 'new' | null>(null)
  const chosen = projects.find(one => one.id === project)
  return (
    <>
      <NativeSelect
        label={t.tasks.project} flex="1 1 140px" value={project ?? ''} onChange={event => onChange(event.currentTarget.value || null)}
        data={[{ value: '', label: t.tasks.anyProject }, ...projects.map(one => ({ value: one.id, label: one.name }))]}
      />
      {chosen && (
        <ActionIcon variant="default" size={36} aria-label={t.tasks.edit(chosen.name)} onClick={() => setEdited(chosen)}>
          <EditIcon />
        </ActionIcon>
      )}
      <Button variant="default" onClick={() => setEdited('new')}>
        {t.tasks.newProject}
      </Button>
      {edited && <ProjectDialog project={edited === 'new' ? null : edited} onChange={onChange} onClose={() => setEdited(null)} changes={changes} />}
    </>
  )
}

function ProjectDialog({ project, onChange, onClose, changes }: Omit<Props, 'project'> & { project: Project | null; onClose: () => void }) {
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
