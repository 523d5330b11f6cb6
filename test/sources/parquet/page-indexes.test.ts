import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRaw } from '../../../src/batch/compare-raw.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import { fileColumns, type LeafLayout, leavesOf } from '../../../src/sources/parquet/column-layout.ts';
import { fileMetadata } from '../../../src/sources/parquet/file-metadata.ts';
import { decodeFooter } from '../../../src/sources/parquet/read-footer.ts';
import { bound } from '../../../src/sources/parquet/statistics.ts';
import {
  numberAt,
  readStruct,
  requiredNumber,
  structsAt,
  type ThriftStruct,
} from '../../../src/sources/parquet/thrift.ts';
import {
  BINARY,
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT8,
  INT32,
  INT64,
  INTERVAL,
  list,
  TIMESTAMP,
  UINT32,
  UINT64,
  UTF8,
  UUID,
} from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { scalarToRaw } from '../../../src/types/raw-value.ts';
import { type Columns, temporaryDirectory, writeFile } from './write-file.ts';

const dir = temporaryDirectory();
const ROWS = 90_000;

/** A chunk's indexes as the file has them. */
type Indexes = {
  readonly leaf: LeafLayout;
  readonly chunk: { readonly from: number; readonly end: number };
  readonly pages: readonly { readonly offset: number; readonly bytes: number; readonly firstRow: number }[];
  readonly values: ThriftStruct | undefined;
};

async function indexesOf(path: string): Promise<readonly Indexes[]> {
  const file = await nodePlatform.open(path);
  const structAt = async (offset: number, length: number): Promise<ThriftStruct> => {
    const bytes = new Uint8Array(length);
    await file.read(offset, bytes);
    const { value, end } = readStruct(bytes);
    expect(end).toBe(length);
    return value;
  };
  const footer = await decodeFooter(file, ({ struct }) => struct);
  const { schema } = fileMetadata(footer);
  const leaves = fileColumns(schema).flatMap(c => leavesOf(c.layout));
  const found: Indexes[] = [];
  for (const group of structsAt(footer, 4)) {
    for (const [i, chunk] of structsAt(group, 1).entries()) {
      const { chunks } = fileMetadata(footer).rowGroups[0]!;
      const { offset, length } = chunks[i]!;
      const offsets = await structAt(requiredNumber(chunk, 4), requiredNumber(chunk, 5));
      const at = numberAt(chunk, 6);
      found.push({
        leaf: leaves[i]!,
        chunk: { from: offset, end: offset + length },
        pages: structsAt(offsets, 1).map(p => ({
          offset: requiredNumber(p, 1),
          bytes: requiredNumber(p, 2),
          firstRow: requiredNumber(p, 3),
        })),
        values: at === undefined ? undefined : await structAt(at, requiredNumber(chunk, 7)),
      });
    }
  }
  file.close();
  return found;
}

const every = (make: (i: number) => RawValue): RawValue[] => Array.from({ length: ROWS }, (_, i) => make(i));
const scattered = (i: number, n: number): number => (i * 7919) % n;

const COLUMNS: Columns = {
  ascending: [INT64, every(i => BigInt(i))],
  descending: [INT32, every(i => -i)],
  scattered: [INT32, every(i => scattered(i, 100_003))],
  byte: [INT8, every(i => (scattered(i, 256) << 24) >> 24)],
  u32: [UINT32, every(i => 2 ** 32 - 1 - i)],
  u64: [UINT64, every(i => 2n ** 63n + BigInt(i - 50_000))],
  steps: [DATE, every(i => Math.floor(i / 5000) - 10)],
  noisy: [DATE, every(i => scattered(i, 2500))],
  wide: [decimal(30, 2), every(i => BigInt(i - 50_000) * 10n ** 20n)],
  gaps: [INT32, every(i => (i >= 20_000 && i < 70_000 ? null : i % 10))],
  nothing: [INT32, every(() => null)],
  number: [FLOAT64, every(i => (i % 3 === 0 ? Number.NaN : i - 50_000))],
  zero: [FLOAT64, every(i => (i % 2 === 0 ? 0 : -0))],
  flag: [BOOLEAN, every(i => (i % 2 === 0 ? i < 50_000 : null))],
  coded: [UTF8, every(i => `text ${Math.floor(i / 100)}`)],
  plain: [UTF8, every(i => `${i} ${'é'.repeat(i % 60)}`)],
  long: [UTF8, every(i => (i % 1000 === 0 ? `${i}`.padEnd(300, 'ö') : 'm'))],
  bytes: [BINARY, every(i => Uint8Array.of(i >> 16, i >> 8, i))],
  time: [TIMESTAMP, every(i => BigInt(i) * -987654321n)],
};

describe('written indexes', () => {
  it('tell where the pages are, and what is in them', async () => {
    const path = join(dir, 'file.parquet');
    await writeFile(path, COLUMNS, { row_group_size: ROWS }, 5000);
    const indexes = await indexesOf(path);
    const orders: Record<string, number> = {};
    Object.entries(COLUMNS).forEach(([name, [type, values]], c) => {
      const { leaf, chunk, pages, values: index } = indexes[c]!;
      expect(pages.length, name).toBeGreaterThanOrEqual(4);
      expect(pages[0]!.firstRow).toBe(0);
      expect(pages.at(-1)!.offset + pages.at(-1)!.bytes).toBe(chunk.end);
      const list = (id: number): readonly unknown[] => index!.get(id) as readonly unknown[];
      for (const id of [1, 2, 3, 5]) expect(list(id).length, name).toBe(pages.length);
      orders[name] = requiredNumber(index!, 4);
      pages.forEach((page, p) => {
        const next = pages[p + 1];
        if (next !== undefined) expect(next.offset).toBe(page.offset + page.bytes);
        const rows = values.slice(page.firstRow, next?.firstRow ?? ROWS);
        const there = rows.filter(v => v !== null && !Number.isNaN(v));
        expect(list(1)[p], name).toBe(rows.every(v => v === null));
        expect(list(5)[p], name).toBe(rows.filter(v => v === null).length);
        const raw = ([2, 3] as const).map(id =>
          rawBound(leaf, type, list(id)[p] as Uint8Array, id === 2 ? 'min' : 'max'),
        );
        if (there.length === 0) {
          expect(list(2)[p]).toEqual(new Uint8Array(0));
          return;
        }
        const least = there.reduce((x, y) => (compareRaw(type, y, x) < 0 ? y : x));
        const greatest = there.reduce((x, y) => (compareRaw(type, y, x) > 0 ? y : x));
        const [low, high] = [compareRaw(type, raw[0]!, least), compareRaw(type, raw[1]!, greatest)];
        // Shortened, or those of all pages where few values come in no order.
        if (['noisy', 'long', 'plain', 'zero'].includes(name)) {
          expect(low, name).toBeLessThanOrEqual(0);
          expect(high, name).toBeGreaterThanOrEqual(0);
        } else expect([low, high], name).toEqual([0, 0]);
      });
    });
    expect(orders).toMatchObject({
      ascending: 1,
      descending: 2,
      u32: 2,
      u64: 1,
      steps: 1,
      wide: 1,
      time: 2,
      number: 1,
    });
    expect(orders).toMatchObject({ scattered: 0, plain: 0, nothing: 1 });
  });

  it('leave out what has no bounds', async () => {
    const path = join(dir, 'without.parquet');
    const months = { months: 1, days: 0, micros: 0n };
    await writeFile(path, {
      uuid: [UUID, ['6e1f3b1c-9d5c-4a57-a4b0-0d6a2f1f3a11', null]],
      interval: [INTERVAL, [months, null]],
      nan: [FLOAT64, [Number.NaN, null]],
      last: [UTF8, ['\u{10ffff}'.repeat(20), 'a']],
      first: [UTF8, ['a', 'b']],
    });
    expect((await indexesOf(path)).map(i => [i.pages.length, i.values !== undefined])).toEqual([
      [1, false],
      [1, false],
      [1, false],
      [1, false],
      [1, true],
    ]);
  });

  it('count the rows of lists', async () => {
    const path = join(dir, 'lists.parquet');
    const rows = 20_000;
    const values = Array.from({ length: rows }, (_, i) => Array.from({ length: i % 7 }, (_, k) => i + k));
    await writeFile(path, { list: [list(INT32), values] }, {}, 1000);
    const [{ pages, values: index }] = (await indexesOf(path)) as [Indexes];
    expect(pages.length).toBeGreaterThan(2);
    pages.forEach(({ firstRow }, p) => {
      const end = pages[p + 1]?.firstRow ?? rows;
      const entries = values.slice(firstRow, end).flat();
      const [min, max] = [2, 3].map(id => (index!.get(id) as Uint8Array[])[p]!);
      const number = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
      expect([number(min!), number(max!)]).toEqual([Math.min(...entries), Math.max(...entries)]);
      const nulls = values.slice(firstRow, end).filter(v => v.length === 0).length;
      expect((index!.get(5) as number[])[p]).toBe(nulls);
    });
  });
});

function rawBound(leaf: LeafLayout, type: DataType, bytes: Uint8Array, side: 'min' | 'max'): RawValue {
  if (type.kind === 'binary') return bytes;
  const scalar = bound(leaf, bytes, side);
  return scalar === undefined ? null : scalarToRaw(scalar);
}
