import { defineConfig } from 'vitest/config'

// Modules are loaded by Node itself, so that what would fail in production fails here.
const experimental = { viteModuleRunner: false }

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['{services,packages}/**/*.test.ts'], experimental } },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          experimental,
          fileParallelism: false, // they start processes, and share two cores
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
