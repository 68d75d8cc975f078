import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ApiError, ask } from '../../api/client'
import { useT } from '../../i18n/language'
import { play } from './sandbox'

const wa = '/api/integrations/whatsapp'

interface Signed {
  credentialId: string
  assertion: string
}

/** What the phone does with the linking that is under way in this account, in whatever window it is shown. */
export function useScan(number: string) {
  const t = useT()
  const client = useQueryClient()

  const noCode = () => new ApiError(404, { code: 'NO_CODE', detail: t.sandbox.noCode })

  async function underWay() {
    const [attempt] = (await ask(api.GET(`${wa}/device/link`))).items
    if (!attempt) throw noCode()
    const code = await ask(api.GET(`${wa}/device/{id}/code`, { params: { path: { id: attempt.deviceId } } }))
    return { attemptId: attempt.attemptId, code }
  }

  const scan = useMutation({
    mutationFn: async () => {
      const { code } = await underWay()
      if (!code.qrCodeData) throw noCode()
      await play('POST', `/phones/${number}/scan`, { qr: code.qrCodeData })
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['linking'] }),
  })

  /** The account's passkey signs what WhatsApp asks; or, when that is done, the phone's owner agrees to the companion. */
  const passkey = useMutation({
    mutationFn: async () => {
      const { attemptId, code } = await underWay()
      if (code.passkeyOptions) {
        const { credentialId, assertion } = await play<Signed>('POST', `/phones/${number}/passkey/assertion`, { options: JSON.stringify(code.passkeyOptions) })
        await ask(api.POST(`${wa}/device/link/{attemptId}/passkey`, { params: { path: { attemptId } }, body: { credentialId, assertion: JSON.parse(assertion) as unknown } }))
      }
      await play('POST', `/phones/${number}/passkey`, { confirm: true })
    },
  })
  return { scan, passkey }
}
