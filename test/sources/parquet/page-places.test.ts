import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RayexecError } from '../../../src/common/errors.ts';
import type { PhysicalExpr } from '../../../src/plan/expr.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import type { ByteSource, Platform } from '../../../src/platform/platform.ts';
import { BOOLEAN, INT32, list, UTF8 } from '../../../src/types/data-type.ts';
import { readRows } from './read-rows.ts';
import { type Columns, temporaryDirectory, writeFile } from './write-file.ts';

const ROWS = 200_000;
const path = join(temporaryDirectory(), 'file.parquet');
const every = <T>(make: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => make(i));
const COLUMNS: Columns = {
  id: [INT32, every(i => i)],
  word: [UTF8, every(i => (i % 7 === 0 ? null : `word ${i % 50}`))],
  text: [UTF8, every(i => `text ${i * 7919}`)],
  list: [list(INT32), every(i => (i % 50 === 0 ? [i, null] : []))],
};
const rowAt = (i: number) => Object.values(COLUMNS).map(([, values]) => values[i]!);

const writing = writeFile(path, COLUMNS, { row_group_size: ROWS }, 5000);

/** A file of these bytes that counts what is read of it, but for its footer. */
class CountedFile {
  bytes = 0;
  reads = 0;
  readonly platform: Platform;

  constructor(content: Uint8Array, isRemote: boolean) {
    const read = (offset: number, target: Uint8Array): void | Promise<void> => {
      if (offset < 0 || offset + target.length > content.length) throw new RayexecError('io', 'the file ends early');
      if (offset + target.length < content.length) {
        this.bytes += target.length;
        this.reads++;
      }
      target.set(content.subarray(offset, offset + target.length));
      return isRemote ? Promise.resolve() : undefined;
    };
    const source: ByteSource = { path: 'file.parquet', size: content.length, isRemote, read, close: () => {} };
    this.platform = { ...nodePlatform, open: async () => source, glob: async name => [name] };
  }
}

const between = (low: number, high: number): readonly PhysicalExpr[] =>
  (
    [
      ['>=', low],
      ['<=', high],
    ] as const
  ).map(([fn, value]) => ({
    kind: 'call',
    fn,
    overload: '',
    args: [
      { kind: 'input', index: 0, type: INT32 },
      { kind: 'literal', value: { type: INT32, value } },
    ],
    type: BOOLEAN,
  }));

async function readBetween(file: CountedFile, low: number, high: number, columns = Object.keys(COLUMNS)) {
  const { rows } = await readRows('file.parquet', {
    platform: file.platform,
    columns,
    filters: between(low, high),
    filterColumns: [0],
    select: ([ids], count) =>
      Array.from({ length: count }, (_, i) => i).filter(i => inside(ids![i] as number, low, high)),
    once: true,
  });
  return rows;
}

const inside = (id: number, low: number, high: number): boolean => id >= low && id <= high;
const FLAT = ['id', 'word', 'text'];

describe('rows of one page', () => {
  it('are read without the others of a local file', async () => {
    await writing;
    const file = new CountedFile(readFileSync(path), false);
    for (const [low, high] of [
      [123_456, 123_456],
      [0, 3],
      [199_999, 199_999],
      [24_999, 25_000],
    ] as const) {
      file.bytes = 0;
      const wanted = Array.from({ length: high - low + 1 }, (_, i) => rowAt(low + i));
      expect(await readBetween(file, low, high)).toEqual(wanted);
      file.bytes = 0;
      expect(await readBetween(file, low, high, FLAT)).toEqual(wanted.map(row => row.slice(0, 3)));
      // Windows of half a megabyte for each column.
      expect(file.bytes).toBeLessThan(1_500_000);
    }
  });

  it('are fetched of a remote file with one round trip more', async () => {
    await writing;
    const content = readFileSync(path);
    const file = new CountedFile(content, true);
    expect(await readBetween(file, 123_456, 123_456, FLAT)).toEqual([rowAt(123_456).slice(0, 3)]);
    expect(file.bytes).toBeLessThan(content.length / 4);
    expect(file.reads).toBeLessThanOrEqual(5);
    expect(await readBetween(file, 123_456, 123_456)).toEqual([rowAt(123_456)]);
    expect(await readBetween(file, 24_990, 75_010)).toEqual(
      Array.from({ length: 50_021 }, (_, i) => rowAt(24_990 + i)),
    );
    // What no row group has is not looked for.
    file.reads = 0;
    expect(await readBetween(file, 300_000, 400_000)).toEqual([]);
    expect(file.reads).toBe(0);
  });
});

describe('damaged indexes', () => {
  it.each([
    ['local', false],
    ['remote', true],
  ])('of places give the same rows or are errors: a %s file', async (_, isRemote) => {
    await writing;
    const content = readFileSync(path);
    const { source } = await readRows(path, { columns: [], once: true });
    const { indexes } = source.splits[0]!.state as unknown as { indexes: number[][] };
    const [from] = indexes[0]!;
    const [last, length] = indexes.at(-1)!;
    const end = last! + length!;
    const found = { rows: 0, errors: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: from!, max: end - 1 }), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.integer({ min: 0, max: ROWS - 1 }),
        async (changes, id) => {
          const copy = Uint8Array.from(content);
          for (const [at, bits] of changes) copy[at]! ^= bits;
          try {
            expect(await readBetween(new CountedFile(copy, isRemote), id, id + 5, FLAT)).toEqual(
              Array.from({ length: Math.min(6, ROWS - id) }, (_, i) => rowAt(id + i).slice(0, 3)),
            );
            found.rows++;
          } catch (e) {
            if (!(e instanceof RayexecError)) throw e;
            expect(e.code).toBe('format');
            found.errors++;
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(found.rows).toBeGreaterThan(0);
  });

  it('of values never crash', async () => {
    await writing;
    const content = readFileSync(path);
    const { source } = await readRows(path, { columns: [], once: true });
    const { indexes } = source.splits[0]!.state as unknown as { indexes: number[][] };
    const [, , from, length] = indexes[0]!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: from!, max: from! + length! - 1 }), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 3,
        }),
        async changes => {
          const copy = Uint8Array.from(content);
          for (const [at, bits] of changes) copy[at]! ^= bits;
          const rows = await readBetween(new CountedFile(copy, false), 100_000, 100_005, FLAT);
          expect([0, 6]).toContain(rows.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
