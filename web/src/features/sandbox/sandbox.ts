import { queryOptions } from '@tanstack/react-query'
import { ApiError, OfflineError } from '../../api/client'

/** A virtual phone as it stands. */
export interface Phone {
  phoneNumber: string
  pushName: string
  companions: string[]
}

export interface Shown {
  id: string
  from: string
  chat: string
  text: string | null
  kind: string
  at: string
}

/** Plays the offline network, which the server passes on in Development. */
export async function play<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/sandbox${path}`, { method, headers: body === undefined ? {} : { 'Content-Type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch(() => {
    throw new OfflineError('The sandbox does not answer.')
  })
  const text = await response.text()
  const read: unknown = text === '' ? null : JSON.parse(text)
  if (!response.ok) throw new ApiError(response.status, (read ?? {}) as object)
  return read as T
}

const every = 1_500

export const phoneQuery = (number: string) => queryOptions({ queryKey: ['sandbox', number], queryFn: () => play<Phone>('GET', `/phones/${number}`), refetchInterval: every })

export const shownQuery = (number: string) =>
  queryOptions({ queryKey: ['sandbox', number, 'messages'], queryFn: async () => (await play<{ items: Shown[] }>('GET', `/phones/${number}/messages`)).items, refetchInterval: every })
