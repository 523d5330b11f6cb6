import { join } from 'node:path';
import { describe } from 'vitest';
import { describeTpch } from '../support/describe-tpch.ts';

// npm run test:scale: too long for `npm test`. The files stay in .bench, where the benchmark finds them too.
for (const scale of [0.1, 1]) {
  describe(`scale ${scale}`, () =>
    describeTpch(scale, join(import.meta.dirname, `../../.bench/tpch-${scale}`), 122_880));
}
