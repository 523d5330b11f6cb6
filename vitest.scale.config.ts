import { defineConfig } from 'vitest/config';

// npm run test:scale: minutes long, so not part of `npm test`.
export default defineConfig({ test: { include: ['test/scale/**/*.test.ts'], testTimeout: 120_000 } });
