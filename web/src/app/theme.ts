import { Alert, Badge, createTheme, type MantineColorsTuple, type ModalProps } from '@mantine/core'

// One accent. Its shades 6 to 8 are dark enough for white text.
const leaf: MantineColorsTuple = ['#e8f8f1', '#d3ede2', '#a7dac4', '#77c6a4', '#50b589', '#37ab77', '#0f7a52', '#0b6a47', '#085b3c', '#034d31']

export const theme = createTheme({
  primaryColor: 'leaf',
  primaryShade: { light: 6, dark: 6 },
  colors: { leaf },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: '-apple-system, "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif',
  headings: { fontWeight: '650' },
  components: {
    // Light colours are no colours for words.
    Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-text)' } } }),
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    // A page has one banner. By name: dialogs are read when the first one opens.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } satisfies Partial<ModalProps> },
  },
})
