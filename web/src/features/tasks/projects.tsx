import { ActionIcon, Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { EditIcon } from '../../components/icons'
import { useT } from '../../i18n/language'
import { type Project, projectsQuery, type TaskChanges } from './queries'

const ProjectDialog = lazy(async () => ({ default: (await import('./project-dialog')).ProjectDialog }))

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
      <Suspense>{edited && <ProjectDialog project={edited === 'new' ? null : edited} onChange={onChange} onClose={() => setEdited(null)} changes={changes} />}</Suspense>
    </>
  )
}
