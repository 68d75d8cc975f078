import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], reporters: ['default', ['junit', { outputFile: process.env['FOCOBOT_WEB_REPORT'] ?? 'test-results/unit.xml' }]] },
})
