import { type ReactNode, useId } from 'react'
import classes from './choice.module.css'

interface Props<T extends string> {
  label: string
  value: T
  choices: readonly (readonly [value: T, words: ReactNode])[]
  onChange: (value: T) => void
}

/** One of a few, side by side. The browser's own radio buttons: nothing is measured, so nothing is laid out twice. */
export function Choice<T extends string>({ label, value, choices, onChange }: Props<T>) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className={classes.all}>
      {choices.map(([one, words]) => (
        <label key={one} className={classes.one}>
          <input type="radio" name={name} value={one} checked={one === value} className={classes.radio} onChange={() => onChange(one)} />
          {words}
        </label>
      ))}
    </div>
  )
}
