import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { describeTpch } from '../support/describe-tpch.ts';
import { canRun, launcher, python } from './cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-tpch-ray-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!canRun)('on Ray (needs npm run ray:install, the built dist/ray-worker.js and unshare)', () => {
  describeTpch(0.01, folder, 10_000, [
    {
      name: 'on a local Ray cluster',
      threads: 0,
      ray: { python, launcher },
      settings: ['partitions = 3', 'broadcast_rows = 1000'],
    },
  ]);
});
