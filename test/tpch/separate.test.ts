import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeTpch } from '../support/describe-tpch.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-tpch-separate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = (partitions: number, broadcastRows: number) => ({
  name: `${partitions} tasks without shared memory, ${broadcastRows === 0 ? 'no broadcasts' : 'broadcasts'}`,
  threads: 0,
  settings: ['separate_memory = true', `partitions = ${partitions}`, `broadcast_rows = ${broadcastRows}`],
});

describeTpch(0.01, folder, 3_000, [place(1, 0), place(2, 100_000), place(4, 0), place(4, 100_000), place(7, 0)]);
