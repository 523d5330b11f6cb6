import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { parquetOfPages } from './page-of-bytes.ts';
import { readRows } from './read-rows.ts';
import { temporaryDirectory } from './write-file.ts';

const [BOOLEAN, INT32] = [0, 1];
const [PLAIN, RLE] = [0, 3];
const directory = temporaryDirectory();

async function valuesOf(file: Uint8Array): Promise<readonly RawValue[]> {
  const path = join(directory, 'file.parquet');
  writeFileSync(path, file);
  const results = await Promise.all([2048, 3].map(batchRows => readRows(path, { batchRows })));
  expect(results[1]!.rows).toEqual(results[0]!.rows);
  return results[0]!.rows.map(row => row[0]!);
}

describe('a page of version 2', () => {
  // A run of `n` equal bits; eight bits in a byte.
  const run = (n: number, bit: number): number[] => [n << 1, bit];
  const packed = (byte: number): number[] => [3, byte];

  it('may store repetition levels of a flat column, before booleans in runs', async () => {
    const page = {
      values: 13,
      nulls: 2,
      encoding: RLE,
      repetition: [13 << 1],
      definition: [...run(4, 1), ...run(2, 0), ...run(7, 1)],
      body: [4, 0, 0, 0, ...run(3, 1), ...packed(0b10010110)],
      uncompressed: 8,
    };
    const bits = [1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1].map(bit => bit === 1);
    const expected = [...bits.slice(0, 4), null, null, ...bits.slice(4)];
    expect(await valuesOf(parquetOfPages(BOOLEAN!, true, 0, [page]))).toEqual(expected);
  });

  it('may store levels of a column that has no NULL', async () => {
    const body = [5, 0, 0, 0, 255, 255, 255, 255];
    const page = { values: 2, nulls: 0, encoding: PLAIN!, definition: run(2, 1), body, uncompressed: 8 };
    expect(await valuesOf(parquetOfPages(INT32!, false, 0, [page]))).toEqual([5, -1]);
  });

  it('may have no bytes at all for its NULLs, though it is said to be compressed', async () => {
    const nulls = { values: 4, nulls: 4, encoding: PLAIN!, definition: run(4, 0), body: [], uncompressed: 0 };
    const snappy = [4, 3 << 2, 7, 0, 0, 0];
    const seven = { values: 1, nulls: 0, encoding: PLAIN!, definition: run(1, 1), body: snappy, uncompressed: 4 };
    for (const codec of [1, 2, 6]) {
      expect(await valuesOf(parquetOfPages(INT32!, true, codec, [nulls]))).toEqual([null, null, null, null]);
    }
    const both = parquetOfPages(INT32!, true, 1, [nulls, seven, nulls]);
    expect(await valuesOf(both)).toEqual([null, null, null, null, 7, null, null, null, null]);
  });

  it('is damaged when it has no bytes for values', async () => {
    const page = { values: 4, nulls: 0, encoding: PLAIN!, definition: run(4, 1), body: [], uncompressed: 0 };
    await expect(valuesOf(parquetOfPages(INT32!, true, 1, [page]))).rejects.toThrow('does not fit its encoding');
  });
});
