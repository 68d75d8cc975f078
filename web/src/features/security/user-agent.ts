// The more special come first: Edge says it is Chrome, and Chrome that it is Safari.
const browsers: readonly (readonly [sign: RegExp, name: string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const systems: readonly (readonly [sign: RegExp, name: string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
]

/** A browser in a few words; what is not known by name is shown as it calls itself. */
export function nameOfAgent(userAgent: string | null): string {
  if (!userAgent) return '?'
  const find = (list: typeof browsers) => list.find(([sign]) => sign.test(userAgent))?.[1]
  const browser = find(browsers)
  return browser ? [browser, find(systems)].filter(Boolean).join(' · ') : userAgent
}
