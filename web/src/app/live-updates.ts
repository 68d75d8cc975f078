import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { api, ask, type Schemas } from '../api/client'
import { renew } from '../api/newest-first'

export type LiveState = 'ok' | 'polling' | 'stale'

type Happened = Schemas['LoggedEvent']
type Listener = (happened: Happened) => void

const pollEvery = 2_000
const together = 50
const shortestPause = 500
const longestPause = 15_000
const shortestGoodLife = 2_000
/** Where so many sockets in a row can't be opened although the server answers, something between keeps them out: then the log is polled, */
const patience = 2
/** and after so many times a socket is tried again. */
const pollsBetween = 15

/** Which queries an event makes old, by the beginning of its type; the first that fits counts. */
const touched: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['task.', ['tasks']],
  ['project.', ['projects', 'tasks']],
  ['settings.', ['settings', 'me', 'whatsapp-settings']],
  ['chat.', ['chat']],
  ['device.message', ['messages', 'chats']],
  ['device.receipt', ['messages', 'chats']],
  ['device.', ['devices', 'phone-links', 'linking']],
  ['phone.', ['phone-links']],
  ['account.', ['me', 'devices', 'sessions']],
]

/**
 * The account's event log, followed by one WebSocket that goes on where it broke off. Where none can be opened, the log is polled; where nothing answers, what is on screen is said to be stale.
 */
class LiveUpdates {
  state: LiveState = 'ok'
  /** The last event seen. */
  private seq: number
  private socket: WebSocket | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewing: ReturnType<typeof setTimeout> | undefined
  private readonly old = new Set<string>()
  private silences = 0
  private blocked = 0
  private polls = 0
  /** Counts starts, so that what was begun before the last stop does not go on. */
  private run = 0
  private readonly watchers = new Set<() => void>()
  private readonly listeners = new Set<Listener>()
  private readonly client: QueryClient

  constructor(client: QueryClient, start: number) {
    this.client = client
    this.seq = start
  }

  subscribe = (watcher: () => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** Tells of each event. */
  listen(listener: Listener) {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  start() {
    this.run++
    void this.follow()
  }

  stop() {
    this.run++
    clearTimeout(this.timer)
    this.socket?.close()
    this.socket = null
  }

  private async follow() {
    const run = this.run
    const isReached = await this.catchUp()
    if (run !== this.run) return
    if (!isReached) {
      this.be('stale')
      return this.again(Math.min(longestPause, shortestPause * 2 ** this.silences++))
    }

    this.silences = 0
    if (this.blocked < patience || this.polls >= pollsBetween) return this.open()
    this.polls++
    this.be('polling')
    this.again(pollEvery)
  }

  private open() {
    this.polls = 0
    const address = new URL(`/api/events/stream?after=${this.seq}`, location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    const socket = new WebSocket(address)
    this.socket = socket
    let openedAt = Number.POSITIVE_INFINITY
    socket.addEventListener('open', () => {
      openedAt = performance.now()
      this.be('ok')
    })
    socket.addEventListener('message', message => this.take(JSON.parse(message.data as string) as Happened))
    socket.addEventListener('close', () => {
      if (this.socket !== socket) return
      this.socket = null
      // Some that keep sockets out let them open first.
      const wasGood = performance.now() - openedAt > shortestGoodLife
      this.blocked = wasGood ? 0 : this.blocked + 1
      if (wasGood) this.be('stale')
      this.again(shortestPause)
    })
  }

  /** Reads what has happened since the last look. False when the server can't be reached. */
  private async catchUp(): Promise<boolean> {
    try {
      for (;;) {
        const after = this.seq
        const page = await ask(api.GET('/api/events', { params: { query: { after } } }))
        for (const happened of page.items) this.take(happened)
        if (page.nextCursor === after) return true
        this.seq = Math.max(this.seq, page.nextCursor)
      }
    } catch {
      return false
    }
  }

  private again(pause: number) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.follow(), pause)
  }

  private take(happened: Happened) {
    if (happened.seq <= this.seq) return
    this.seq = happened.seq
    this.renew(touched.find(([prefix]) => happened.type.startsWith(prefix))?.[1] ?? [])
    for (const listener of this.listeners) listener(happened)
  }

  /** Queries are read anew once for all that happens together. */
  private renew(keys: readonly string[]) {
    for (const key of keys) this.old.add(key)
    if (this.old.size === 0 || this.renewing !== undefined) return
    this.renewing = setTimeout(() => {
      this.renewing = undefined
      for (const key of this.old) void renew(this.client, [key])
      this.old.clear()
    }, together)
  }

  private be(state: LiveState) {
    if (this.state === state) return
    this.state = state
    for (const watcher of this.watchers) watcher()
  }
}

export type { LiveUpdates }

export const readLogEnd = async () => (await ask(api.GET('/api/events', { params: { query: { newest: true } } }))).nextCursor

/** Where the log ends. Asked before anything else is, so that whatever is read later is older than no event that is missed. */
export const logEndQuery = (account: string) =>
  queryOptions({
    queryKey: ['log-end', account],
    queryFn: readLogEnd,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Follows the log, from where it ended, for as long as the caller is on screen. */
export function useLiveUpdates(start: number): LiveUpdates {
  const client = useQueryClient()
  const [live] = useState(() => new LiveUpdates(client, start))
  useEffect(() => {
    live.start()
    return () => live.stop()
  }, [live])
  return live
}

export const useLiveState = (live: LiveUpdates) => useSyncExternalStore(live.subscribe, () => live.state)
