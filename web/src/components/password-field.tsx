import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useT } from '../i18n/language'

interface Props extends Omit<PasswordInputProps, 'onChange' | 'required'> {
  /** A new one, which the browser may make up and keep. */
  isNew?: boolean
  onChange: (password: string) => void
}

/** Where a password is typed. */
export function PasswordField({ isNew = false, onChange, ...rest }: Props) {
  const t = useT()
  return (
    <PasswordInput
      {...rest} required withAsterisk={false} autoComplete={isNew ? 'new-password' : 'current-password'} description={isNew ? t.account.passwordHint : undefined}
      visibilityToggleButtonProps={{ 'aria-label': t.account.showPassword }} onChange={event => onChange(event.currentTarget.value)}
    />
  )
}
