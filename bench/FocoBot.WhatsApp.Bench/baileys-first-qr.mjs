// The smallest program that shows a QR code with Baileys.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const packages = new URL('../../tests/interop/package.json', import.meta.url)
const { initAuthCreds, makeWASocket } = await import(pathToFileURL(createRequire(packages).resolve('baileys')))
const silent = { level: 'silent', child: () => silent }
for (const level of ['trace', 'debug', 'info', 'warn', 'error']) silent[level] = () => {}

const keys = { get: async () => ({}), set: async () => {} }
const socket = makeWASocket({ waWebSocketUrl: process.argv[2], auth: { creds: initAuthCreds(), keys }, logger: silent })
socket.ev.on('connection.update', ({ qr }) => {
  if (qr) process.stdout.write(qr + '\n', () => process.exit())
})
