import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeTpch } from '../support/describe-tpch.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-tpch-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Small row groups: several splits a table, and statistics to prune by.
describeTpch(0.01, folder, 10_000);
