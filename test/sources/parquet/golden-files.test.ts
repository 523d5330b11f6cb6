import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { readRows } from './read-rows.ts';

/** Files by pyarrow; files/make.py tells how they were made, and the values here repeat it. */
const dir = join(dirname(fileURLToPath(import.meta.url)), 'files');
const ROWS = 150;

const FLAT: Record<string, (i: number) => RawValue> = {
  i8: i => (i % 100) - 50,
  i16: i => i * 3 - 100,
  i32: i => i * 3 - 100,
  i64: i => BigInt(i * 3 - 100),
  u8: i => i % 256,
  u32: i => 4294967295 - i,
  u64: i => 18446744073709551615n - BigInt(i),
  f32: i => i / 4,
  f64: i => i / 8 - 5,
  b: i => Math.floor(i / 20) % 2 === 0,
  d5: i => BigInt(i * 7 - 900),
  d30: i => BigInt(i - 70) * 10n ** 25n,
  date: i => i * 100 - 9000,
  t_ms: i => BigInt(i * 1_000_000),
  t_ns: i => BigInt(i * 1000),
  ts_ms: i => BigInt(i * 86_400_001) * 1000n,
  ts_ns: i => BigInt(i * 86_400_001),
  tz: i => BigInt(i * -86_400_001),
  s: i => ['alpha', 'βήτα', '', 'delta'][i % 4]!,
  u: i => `common prefix ${(i * 7919) % 1000}`,
  bin: i => new Uint8Array(i % 4).fill(i % 256),
  fixed: i => Uint8Array.from([i % 256, 1, 2]),
};

const flatRow = (i: number): RawValue[] => Object.values(FLAT).map(make => (i % 5 === 2 ? null : make(i)));

function nestedRow(i: number): RawValue[] {
  const list = Array.from({ length: i % 4 }, (_, k) => (k === 1 ? null : i + k));
  const inner = i % 3 === 0 ? null : [Array<RawValue>(i % 3).fill(String(i))];
  return [
    i % 5 === 0 ? null : list,
    i % 7 === 0 ? null : [BigInt(i), inner],
    i % 6 === 0 ? null : Array.from({ length: i % 3 }, (_, k) => [`k${k}`, k % 2 === 1 ? i : null]),
    i % 4 === 0 ? null : Array.from({ length: i % 3 }, (_, k) => Array<RawValue>(k).fill(i)),
  ];
}

const files = readdirSync(dir).filter(f => f.endsWith('.parquet'));
const nested = files.filter(f => f.startsWith('nested'));
const flat = files.filter(f => !f.startsWith('nested') && f !== 'odd-types.parquet');

describe("another writer's files", () => {
  it.each(flat)('are read in all encodings and codecs: %s', async file => {
    const expected = Array.from({ length: ROWS }, (_, i) => flatRow(i));
    for (const batchRows of [2048, 33]) {
      const { source, rows } = await readRows(join(dir, file), { batchRows });
      expect(source.schema.map(f => f.name)).toEqual(Object.keys(FLAT));
      expect(rows).toEqual(expected);
    }
  });

  it.each(flat)('are read in part, passing over pages: %s', async file => {
    let at = 0;
    const kept: number[] = [];
    const { rows } = await readRows(join(dir, file), {
      once: true,
      batchRows: 10,
      filterColumns: [3],
      select: (_, count) => {
        // Whole batches go, then single rows.
        const positions = Array.from({ length: count }, (_, k) => k).filter(
          k => (at / 40) % 2 >= 1 && (at + k) % 3 !== 0,
        );
        for (const k of positions) kept.push(at + k);
        at += count;
        return positions;
      },
    });
    expect(kept.length).toBeGreaterThan(20);
    expect(rows).toEqual(kept.map(flatRow));
  });

  it.each(nested)('are read with nested columns: %s', async file => {
    const expected = Array.from({ length: 60 }, (_, i) => nestedRow(i));
    for (const batchRows of [2048, 7]) expect((await readRows(join(dir, file), { batchRows })).rows).toEqual(expected);
    const { rows } = await readRows(join(dir, file), {
      batchRows: 10,
      filterColumns: [0],
      select: (columns, count) => {
        const isKept = columns[0]!.some(v => v !== null && (v as RawValue[]).includes(23));
        return isKept ? Array.from({ length: count }, (_, k) => k) : [];
      },
    });
    expect(rows).toEqual(expected.slice(20, 30));
  });

  it('are read with old and odd types', async () => {
    const { source, rows } = await readRows(join(dir, 'odd-types.parquet'));
    expect(source.schema.map(f => f.type)).toEqual([
      { kind: 'timestamp', unit: 'us', zone: false },
      { kind: 'null' },
      { kind: 'float', bits: 32 },
    ]);
    expect(rows).toEqual([
      [0n, null, 1.5],
      [1500000n, null, -0.25],
      [null, null, null],
      [-1000n, null, 65504],
    ]);
  });
});
