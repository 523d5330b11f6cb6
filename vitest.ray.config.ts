import { defineConfig } from 'vitest/config';

// npm run test:ray: needs Ray, and one cluster is enough at a time. Faults come at moments that nobody chooses: what fails
// only now and then is tried again, and told of as flaky.
export default defineConfig({
  test: {
    include: ['test/ray/**/*.test.ts'],
    // Raylets that are killed in the middle of larger queries take minutes: `npm run test:ray:faults`.
    exclude: process.env['RAYEXEC_TEST_FAULTS'] === undefined ? ['test/ray/tpch-faults.test.ts'] : [],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    retry: 2,
  },
});
