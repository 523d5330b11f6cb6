import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { Arena } from '../../src/memory/arena.ts';
import { SpillStore } from '../../src/memory/spill-store.ts';
import { batchRows, packBatch, SpilledBatches } from '../../src/operators/lib/spill/batch-rows.ts';
import type { SpilledFile } from '../../src/operators/lib/spill/row-format.ts';
import { OWN_HASH, SpillPartitions } from '../../src/operators/lib/spill/spill-partitions.ts';
import { type SpillContext, SpillWriter } from '../../src/operators/lib/spill/spill-writer.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { type DataType, INT32, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { testContext, valuesOf, vectorOf } from '../support/engine.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';

const folder = mkdtempSync(join(tmpdir(), 'spill-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let places = 0;
function spillContext(maxBytes?: number): SpillContext & { readonly folder: string } {
  const ctx = testContext();
  const place = { folder: join(folder, String(places++)), counter: ctx.arena.allocZeroed(16), maxBytes };
  const arena = new Arena(ctx.memory, ctx.owner);
  return { ...ctx, arena, spill: new SpillStore(ctx.memory, nodePlatform, place), folder: place.folder };
}

function write(
  ctx: SpillContext,
  types: readonly DataType[],
  rows: readonly (readonly RawValue[])[],
): SpilledFile | undefined {
  const layout = batchRows(types);
  const writer = new SpillWriter(ctx, layout.format);
  const columns = types.map((t, i) =>
    vectorOf(
      ctx,
      t,
      rows.map(r => r[i]!),
    ),
  );
  const packed = packBatch(ctx, layout, columns, allRows(rows.length));
  writer.append(packed.rows, packed.count);
  const file = writer.finish();
  ctx.arena.reset();
  return file;
}

function read(ctx: SpillContext, types: readonly DataType[], files: readonly SpilledFile[]): RawValue[][] {
  const batches = new SpilledBatches(ctx, batchRows(types), files);
  const rows: RawValue[][] = [];
  for (let b = batches.next(7); b !== undefined; b = batches.next(7)) {
    const columns = b.columns.map(c => valuesOf({ ...ctx } as never, c));
    for (let i = 0; i < b.count; i++) rows.push(columns.map(c => c[i]!));
  }
  batches.close();
  return rows;
}

describe('rows in files', () => {
  test.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [t.kind, t] as const))('come back: %s', (_, type) => {
    const types: DataType[] = [type, UTF8, INT32];
    fc.assert(
      fc.property(rowsOfTypes(types, 40), rows => {
        const ctx = spillContext();
        const before = ctx.memory.bytesInUse;
        const file = write(ctx, types, rows);
        expect(file?.rows ?? 0).toBe(rows.length);
        expect(read(ctx, types, file === undefined ? [] : [file])).toEqual(rows);
        ctx.arena.release();
        expect(ctx.memory.bytesInUse).toBeLessThanOrEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  test('texts larger than a buffer come back', () => {
    const ctx = spillContext();
    const rows = [['short'], ['x'.repeat(1 << 20)], [null], ['y'.repeat(300_000)]];
    expect(read(ctx, [UTF8], [write(ctx, [UTF8], rows)!])).toEqual(rows);
  });

  test('partitions hold each row once, equal keys together', () => {
    const ctx = spillContext();
    const layout = batchRows([INT32]);
    const partitions = new SpillPartitions(ctx, layout.format, OWN_HASH, 0);
    const values = Array.from({ length: 10_000 }, (_, i) => i % 500);
    const packed = packBatch(ctx, layout, [vectorOf(ctx, INT32, values)], allRows(values.length));
    for (const [i, v] of values.entries()) ctx.memory.u64[(packed.address + i * layout.rowBytes) >>> 3] = BigInt(v);
    partitions.append(packed.rows, packed.count);
    const parts = partitions.finish().map(f => (f === undefined ? [] : read(ctx, [INT32], [f]).map(r => r[0])));
    expect(parts.flat().sort((a, b) => Number(a) - Number(b))).toEqual([...values].sort((a, b) => a - b));
    expect(parts.reduce((sum, p) => sum + new Set(p).size, 0)).toBe(500);
    expect(Math.max(...parts.map(p => p.length))).toBeLessThan(2000);
  });
});

describe('faults', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => [i, `a text that is not inline ${i}`]);

  test.each([
    ['a changed byte', (b: Buffer) => b.fill(b[9000]! ^ 1, 9000, 9001)],
    ['a changed header', (b: Buffer) => b.fill(0xff, 4, 8)],
    ['a lost end', (b: Buffer) => b.subarray(0, b.length - 10)],
    ['nothing left', (b: Buffer) => b.subarray(0, 0)],
  ])('%s is told', (_, damage) => {
    const ctx = spillContext();
    const file = write(ctx, [INT32, UTF8], rows)!;
    const path = join(ctx.folder, readdirSync(ctx.folder)[0]!);
    writeFileSync(path, damage(readFileSync(path)));
    expect(() => read(ctx, [INT32, UTF8], [file])).toThrow(/the temporary file '.*' is damaged/);
  });

  test('more than max_temp_directory_size is refused', () => {
    expect(() => write(spillContext(1000), [INT32, UTF8], rows)).toThrow(/more than their limit of 1000 bytes/);
  });
});
