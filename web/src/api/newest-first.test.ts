import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { joined, newestFirst, renew } from './newest-first'

const page = (from: number, to: number, nextCursor: string | null = null) => ({ items: Array.from({ length: from - to + 1 }, (_, i) => ({ id: String(from - i) })), nextCursor })
const ids = (data: { pages: { items: { id: string }[] }[] } | undefined) => data?.pages.flatMap(one => one.items.map(item => Number(item.id)))
const down = (from: number, to: number) => page(from, to).items.map(item => Number(item.id))

test('what came is put before what was there, and the way back stays', () => {
  const known = { pages: [page(10, 6, 'a'), page(5, 1, 'b')], pageParams: [null, 'a'] }
  const after = joined(known, page(12, 8, 'c'))
  expect(ids(after)).toEqual(down(12, 1))
  expect(after.pages.at(-1)?.nextCursor).toBe('b')
  expect(after.pageParams).toEqual([null, 'c'])
})

test('what is gone from the newest page is gone', () => {
  const after = joined({ pages: [page(5, 1)], pageParams: [null] }, { items: [{ id: '5' }, { id: '3' }], nextCursor: 'x' })
  expect(ids(after)).toEqual([5, 3, 2, 1])
})

test('where more came than a page holds, nothing is left out between', () => {
  const after = joined({ pages: [page(5, 1, null)], pageParams: [null] }, page(20, 16, 'x'))
  expect(ids(after)).toEqual(down(20, 16))
  expect(after.pages.at(-1)?.nextCursor).toBe('x')
})

test('an emptied list is empty', () => {
  expect(ids(joined({ pages: [page(5, 1)], pageParams: [null] }, { items: [], nextCursor: null }))).toEqual([])
})

const client = new QueryClient()
beforeEach(() => client.mount())
afterEach(() => {
  client.unmount()
  client.clear()
})

test('renewing reads one page, however many were read before', async () => {
  let newest = 300
  const read = vi.fn(async (cursor: string | null) => {
    const from = cursor === null ? newest : Number(cursor)
    return page(from, from - 99, from > 100 ? String(from - 100) : null)
  })
  const observer = new InfiniteQueryObserver(client, newestFirst(['list'], read))
  const stop = observer.subscribe(() => {})
  await vi.waitFor(() => expect(observer.getCurrentResult().isSuccess).toBe(true))
  await observer.fetchNextPage()
  await observer.fetchNextPage()
  read.mockClear()
  newest = 310
  await renew(client, ['list'])
  expect(read.mock.calls).toEqual([[null]])
  expect(ids(observer.getCurrentResult().data)).toEqual(down(310, 1))
  stop()
})

test('an answer that was overtaken is not shown', async () => {
  const answers: ((value: ReturnType<typeof page>) => void)[] = []
  const read = () => new Promise<ReturnType<typeof page>>(resolve => answers.push(resolve))
  const observer = new InfiniteQueryObserver(client, newestFirst(['list'], read))
  const stop = observer.subscribe(() => {})
  answers[0]?.(page(3, 1))
  await vi.waitFor(() => expect(observer.getCurrentResult().isSuccess).toBe(true))
  const renewals = [renew(client, ['list']), renew(client, ['list'])]
  answers[2]?.(page(5, 1))
  await renewals[1]
  answers[1]?.(page(4, 1))
  await renewals[0]
  expect(ids(observer.getCurrentResult().data)).toEqual(down(5, 1))
  stop()
})
