import { defineConfig } from 'vitest/config';

// npm run test:ray: needs Ray, and one cluster is enough at a time.
export default defineConfig({
  test: { include: ['test/ray/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 240_000, fileParallelism: false },
});
