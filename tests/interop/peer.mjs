// One Baileys client, driven by JSON lines: a command per line on stdin, an answer or an event per line on stdout.
//   {"id":1,"do":"start","url":"ws://…","authDir":"…","phoneForCode":"521…"?,"config":{…}?}   (config goes into makeWASocket)
//   {"id":2,"do":"call","method":"sendMessage","args":["…@s.whatsapp.net",{"text":"hi"}]}     (any method of the socket)
//   {"id":4,"do":"download","message":"3EB0…"}       (the file of a message that was seen: its length and SHA-256, as Baileys decrypts it)
//   {"id":5,"do":"reupload","message":"3EB0…"}       (has the phone upload that file again, by updateMediaMessage)
//   {"id":3,"do":"stop"}                                                                      (the end of stdin does the same)
//   → {"id":1,"ok":…} or {"id":1,"error":"…"}; events are {"event":"…",…}. Bytes are {"base64":"…"} in both directions.
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'

// Nothing but our lines may reach stdout. Objects aren't printed at all: libsignal logs whole sessions, with their keys.
const out = process.stdout.write.bind(process.stdout)
const log = (...parts) => process.stderr.write(parts.map(p => (p instanceof Error ? p.stack : typeof p === 'object' ? '{…}' : String(p))).join(' ') + '\n')
process.stdout.write = process.stderr.write.bind(process.stderr)
process.stdout.on('error', () => process.exit(1)) // nobody listens any more
for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[level] = log

// As a resolver would lead WhatsApp's media host elsewhere, port included.
const { fetch } = globalThis
if (process.env.MEDIA_HOST) globalThis.fetch = (url, init) => fetch(String(url).replace('https://mmg.whatsapp.net/', process.env.MEDIA_HOST), init)

// Which Baileys: the one beside this file, or that of a folder here.
const baileys = await import(`./${process.env.BAILEYS_FOLDER ?? '.'}/node_modules/baileys/lib/index.js`)
const { DisconnectReason, downloadMediaMessage, makeWASocket, normalizeMessageContent, useMultiFileAuthState } = baileys

// A message may carry keys: of the app state in the one to a new device, of a group in the first to it.
const secret = new Set(['keyData', 'axolotlSenderKeyDistributionMessage'])

const toJson = value =>
  JSON.stringify(value, function (name, shown) {
    if (secret.has(name)) return undefined
    const given = this[name] // before Buffer's own toJSON
    if (given instanceof Uint8Array) return { base64: Buffer.from(given).toString('base64') }
    return typeof given?.toNumber === 'function' ? given.toNumber() : shown
  })

const fromJson = line =>
  JSON.parse(line, (_, value) => (typeof value?.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value))

const say = line => out(toJson(line) + '\n')
const report = (event, facts) => say({ event, ...facts })
const fault = error => report('error', { message: error?.message ?? String(error), stack: error?.stack })
process.on('unhandledRejection', fault)
process.on('uncaughtException', fault)

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent']
const level = process.env.BAILEYS_LOG ?? 'warn'
const logger = { level, child: () => logger }
for (const own of levels.slice(0, -1)) {
  logger[own] = (facts, text) => {
    if (levels.indexOf(own) < levels.indexOf(level)) return
    const { xml, trace, err, error, e, uploadError } = typeof facts === 'object' ? facts : {}
    log(own, text ?? (typeof facts === 'string' ? facts : facts.msg ?? ''), ...[xml, trace, err ?? error ?? e ?? uploadError].filter(Boolean))
  }
}

const textOf = message => {
  const content = normalizeMessageContent(message)
  return content?.conversation ?? content?.extendedTextMessage?.text ?? (content?.imageMessage ?? content?.videoMessage ?? content?.documentMessage)?.caption
}

const brief = m => ({ key: m.key, text: textOf(m.message), message: m.message, pushName: m.pushName, timestamp: m.messageTimestamp, stub: m.messageStubType })

// What becomes of Baileys' events; those not named here are passed on as "other".
const reports = {
  'connection.update': changed,
  'creds.update': () => save(),
  'messages.upsert': ({ messages, type }) => messages.forEach(m => (sent.set(m.key.id, m.message), seen.set(m.key.id, m), report('message', { ...brief(m), type }))),
  'messages.update': updates => updates.forEach(({ key, update }) => report('update', { key, status: update.status, update })),
  'message-receipt.update': receipts => receipts.forEach(r => report('receipt', r)),
  'messages.reaction': reactions => reactions.forEach(({ key, reaction }) => report('reaction', { key, text: reaction.text, by: reaction.key })),
  'messaging-history.set': ({ chats, contacts, messages, syncType, progress, isLatest }) =>
    report('history', { chats, contacts, messages: messages.map(brief), syncType, progress, isLatest }),
  'groups.upsert': groups => groups.forEach(data => report('group', { id: data.id, change: 'new', data })),
  'groups.update': groups => groups.forEach(data => report('group', { id: data.id, change: 'update', data })),
  'group-participants.update': data => report('group', { id: data.id, change: data.action, data }),
}

const sent = new Map() // for those who ask for a message again
const sending = new Set()
const seen = new Map() // whole messages, for their files
let given, socket, saveCreds, codeAsked
let saved = Promise.resolve()

function save() {
  saved = saved.then(saveCreds).catch(fault)
}

async function connect() {
  await saved
  const auth = await useMultiFileAuthState(given.authDir)
  saveCreds = auth.saveCreds
  socket = makeWASocket({
    waWebSocketUrl: given.url,
    auth: auth.state,
    logger,
    // It may be asked for before sendMessage has returned.
    getMessage: async key => (await Promise.allSettled(sending), sent.get(key.id)),
    ...given.config,
  })
  socket.ev.process(events => {
    for (const [name, data] of Object.entries(events)) (reports[name] ?? (d => report('other', { name, data: d })))(data)
  })
}

function changed({ connection, lastDisconnect, qr, isNewLogin, receivedPendingNotifications }) {
  if (qr) report('qr', { qr })
  if (qr && given.phoneForCode && !codeAsked) {
    codeAsked = true
    socket.requestPairingCode(given.phoneForCode).then(code => report('code', { code }), fault)
  }
  if (isNewLogin) report('paired', { me: socket.user })
  if (connection === 'open') report('open', { me: socket.user })
  if (receivedPendingNotifications) report('caughtUp')
  if (connection === 'close') {
    const status = lastDisconnect?.error?.output?.statusCode
    const restarting = status === DisconnectReason.restartRequired
    socket = undefined
    report('close', { status, reason: lastDisconnect?.error?.message, restarting })
    if (restarting) connect().catch(fault)
  }
}

const commands = {
  async start(command) {
    if (socket) throw new Error('already started')
    given = command
    codeAsked = false
    await connect()
  },
  async call({ method, args = [] }) {
    if (!socket) throw new Error('not connected')
    if (typeof socket[method] !== 'function') throw new Error(`Baileys has no method ${method}`)
    const result = socket[method](...args)
    if (method !== 'sendMessage') return result
    const kept = Promise.resolve(result).then(message => message && sent.set(message.key.id, message.message)).finally(() => sending.delete(kept))
    sending.add(kept)
    await kept
    return result
  },
  async download({ message }) {
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of await downloadMediaMessage(seen.get(message), 'stream', {})) {
      hash.update(chunk)
      length += chunk.length
    }
    return { length, sha256: hash.digest('hex') }
  },
  async reupload({ message }) {
    await socket.updateMediaMessage(seen.get(message))
  },
  vote,
  readVote,
  async stop() {
    await Promise.race([socket?.end(), new Promise(done => setTimeout(done, 2000))])
    await saved
  },
}

// Polls: Baileys has the parts, and leaves putting them together to the application. Author and voter are JIDs without device.
//   {"do":"vote","to":"…","poll":{key},"author":"…","voter":"…","options":["sí"]}   →  the id of the vote
//   {"do":"readVote","poll":"id","vote":"id","author":"…","voter":"…"}              →  the options voted for
async function vote({ to, poll, author, voter, options }) {
  const { aesEncryptGCM, hmacSign, proto, sha256 } = baileys
  const use = Buffer.concat([Buffer.from(poll.id + author + voter + 'Poll Vote'), Buffer.from([1])])
  const key = hmacSign(use, hmacSign(sent.get(poll.id).messageContextInfo.messageSecret, new Uint8Array(32)))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const selectedOptions = options.map(option => sha256(Buffer.from(option)))
  const plaintext = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish()
  const encPayload = aesEncryptGCM(plaintext, key, iv, Buffer.from(`${poll.id}\u0000${voter}`))
  const update = { pollCreationMessageKey: poll, vote: { encPayload, encIv: iv }, senderTimestampMs: Date.now() }
  return socket.relayMessage(to, { pollUpdateMessage: update }, {})
}

async function readVote({ poll, vote, author, voter }) {
  const { decryptPollVote, sha256 } = baileys
  const asked = sent.get(poll)
  const facts = { pollCreatorJid: author, voterJid: voter, pollMsgId: poll, pollEncKey: asked.messageContextInfo.messageSecret }
  const { selectedOptions } = decryptPollVote(sent.get(vote).pollUpdateMessage.vote, facts)
  const chosen = new Set(selectedOptions.map(hash => Buffer.from(hash).toString('hex')))
  const { options } = asked.pollCreationMessage ?? asked.pollCreationMessageV3
  return options.map(option => option.optionName).filter(name => chosen.has(Buffer.from(sha256(Buffer.from(name))).toString('hex')))
}

async function run(line) {
  let command = {}
  try {
    command = fromJson(line)
    if (!Object.hasOwn(commands, command.do)) throw new Error(`no command ${command.do}`)
    say({ id: command.id, ok: (await commands[command.do](command)) ?? null })
    if (command.do === 'stop') process.exit()
  } catch (error) {
    say({ id: command.id ?? null, error: error?.message ?? String(error) })
  }
}

createInterface({ input: process.stdin }).on('line', run).on('close', () => run('{"id":null,"do":"stop"}'))
