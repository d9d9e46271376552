import { defineConfig } from 'vitest/config'

/** Tests that start whole servers or programs: on real sockets, a real disk, in real time. tests/tidy/live.ts guards the names. */
const LIVE = ['tests/{differential,clients,crash,sim}/**/*.test.ts', 'tests/**/*.live.test.ts']

/** The rules about sources: `npm run ok` asks them before all other tests. */
const TIDY = ['tests/tidy.test.ts', 'tests/tidy/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 20_000,
    // Vitest keeps a core for itself, which of two is half of the machine.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // No module holds state, so a file need not load the server again that the one before it has loaded.
        test: { name: 'unit', include: ['tests/**/*.test.ts'], exclude: [...LIVE, ...TIDY], isolate: false },
      },
      { extends: true, test: { name: 'live', include: LIVE } },
      { extends: true, test: { name: 'tidy', include: TIDY } },
    ],
  },
})
