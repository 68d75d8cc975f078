// The work of the parts, done by Baileys: a command per JSON line on stdin, an answer per line on stdout.
//   {"stanzas":["hex",…]} or {"signal":true}        makes ready
//   {"measure":"<operation>","milliseconds":600}    → {"aSecond":…}
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const packages = new URL('../../tests/interop/package.json', import.meta.url)
const find = name => import(pathToFileURL(createRequire(packages).resolve(name)))
const out = process.stdout.write.bind(process.stdout)
for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[level] = () => {}

const baileys = await find('baileys')
const { Curve, addTransactionCapability, decodeBinaryNode, encodeBinaryNode, generateSignalPubKey, initAuthCreds } = baileys
const { makeLibSignalRepository } = await import(new URL('../../tests/interop/node_modules/baileys/lib/Signal/libsignal.js', import.meta.url))

const silent = { level: 'silent', child: () => silent }
for (const level of ['trace', 'debug', 'info', 'warn', 'error']) silent[level] = () => {}
const batch = 200
const works = {}

async function prepareStanzas(hexes) {
  const encoded = hexes.map(hex => Buffer.from(hex, 'hex'))
  const nodes = await Promise.all(encoded.map(decodeBinaryNode))
  let at = 0
  works['encode a stanza'] = {
    run: async count => {
      for (let i = 0; i < count; i++) encodeBinaryNode(nodes[at++ % nodes.length])
    },
  }
  works['decode a stanza'] = {
    run: async count => {
      for (let i = 0; i < count; i++) await decodeBinaryNode(encoded[at++ % encoded.length])
    },
  }
}

function memoryKeys() {
  const kept = {}
  return {
    kept,
    get: async (type, ids) => Object.fromEntries(ids.map(id => [id, kept[type]?.[id]]).filter(([, value]) => value)),
    set: async data => {
      for (const type in data) {
        for (const id in data[type]) {
          if (data[type][id] === null) delete kept[type]?.[id]
          else (kept[type] ??= {})[id] = data[type][id]
        }
      }
    },
  }
}

function party() {
  const store = memoryKeys()
  const creds = initAuthCreds()
  const keys = addTransactionCapability(store, silent, { maxCommitRetries: 1, delayBetweenTriesMs: 1 })
  return { store, creds, repository: makeLibSignalRepository({ creds, keys }, silent, async () => []) }
}

async function prepareSignal() {
  const [alice, bob] = [party(), party()]
  const [aliceJid, bobJid] = ['100000000000001@lid', '100000000000002@lid']
  const group = '120363000000000000@g.us'
  const text = Buffer.concat([Buffer.alloc(45), Buffer.alloc(8, 8)])
  let lastPreKey = 0
  let waiting = []
  let bundles = []

  const bundle = () => {
    const pair = Curve.generateKeyPair()
    ;(bob.store.kept['pre-key'] ??= {})[++lastPreKey] = pair
    const { signedPreKey, signedIdentityKey, registrationId } = bob.creds
    return {
      registrationId,
      identityKey: generateSignalPubKey(signedIdentityKey.public),
      signedPreKey: { keyId: signedPreKey.keyId, publicKey: generateSignalPubKey(signedPreKey.keyPair.public), signature: signedPreKey.signature },
      preKey: { keyId: lastPreKey, publicKey: generateSignalPubKey(pair.public) },
    }
  }
  const pass = async (from, fromJid, to, toJid) => {
    const { type, ciphertext } = await from.repository.encryptMessage({ jid: toJid, data: text })
    await to.repository.decryptMessage({ jid: fromJid, type, ciphertext })
  }
  const turn = async () => {
    await pass(alice, aliceJid, bob, bobJid)
    await pass(bob, bobJid, alice, aliceJid)
  }
  const share = async () => {
    delete alice.store.kept['sender-key']
    const { senderKeyDistributionMessage } = await alice.repository.encryptGroupMessage({ group, meId: aliceJid, data: text })
    await bob.repository.processSenderKeyDistributionMessage({
      item: { groupId: group, axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage },
      authorJid: aliceJid,
    })
  }
  const each = once => ({
    run: async count => {
      for (let i = 0; i < count; i++) await once(i)
    },
  })
  const jidOf = i => `2000000${i}@lid`

  await alice.repository.injectE2ESession({ jid: bobJid, session: bundle() })
  await turn()
  await share()

  works['encrypt, same chain'] = {
    run: async count => {
      // Nobody gets these: afterwards everything is as before.
      const before = { ...alice.store.kept.session }
      for (let i = 0; i < count; i++) await alice.repository.encryptMessage({ jid: bobJid, data: text })
      alice.store.kept.session = before
    },
  }
  works['decrypt, same chain'] = {
    prepare: async count => {
      await turn()
      waiting = []
      for (let i = 0; i < count; i++) waiting.push((await alice.repository.encryptMessage({ jid: bobJid, data: text })).ciphertext)
    },
    ...each(i => bob.repository.decryptMessage({ jid: aliceJid, type: 'msg', ciphertext: waiting[i] })),
  }
  works['ratchet turn there and back (2 encrypted, 2 decrypted)'] = each(turn)
  works['new session from a bundle, first message encrypted and decrypted'] = {
    prepare: async count => {
      for (const { store } of [alice, bob]) {
        for (const type of ['session', 'identity-key']) {
          for (const id in store.kept[type]) if (id.startsWith('2000000')) delete store.kept[type][id]
        }
      }
      bundles = []
      for (let i = 0; i < count; i++) bundles.push(bundle())
    },
    ...each(async i => {
      await alice.repository.injectE2ESession({ jid: jidOf(i), session: bundles[i] })
      const { type, ciphertext } = await alice.repository.encryptMessage({ jid: jidOf(i), data: text })
      await bob.repository.decryptMessage({ jid: jidOf(i), type, ciphertext })
    }),
  }
  works['group encrypt'] = each(() => alice.repository.encryptGroupMessage({ group, meId: aliceJid, data: text }))
  works['group decrypt'] = {
    prepare: async count => {
      await share()
      waiting = []
      for (let i = 0; i < count; i++) waiting.push((await alice.repository.encryptGroupMessage({ group, meId: aliceJid, data: text })).ciphertext)
    },
    ...each(i => bob.repository.decryptGroupMessage({ group, authorJid: aliceJid, msg: waiting[i] })),
  }
}

async function measure(operation, milliseconds) {
  const { prepare, run } = works[operation]
  let [time, done] = [0, 0]
  // Slow work in small batches: what is prepared takes time as well.
  let size = 8
  while (time < milliseconds) {
    if (prepare) await prepare(size)
    const start = performance.now()
    await run(size)
    const took = performance.now() - start
    time += took
    done += size
    if (took < 50) size = Math.min(2 * size, batch)
  }
  return done / (time / 1000)
}

async function answer(command) {
  if (command.stanzas) return (await prepareStanzas(command.stanzas), {})
  if (command.signal) return (await prepareSignal(), {})
  return { aSecond: await measure(command.measure, command.milliseconds) }
}

for await (const line of createInterface({ input: process.stdin })) {
  let result
  try {
    result = await answer(JSON.parse(line))
  } catch (error) {
    result = { error: error?.stack ?? String(error) }
  }
  out(JSON.stringify(result) + '\n')
}
process.exit()
