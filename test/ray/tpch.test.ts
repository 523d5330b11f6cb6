import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeTpch } from '../support/describe-tpch.ts';
import { canRun, markProcesses, needed, processesWith, python, TwoRaylets, until } from './cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-tpch-ray-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!canRun)(needed, () => {
  let cluster: TwoRaylets | undefined;
  let mark: string;
  // Known once the cluster runs, which is before databases are opened.
  const ray = { python, address: '' };

  beforeAll(async () => {
    mark = markProcesses();
    cluster = await TwoRaylets.start();
    ray.address = cluster.address;
  });
  afterAll(async () => {
    await cluster?.close();
    await until(() => processesWith(mark, '').length === 0);
  });

  const places = [2, 8].flatMap(partitions =>
    ['store', 'files'].map(shuffle => ({
      name: `on two raylets, ${partitions} partitions, shuffles through ${shuffle}`,
      threads: 0,
      ray,
      partitions,
      settings: ['broadcast_rows = 1000', `shuffle = ${shuffle}`],
    })),
  );
  describeTpch(0.01, folder, 10_000, places);
});
