import { Stack, Text, UnstyledButton } from '@mantine/core'
import { useDates } from '../../i18n/dates'
import type { Texts } from '../../i18n/es'
import { useT } from '../../i18n/language'
import classes from './messages.module.css'
import { type Chat, isGroup } from './queries'

export const titleOf = (chat: Chat, t: Texts) => (chat.isOwn ? t.messages.own : (chat.name ?? chat.number ?? (isGroup(chat) ? t.messages.group : chat.chat)))

/** Whether an address, or a number as people write it, is this chat's. */
export const isOf = (chat: Chat, address: string | null) =>
  address !== null && (chat.chat === address || chat.alternate === address || (address.startsWith('+') && chat.number?.replace(/\D/g, '') === address.replace(/\D/g, '')))

export function ChatList({ chats, open, onOpen }: { chats: Chat[]; open: Chat | null; onOpen: (chat: string) => void }) {
  const t = useT()
  const dates = useDates()
  return (
    <Stack component="ul" gap={2} className={classes.list}>
      {chats.map(chat => {
        const isOpen = chat.chat === open?.chat
        return (
          <li key={chat.chat}>
            <UnstyledButton className={classes.chat} data-open={isOpen || undefined} aria-current={isOpen ? 'true' : undefined} onClick={() => onOpen(chat.chat)}>
              <Text truncate>{titleOf(chat, t)}</Text>
              {chat.lastMessageAt && (
                <Text size="xs" c="dimmed">
                  {dates.moment(chat.lastMessageAt)}
                </Text>
              )}
            </UnstyledButton>
          </li>
        )
      })}
    </Stack>
  )
}
