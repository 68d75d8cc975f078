import { Fragment, type ReactNode } from 'react'

const marks: [pattern: RegExp, render: (text: string) => ReactNode][] = [
  [/\*([^*\n]+)\*/, text => <strong>{text}</strong>],
  [/(?<![\w])_([^_\n]+)_(?![\w])/, text => <em>{text}</em>],
  [/~([^~\n]+)~/, text => <s>{text}</s>],
]

/** A text with WhatsApp's *bold*, _italic_ and ~struck~. */
export function Rich({ text }: { text: string }) {
  return <>{render(text, 0)}</>
}

function render(text: string, from: number): ReactNode {
  const mark = marks[from]
  if (!mark) return text
  const [pattern, show] = mark
  // Each match is one captured group, so that plain and marked parts alternate.
  return text.split(pattern).map((part, i) => <Fragment key={i}>{i % 2 ? show(part) : render(part, from + 1)}</Fragment>)
}
