/** Fails when the first page loads more than it may: its scripts and styles with all that they import, compressed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const most = 260_000
const root = join(import.meta.dirname, '../../src/FocoBot.Server/wwwroot')
const page = readFileSync(join(root, 'index.html'), 'utf8')
const files = new Set()
for (const match of page.matchAll(/(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g)) add(match[1])
// The first page is the door, and the chat for those who are signed in.
for (const name of readdirSync(join(root, 'assets'))) if (/^(chat-page|sign-in)-.*\.(js|css)$/.test(name)) add(name)

function add(name) {
  if (files.has(name)) return
  files.add(name)
  if (!name.endsWith('.js')) return
  for (const match of readFileSync(join(root, 'assets', name), 'utf8').matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) add(match[1])
}

const sizes = [...files].map(name => gzipSync(readFileSync(join(root, 'assets', name)), { level: 9 }).length)
const sum = sizes.reduce((total, size) => total + size, 0)
process.stdout.write(`First load: ${sum} of at most ${most} bytes, gzip, in ${files.size} files.\n`)
if (sum > most) process.exit(1)
