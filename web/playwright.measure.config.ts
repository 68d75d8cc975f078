import { defineConfig } from '@playwright/test'
import base from './playwright.config'

export default defineConfig({ ...base, testMatch: '*.measure.ts', reporter: 'line', projects: [{ name: 'desktop', use: { locale: 'en-US', viewport: { width: 1280, height: 800 } } }] })
