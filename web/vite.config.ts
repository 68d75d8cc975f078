import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const server = process.env['FOCOBOT_URL'] ?? 'http://localhost:5080'
const proxied = { target: server, ws: true }

/** Almost all of the first load runs at once: Chromium is told to compile it whole beside the page, instead of piece by piece on the thread that draws. */
const compiledAhead: Plugin = {
  name: 'compiled-ahead',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
      const first = new Set(chunks.filter(chunk => chunk.isEntry).flatMap(chunk => [chunk.fileName, ...chunk.imports]))
      for (const chunk of chunks) if (first.has(chunk.fileName)) chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`
    },
  },
}

export default defineConfig({
  plugins: [react(), compiledAhead],
  build: {
    outDir: '../src/FocoBot.Server/wwwroot',
    emptyOutDir: true,
    target: 'es2023',
    // All that know light-dark(): what it would be turned into for others does not work with a scheme that a variable gives.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Small pictures as data: addresses would need a hole in the content security policy.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': proxied, '/sandbox': proxied, '/docs': proxied, '/openapi': proxied } },
})
