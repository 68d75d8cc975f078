import { askEarly } from '../api/early'

interface Need {
  page: RegExp
  asks: readonly string[]
  /** Its code, which the router takes up later. */
  code?: () => Promise<unknown>
}

const always = ['/api/app', '/api/auth/me', '/api/events?newest=true']

/** What the pages that people come to need at once; the first that fits counts. */
const needs: readonly Need[] = [
  { page: /^\/(sign-in|register|reset-password|confirm-)/, asks: [] },
  { page: /^\/(chat)?$/, asks: [...always, '/api/chat?limit=50'], code: () => import('../features/chat/chat-page') },
  { page: /^\/tasks$/, asks: [...always, '/api/projects', '/api/tasks?limit=200'], code: () => import('../features/tasks/tasks-page') },
  { page: /./, asks: always },
]

// The first module that runs: the answers are there when the others have been read.
const need = location.search === '' ? needs.find(({ page }) => page.test(location.pathname)) : undefined
askEarly(need?.asks ?? [])
need?.code?.().catch(() => undefined)
