import { defineConfig } from '@playwright/test'

// Debian's Chromium: nothing is downloaded. As root it runs without its sandbox.
const launchOptions = { executablePath: process.env['FOCOBOT_CHROMIUM'] ?? '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }

const desktop = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }

export default defineConfig({
  testDir: 'e2e',
  // One product for all of them; they are told apart by their accounts.
  workers: 1,
  // They wait for what a person would wait for, too: messages are typed slowly and may be taken back. Slow machines need more.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['junit', { includeProjectInTestName: true, outputFile: process.env['FOCOBOT_E2E_REPORT'] ?? 'test-results/report.xml' }]],
  use: { launchOptions, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'desktop-es', use: { ...desktop, locale: 'es-MX' } },
    // Phones have no keyboard, and long lists are the same code.
    { name: 'phone-en', grepInvert: /@desktop/, use: { ...phone, locale: 'en-US' } },
    // The journey is gone in each language at each size.
    { name: 'desktop-en', testMatch: /journey/, use: { ...desktop, locale: 'en-US' } },
    { name: 'phone-es', testMatch: /journey/, grepInvert: /@desktop/, use: { ...phone, locale: 'es-MX' } },
  ],
})
