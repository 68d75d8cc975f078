import { useEffect, useState } from 'react'

/** Whole seconds until then, each second anew; 0 when it is past. */
export function useSecondsUntil(at: string | number | null): number {
  const [now, setNow] = useState(Date.now)
  const end = at === null ? 0 : new Date(at).getTime()
  useEffect(() => {
    if (end <= Date.now()) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [end])
  return Math.max(0, Math.ceil((end - Math.max(now, 0)) / 1_000))
}
