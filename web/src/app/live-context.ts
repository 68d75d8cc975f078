import { createContext, useContext, useEffect, useRef } from 'react'
import type { Schemas } from '../api/client'
import type { LiveUpdates } from './live-updates'

export const LiveContext = createContext<LiveUpdates | null>(null)

/** Calls back for each event of the account while the caller is on screen. */
export function useLive(listener: (happened: Schemas['LoggedEvent']) => void) {
  const live = useContext(LiveContext)
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => live?.listen(happened => latest.current(happened)), [live])
}
