import { defineConfig } from 'vitest/config'

/** Milliseconds that only what hangs takes, however busy the machine is. */
const patience = { testTimeout: 900_000, hookTimeout: 900_000 }

export default defineConfig({
  test: {
    // The proof is work for every core there is.
    maxWorkers: '100%',
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          ...patience,
          name: 'self',
          include: [
            'suites/self/**/*.test.ts',
            'suites/harness/**/*.test.ts',
            'suites/run/**/*.test.ts',
            'fixtures/**/*.test.ts',
            'schemas/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          pool: 'threads',
          env: { NO_COLOR: '1' },
        },
      },
      {
        test: {
          ...patience,
          name: 'suites',
          include: ['suites/*/*.test.ts'],
          exclude: ['suites/self/**', 'suites/run/**'],
          globalSetup: ['suites/vitest/setup.ts'],
          pool: 'threads',
          isolate: false,
        },
      },
    ],
  },
})
