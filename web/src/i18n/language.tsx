import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { en } from './en'
import { es, type Texts } from './es'

export type Language = 'es' | 'en'
export const languages: Record<Language, string> = { es: 'Español', en: 'English' }

const texts: Record<Language, Texts> = { es, en }
const kept = 'focobot.language'

interface Spoken {
  language: Language
  t: Texts
  choose: (language: Language) => void
}

const Context = createContext<Spoken | null>(null)

/** What was chosen here before, else what the browser speaks. */
function first(): Language {
  const chosen = localStorage.getItem(kept)
  if (chosen === 'es' || chosen === 'en') return chosen
  return navigator.language.startsWith('en') ? 'en' : 'es'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState<Language>(first)
  useEffect(() => {
    localStorage.setItem(kept, language)
    document.documentElement.lang = language
  }, [language])
  const spoken = useMemo(() => ({ language, t: texts[language], choose }), [language])
  return <Context value={spoken}>{children}</Context>
}

export function useLanguage(): Spoken {
  const spoken = useContext(Context)
  if (!spoken) throw new Error('No language is set.')
  return spoken
}

export const useT = () => useLanguage().t
