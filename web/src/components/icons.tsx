import type { ReactNode } from 'react'

/** Our own few drawings, on a grid of 24. They go beside words, which say what they mean. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {children}
    </svg>
  )
}

export const ChatIcon = () => <Icon><path d="M4 5h16v11H9l-5 4z" /></Icon>
export const TasksIcon = () => <Icon><path d="m4 6 1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11 6.5h9M11 12.5h9M11 18.5h9" /></Icon>
export const MessagesIcon = () => <Icon><path d="M3 6h18v12H3zM3 7l9 6 9-6" /></Icon>
export const PhoneIcon = () => <Icon><path d="M7 3h10v18H7zM11 18h2" /></Icon>
export const ShieldIcon = () => <Icon><path d="M12 3 5 6v6c0 4 3 7 7 9 4-2 7-5 7-9V6z" /></Icon>
export const SlidersIcon = () => <Icon><path d="M4 7h9M17 7h3M4 17h3M11 17h9M13 5v4M9 15v4" /></Icon>
export const PeopleIcon = () => <Icon><path d="M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 5a3 3 0 0 1 0 6M17 14c2 .5 4 2 4 5" /></Icon>
export const FlaskIcon = () => <Icon><path d="M10 3h4M11 3v6l-6 10h14L13 9V3" /></Icon>
export const MenuIcon = () => <Icon><path d="M4 6h16M4 12h16M4 18h16" /></Icon>
export const CloseIcon = () => <Icon><path d="m6 6 12 12M18 6 6 18" /></Icon>
export const SendIcon = () => <Icon><path d="m4 4 17 8-17 8 3-8zM7 12h14" /></Icon>
export const CopyIcon = () => <Icon><path d="M9 9h11v11H9zM5 15H4V4h11v1" /></Icon>
export const EditIcon = () => <Icon><path d="m4 20 1-5L16 4l4 4L9 19zM14 6l4 4" /></Icon>
export const TrashIcon = () => <Icon><path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13" /></Icon>
export const PlusIcon = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>
export const ClipIcon = () => <Icon><path d="m20 11-8 8a5 5 0 0 1-7-7l8-8a3.5 3.5 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7" /></Icon>
export const RepeatIcon = () => <Icon><path d="M4 12V9a3 3 0 0 1 3-3h12l-3-3M20 12v3a3 3 0 0 1-3 3H5l3 3" /></Icon>
export const BackIcon = () => <Icon><path d="m14 5-7 7 7 7" /></Icon>

/** FocoBot's own sign, as in favicon.svg; drawn in the page, as a picture from a file is a document of its own to the browser. */
export const Mark = ({ size }: { size: number }) => (
  <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
    <rect width="64" height="64" rx="16" fill="#0f7a52" />
    <path d="M14 17h36v26H30l-12 9v-9h-4z" fill="#fff" />
    <path d="m23 30 6 6 12-12" fill="none" stroke="#0f7a52" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
)
