import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { newestFirst, renew as renewQueries } from '../../api/newest-first'

export type Message = Schemas['MessageView']
export type Chat = Schemas['ChatView']

const wa = '/api/integrations/whatsapp'

const chatsQuery = (device: string) =>
  queryOptions({
    queryKey: ['chats', device],
    queryFn: async () => (await ask(api.GET(`${wa}/device/{id}/chats`, { params: { path: { id: device }, query: { limit: 200 } } }))).items,
  })

export const isGroup = (chat: Chat) => chat.chat.endsWith('@g.us')

const groupNamesQuery = (device: string) =>
  queryOptions({
    queryKey: ['groups', device],
    queryFn: async () => new Map((await ask(api.GET(`${wa}/device/{id}/groups`, { params: { path: { id: device } } }))).items.map(group => [group.group, group.subject])),
  })

/** Chats with their names; those of groups are asked of WhatsApp, so they may come later or not at all. */
export function useChats(device: string) {
  const { data: chats, error, refetch } = useQuery(chatsQuery(device))
  const { data: names } = useQuery({ ...groupNamesQuery(device), enabled: chats?.some(isGroup) ?? false })
  const data = useMemo(() => (names ? chats?.map(chat => (isGroup(chat) ? { ...chat, name: names.get(chat.chat) ?? chat.name } : chat)) : chats), [chats, names])
  return { data, error, refetch }
}

export const messagesQuery = (device: string, chat: string | null, search: string) =>
  newestFirst(['messages', device, chat, search], cursor =>
    ask(
      api.GET(`${wa}/device/{id}/messages`, {
        params: { path: { id: device }, query: { limit: 100, chat: chat ?? undefined, search: search || undefined, cursor: cursor ?? undefined } },
      }),
    ),
  )

export const mediaUrl = (device: string, message: Message) => `${wa}/device/${device}/messages/${message.id}/media`

export const undoSeconds = 8

export interface Outgoing {
  key: string
  to: string
  text: string
  file: File | null
  replyTo: string | null
}

/** What a file is sent as. */
function typeOf(file: File): string {
  const [kind] = file.type.split('/')
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document'
}

export function useMessageChanges(device: string) {
  const client = useQueryClient()
  const renew = () => {
    void renewQueries(client, ['messages', device])
    void client.invalidateQueries({ queryKey: ['chats', device] })
  }
  const path = { id: device }
  const send = useMutation({
    mutationFn: ({ key, to, text, file, replyTo }: Outgoing) => {
      const headers = { 'Idempotency-Key': key }
      if (!file) return ask(api.POST(`${wa}/device/{id}/send`, { params: { path }, headers, body: { to, message: text, replyTo, undoSeconds } }))
      const form = new FormData()
      const type = typeOf(file)
      const fields = { to, messageType: type, undoSeconds: String(undoSeconds), ...(text && type !== 'audio' && { message: text }), ...(replyTo && { replyTo }), ...(type === 'document' && { fileName: file.name }) }
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      form.append('file', file)
      return ask(api.POST(`${wa}/device/{id}/send`, { params: { path }, headers, body: form as never, bodySerializer: body => body as never }))
    },
    onSettled: renew,
  })
  const undo = useMutation({
    mutationFn: (message: string) => ask(api.DELETE(`${wa}/device/{id}/send/{message}`, { params: { path: { id: device, message } } })),
    onSettled: renew,
  })
  const keep = useMutation({
    mutationFn: ({ chat, kept }: { chat: string; kept: boolean }) => ask(api.PUT(`${wa}/device/{id}/chats/{chat}`, { params: { path: { id: device, chat } }, body: { kept } })),
    onSettled: renew,
  })
  const erase = useMutation({
    mutationFn: (chat: string) => ask(api.DELETE(`${wa}/device/{id}/chats/{chat}/messages`, { params: { path: { id: device, chat } } })),
    onSettled: renew,
  })
  const markRead = useMutation({
    mutationFn: (ids: string[]) => ask(api.POST(`${wa}/device/{id}/messages/read`, { params: { path }, body: { ids } })),
    onSuccess: renew,
  })
  return { send, undo, keep, erase, markRead }
}

export type MessageChanges = ReturnType<typeof useMessageChanges>
