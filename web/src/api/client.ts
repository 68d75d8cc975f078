import createClient from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** What the server refuses: RFC 9457 with a `code` of ours. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** The part of what was sent that is wrong. */
  readonly field: string | undefined
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined

  constructor(status: number, problem: Partial<Schemas['Problem']> & { retryAfterSeconds?: number }) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.status = status
    this.code = problem.code ?? 'UNKNOWN'
    this.field = problem.field
    this.retryAfter = problem.retryAfterSeconds
  }
}

/** The server could not be reached at all. */
export class OfflineError extends Error {}

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '' })

api.use({
  onError: () => new OfflineError('The server does not answer.'),
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's body, or an `ApiError`. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request
  if (!response.ok) throw new ApiError(response.status, isObject(error) ? error : {})
  return data as T
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

