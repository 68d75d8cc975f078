import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiError, ask, type Schemas } from '../../api/client'
import { devicesQuery } from '../../api/devices'

/** An attempt to link; one that was begun elsewhere, or before the page was loaded again, comes without its first code. */
export type Attempt = Pick<Schemas['LinkDeviceAnswer'], 'attemptId' | 'deviceId' | 'expiresAt'> & Partial<Pick<Schemas['LinkDeviceAnswer'], 'qrCode' | 'qrCodeData' | 'pairingCode'>>
export type AttemptStatus = Schemas['AttemptStatus']
export type Code = Schemas['DeviceCode']
export type Method = 'qr_code' | 'pairing_code'

const wa = '/api/integrations/whatsapp'
const ends = ['success', 'failed', 'expired', 'cancelled']
export const hasEnded = (status: string | undefined) => status !== undefined && ends.includes(status)

export const underWayQuery = queryOptions({
  queryKey: ['linking', 'under-way'],
  queryFn: async () => (await ask(api.GET(`${wa}/device/link`))).items,
})

export const attemptQuery = (attemptId: string) =>
  queryOptions({
    queryKey: ['linking', attemptId],
    queryFn: () => ask(api.GET(`${wa}/device/link/{attemptId}/status`, { params: { path: { attemptId } } })),
    staleTime: 0,
    refetchInterval: query => (hasEnded(query.state.data?.status) ? false : 2_000),
  })

/** What is to be shown now: a QR code, a code to type, or what the passkey is asked; null when there is nothing. */
export const codeQuery = (deviceId: string) =>
  queryOptions({
    queryKey: ['linking', deviceId, 'code'],
    queryFn: async (): Promise<Code | null> => {
      try {
        return await ask(api.GET(`${wa}/device/{id}/code`, { params: { path: { id: deviceId } } }))
      } catch (e) {
        if (e instanceof ApiError && (e.status === 404 || e.status === 410)) return null
        throw e
      }
    },
    staleTime: 0,
  })

export const phoneLinksQuery = queryOptions({
  queryKey: ['phone-links'],
  queryFn: async () => (await ask(api.GET(`${wa}/link`))).items,
})

export const whatsAppSettingsQuery = queryOptions({
  queryKey: ['whatsapp-settings'],
  queryFn: () => ask(api.GET('/api/settings/whatsapp')),
})

export interface LinkWish {
  method: Method
  phoneNumber: string | null
  /** Of one that is linked again it stays what it was. */
  network: 'live' | 'sandbox' | null
  /** A device that was logged out, to be linked again in its own row. */
  deviceId: string | null
}

/** Linked devices, and the attempt to link one that is under way. */
export function useWhatsAppDevice() {
  const client = useQueryClient()
  const { data: devices, isPending: isLoading, error } = useQuery(devicesQuery)
  const [activeLinkingAttempt, setAttempt] = useState<Attempt | null>(null)
  const renew = () => client.invalidateQueries({ queryKey: devicesQuery.queryKey })

  const start = useMutation({
    mutationFn: (wish: LinkWish) => ask(api.POST(`${wa}/device/link`, { body: wish })),
    onSuccess: setAttempt,
  })
  const cancel = useMutation({
    mutationFn: (attemptId: string) => ask(api.DELETE(`${wa}/device/link/{attemptId}`, { params: { path: { attemptId } } })),
  })
  const renewCode = useMutation({
    mutationFn: (attempt: Attempt) => ask(api.POST(`${wa}/device/link/{attemptId}/refresh`, { params: { path: { attemptId: attempt.attemptId } } })),
    onSuccess: attempt => {
      setAttempt(attempt)
      void client.invalidateQueries({ queryKey: ['linking'] })
    },
  })
  const refresh = useMutation({
    mutationFn: (id: string) => ask(api.POST(`${wa}/device/{id}/refresh`, { params: { path: { id } } })),
    onSettled: renew,
  })
  const unlink = useMutation({
    mutationFn: (id: string) => ask(api.DELETE(`${wa}/device/{id}`, { params: { path: { id } } })),
    onSettled: renew,
  })
  const change = useMutation({
    mutationFn: ({ id, ...wanted }: { id: string } & Partial<Schemas['DeviceChange']>) =>
      ask(api.PATCH(`${wa}/device/{id}`, { params: { path: { id } }, body: wanted })),
    // Shown at once; what was refused is read anew.
    onMutate: ({ id, consent }) =>
      client.setQueryData(devicesQuery.queryKey, all =>
        all?.map(device => (device.id === id ? { ...device, consent: { chats: consent?.chats ?? device.consent.chats, assistant: consent?.assistant ?? device.consent.assistant } } : device)),
      ),
    onSettled: renew,
  })

  return {
    devices,
    isLoading,
    error,
    activeLinkingAttempt,
    startLinking: start,
    resumeLinking: setAttempt,
    renewCode,
    cancelLinking: () => {
      // What has ended meanwhile needs no cancelling.
      if (activeLinkingAttempt) cancel.mutate(activeLinkingAttempt.attemptId)
      setAttempt(null)
    },
    endLinking: () => {
      setAttempt(null)
      start.reset()
      void renew()
    },
    refreshDevice: refresh,
    unlinkDevice: unlink,
    changeDevice: change,
  }
}

export type WhatsAppDevice = ReturnType<typeof useWhatsAppDevice>
