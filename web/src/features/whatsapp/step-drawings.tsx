import type { ReactNode } from 'react'

/** A phone, with what is to be looked for on it. */
function Phone({ children }: { children: ReactNode }) {
  return (
    <svg width="44" height="72" viewBox="0 0 44 72" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <rect x="2" y="2" width="40" height="68" rx="7" />
      <path d="M18 6h8" />
      {children}
    </svg>
  )
}

const accent = 'var(--mantine-color-leaf-6)'

/** The menu in the corner (Android), or the settings at the bottom (iPhone). */
export const MenuDrawing = ({ isBelow }: { isBelow: boolean }) => (
  <Phone>
    <path d="M8 22h20M8 30h24M8 38h18" opacity="0.4" />
    {isBelow ? <circle cx="34" cy="61" r="4" stroke={accent} strokeWidth="2.4" /> : <path d="M35 13v.1M35 17v.1M35 21v.1" stroke={accent} strokeWidth="3.4" />}
  </Phone>
)

/** The list of linked devices, with its button. */
export const DevicesDrawing = () => (
  <Phone>
    <rect x="11" y="14" width="15" height="11" rx="1.5" />
    <path d="M8 29h21M31 17v10h4V17z" />
    <rect x="8" y="40" width="28" height="9" rx="4.5" fill={accent} stroke="none" />
    <path d="M8 57h20" opacity="0.4" />
  </Phone>
)

/** Where the eight letters go. */
export const CodeDrawing = () => (
  <Phone>
    <path d="M8 18h28" opacity="0.4" />
    <path d="M7 36h3.5M12 36h3.5M17 36h3.5M25 36h3.5M30 36h3.5M35 36h2" stroke={accent} strokeWidth="2.4" />
    <path d="M10 48h.1M18 48h.1M26 48h.1M34 48h.1M10 55h.1M18 55h.1M26 55h.1M34 55h.1" strokeWidth="3.2" opacity="0.5" />
  </Phone>
)
