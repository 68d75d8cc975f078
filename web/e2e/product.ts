import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const artifacts = join(import.meta.dirname, '../../artifacts')

export const admin = { email: 'admin@example.com', password: 'una frase bastante larga' }

/** The real server and the offline network, as processes that may stop and come back. */
export class Product {
  readonly url: string
  readonly sandboxUrl: string
  private readonly data = mkdtempSync(join(tmpdir(), 'focobot-e2e-'))
  private readonly port: number
  private server: ChildProcess | null = null
  private sandbox: ChildProcess | null = null

  private constructor(port: number, sandboxPort: number) {
    this.port = port
    this.url = `http://localhost:${port}`
    this.sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  }

  static async start(): Promise<Product> {
    const product = new Product(await freePort(), await freePort())
    product.sandbox = run('e2e-sandbox/FocoBot.Sandbox.dll', ['--urls', product.sandboxUrl], {})
    await answers(`${product.sandboxUrl}/sandbox/info`)
    await product.startServer()
    // The first one is the administrator.
    const registered = await fetch(`${product.url}/api/auth/register`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: product.url }, body: JSON.stringify(admin) })
    if (!registered.ok) throw new Error(`The administrator can't register: ${registered.status}`)
    return product
  }

  async startServer() {
    this.server = run('e2e/FocoBot.Server.dll', [], {
      ASPNETCORE_ENVIRONMENT: 'Development',
      PORT: String(this.port),
      FOCOBOT_DATA_DIR: this.data,
      FOCOBOT_SANDBOX_URL: this.sandboxUrl,
      // One machine plays many people.
      WHATSAPP_RATE_LIMIT_LINKING_PER_HOUR: '1000',
    })
    await answers(`${this.url}/health/live`)
  }

  async stopServer() {
    await ended(this.server)
    this.server = null
  }

  async stop() {
    await this.stopServer()
    await ended(this.sandbox)
    rmSync(this.data, { recursive: true, force: true })
  }

  /** Plays the offline network. */
  async play<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.sandboxUrl}/sandbox${path}`, { method, headers: { 'Content-Type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }

  private phones = 0

  /** A person with a virtual phone; the answer is the number. */
  async addPhone(pushName: string, passkey = false): Promise<string> {
    const phoneNumber = `1555${String(this.port).padStart(5, '0')}${String(++this.phones).padStart(2, '0')}`
    await this.play('POST', '/phones', { phoneNumber, pushName, passkey })
    return phoneNumber
  }
}

function run(program: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn('dotnet', [join(artifacts, program), ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('error', e => {
    throw e
  })
  return child
}

function ended(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

async function answers(url: string) {
  const end = Date.now() + 60_000
  while (Date.now() < end) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error(`${url} does not answer.`)
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port.'))))
    })
  })
