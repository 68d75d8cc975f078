import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '../../api/client'
import { newestFirst, renew } from '../../api/newest-first'

export type Said = Schemas['SaidView']
type Page = Schemas['PageOfSaidView']

/** What was said in the web chat, newest first, a page at a time. */
export const chatQuery = newestFirst(['chat'], cursor => ask(api.GET('/api/chat', { params: { query: { cursor: cursor ?? undefined, limit: 50 } } })))

/** Says something. It is on screen at once; with the same id it can be said again without being done twice. */
export function useTalk() {
  const client = useQueryClient()
  return useMutation({
    mutationKey: ['say'],
    mutationFn: ({ id, text }: { id: string; text: string }) => ask(api.POST('/api/chat', { body: { text, messageId: id } })),
    onSuccess: (answer, { id, text }) => {
      const at = new Date().toISOString()
      const said: Said[] = [{ id, role: 'user', text, at }]
      if (answer.reply) said.unshift({ id: `${id}:reply`, role: 'assistant', text: answer.reply, at })
      client.setQueryData<InfiniteData<Page, string | null>>(chatQuery.queryKey, data => {
        const [newest, ...rest] = data?.pages ?? []
        return newest && data ? { ...data, pages: [{ ...newest, items: [...said, ...newest.items] }, ...rest] } : data
      })
    },
    onSettled: () => renew(client, chatQuery.queryKey),
  })
}
