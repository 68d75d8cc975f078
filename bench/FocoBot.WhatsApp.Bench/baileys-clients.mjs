// Baileys' clients in a process of their own; see Clients.cs for the commands.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const packages = new URL('../../tests/interop/package.json', import.meta.url)
const out = process.stdout.write.bind(process.stdout)
for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[level] = () => {}
process.on('unhandledRejection', () => {})

const { DisconnectReason, initAuthCreds, makeWASocket, useMultiFileAuthState } = await import(pathToFileURL(createRequire(packages).resolve('baileys')))

const silent = { level: 'silent', child: () => silent }
for (const level of ['trace', 'debug', 'info', 'warn', 'error']) silent[level] = () => {}

const open = []
const saving = new Set()
// Without it, Baileys asks for the members before each message.
const groups = {}
let received = 0
let wake = () => {}

function memory() {
  const kept = {}
  const keys = {
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
  return { state: { creds: initAuthCreds(), keys }, saveCreds: async () => {} }
}

const authOf = (folder, number) => (folder ? useMultiFileAuthState(join(folder, number)) : memory())

function connect(url, auth, { qr, opened, slot }) {
  const socket = makeWASocket({ waWebSocketUrl: url, auth: auth.state, logger: silent, cachedGroupMetadata: async group => groups[group] })
  if (slot !== undefined) open[slot] = socket
  socket.ev.process(events => {
    if (events['creds.update']) saving.add(auth.saveCreds())
    const update = events['connection.update']
    if (update?.qr) qr?.(update.qr, socket)
    if (update?.connection === 'open') opened?.()
    if (update?.connection === 'close' && update.lastDisconnect?.error?.output?.statusCode === DisconnectReason.restartRequired)
      connect(url, auth, { qr, opened, slot })
    for (const message of events['messages.upsert']?.messages ?? []) {
      if (!message.key.fromMe && (message.message?.conversation ?? message.message?.extendedTextMessage)) {
        received++
        wake()
      }
    }
  })
}

async function atMost(width, items, work) {
  const left = [...items]
  await Promise.all(Array.from({ length: width }, async () => {
    while (left.length) await work(left.shift())
  }))
}

const commands = {
  async qr({ url, count }) {
    const milliseconds = []
    for (let i = 0; i < count; i++) {
      const start = performance.now()
      const auth = memory()
      await new Promise(done => {
        connect(url, auth, {
          qr: (_, socket) => {
            milliseconds.push(performance.now() - start)
            socket.end()
            done()
          },
        })
      })
    }
    return { milliseconds }
  },
  async link({ sandbox, url, numbers, folder }) {
    await atMost(8, numbers, async number => {
      const auth = await authOf(folder, number)
      await new Promise(opened => {
        connect(url, auth, {
          slot: open.length,
          opened,
          qr: qr => fetch(`${sandbox}sandbox/phones/${number}/scan`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ qr }),
          }),
        })
      })
    })
    return {}
  },
  async open({ url, numbers, folder }) {
    const start = performance.now()
    await Promise.all(numbers.map(async number => {
      const auth = await authOf(folder, number)
      await new Promise(opened => connect(url, auth, { slot: open.length, opened }))
    }))
    return { milliseconds: performance.now() - start }
  },
  async send({ to, count, atOnce }) {
    if (to.endsWith('@g.us')) groups[to] ??= await open[0].groupMetadata(to)
    const start = performance.now()
    await atMost(atOnce, Array.from({ length: count }, (_, i) => i), number =>
      open[0].sendMessage(to.includes('@') ? to : `${to}@s.whatsapp.net`, { text: `${String(number).padStart(8, '0')} El mensaje de prueba, con su texto de siempre` }))
    return { milliseconds: performance.now() - start }
  },
  // Each client writes to somebody else; with a pause, the first ones come one after the other within it.
  async each({ to, count, pause = 0 }) {
    const start = performance.now()
    await Promise.all(to.map(async (number, i) => {
      await new Promise(resolve => setTimeout(resolve, (pause * i) / to.length))
      for (let n = 0; n < count; n++) {
        if (n > 0 && pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
        await open[i].sendMessage(`${number}@s.whatsapp.net`, { text: `${String(n).padStart(8, '0')} El mensaje de prueba, con su texto de siempre` })
      }
    }))
    return { milliseconds: performance.now() - start }
  },
  // With a patience, what has not come after so many milliseconds in which nothing came is given up; `silence` is how long that was.
  async received({ count, patience }) {
    let [before, since] = [received, performance.now()]
    while (received < count && !(performance.now() - since > patience)) {
      await Promise.race([new Promise(resolve => (wake = resolve)), new Promise(resolve => setTimeout(resolve, 500))])
      if (received > before) [before, since] = [received, performance.now()]
    }
    const came = Math.min(received, count)
    received -= came
    return { received: came, silence: performance.now() - since }
  },
  async collect() {
    global.gc()
    global.gc()
    return {}
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  let result
  try {
    const command = JSON.parse(line)
    result = await commands[command.do](command)
  } catch (error) {
    result = { error: error?.stack ?? String(error) }
  }
  out(JSON.stringify(result) + '\n')
}

// Its files are written in place: whoever ends it while it writes loses sessions.
await Promise.allSettled(saving)
await new Promise(resolve => setTimeout(resolve, 4000))
process.exit()
