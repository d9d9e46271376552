import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 20_000,
    // Vitest keeps a core for itself, which of two is half of the machine.
    maxWorkers: '100%',
  },
})
