import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Schemas } from './client'

export type Device = Schemas['DeviceView']
export type DeviceStatus = Schemas['DeviceStatus']

const wa = '/api/integrations/whatsapp'

/** The account's linked devices; phones of the business channel stand in the same table and are left out. */
export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: async () => (await ask(api.GET(`${wa}/devices`))).devices.filter(device => device.linkedAt !== null || device.status !== 'pending'),
})

export const deviceStatusQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', id, 'status'],
    queryFn: () => ask(api.GET(`${wa}/device/{id}/status`, { params: { path: { id } } })),
    // Health is also what does not happen, and no event tells of that.
    refetchInterval: 30_000,
  })

export const nameOf = (device: Device, unnamed: string) => device.deviceName || device.pushName || device.phoneNumber || unnamed
