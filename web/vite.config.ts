import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env['FOCOBOT_URL'] ?? 'http://localhost:5080'
const proxied = { target: server, ws: true }

export default defineConfig({
  plugins: [react()],
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
