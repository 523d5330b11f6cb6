import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../../src/platform/node.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { readParquet } from '../../../src/sources/parquet/read-parquet.ts';
import {
  BOOLEAN,
  DATE,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  TIMESTAMP,
  UINT64,
  UTF8,
} from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import type { Scalar } from '../../../src/types/scalar.ts';
import { VersionedPlatform } from '../versioned-platform.ts';
import { readRows, text } from './read-rows.ts';
import { type Columns, temporaryDirectory, writeFile } from './write-file.ts';

const dir = temporaryDirectory();
const yes: Scalar = { type: BOOLEAN, value: true };
const no: Scalar = { type: BOOLEAN, value: false };

async function put(name: string, columns: Columns): Promise<string> {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  await writeFile(path, columns);
  return path;
}

const bind = (path: string, named: Record<string, Scalar> = {}) =>
  readParquet.bind({ positional: [text(path)], named }, { platform: nodePlatform, splitRows: 1000 });

describe('statistics', () => {
  it('are bounds and counts of NULL, in the types of the columns', async () => {
    const path = await put('statistics.parquet', {
      i: [INT64, [5n, -3n, null]],
      u: [UINT64, [2n ** 64n - 1n, 3n, 4n]],
      d: [decimal(10, 2), [-5n, 125n, null]],
      wide: [decimal(38, 0), [-(10n ** 30n), 10n ** 37n, 0n]],
      date: [DATE, [10, -10, 0]],
      ts: [TIMESTAMP, [1n, -1n, 0n]],
      s: [UTF8, ['b', 'ä', null]],
      b: [BOOLEAN, [true, true, true]],
      f: [FLOAT64, [1.5, Number.NaN, 0]],
      none: [INT32, [null, null, null]],
    });
    const { schema, statistics, splits } = await bind(path);
    expect(statistics.rows).toBe(3);
    expect(statistics.exactRows).toBe(true);
    const ranges = schema.map((_, i) => statistics.columns![i]!).map(r => [r.min?.value, r.max?.value, r.nullCount]);
    expect(ranges).toEqual([
      ['-3', '5', 1],
      ['3', '18446744073709551615', 0],
      ['-5', '125', 1],
      [`-1${'0'.repeat(30)}`, `1${'0'.repeat(37)}`, 0],
      [-10, 10, 0],
      ['-1', '1', 0],
      ['b', 'ä', 1],
      [true, true, 0],
      // NaN is above all numbers here, and not in the file's statistics: there is no upper bound.
      ['-0', undefined, 0],
      [undefined, undefined, 3],
    ]);
    expect(splits).toHaveLength(1);
    expect(splits[0]!.ranges![2]!.min).toEqual({ type: decimal(10, 2), value: '-5' });
  });
});

describe('several files', () => {
  it('are read in the order of their names, with a column for the path', async () => {
    const a = await put('many/a.parquet', { x: [INT32, [1, 2]] });
    const b = await put('many/b.parquet', { x: [INT32, [3]] });
    const { rows } = await readRows(join(dir, 'many/*.parquet'), { named: { filename: yes } });
    expect(rows).toEqual([
      [1, a],
      [2, a],
      [3, b],
    ]);
    const { rows: named } = await readRows([b, a], { named: { filename: text('source') }, columns: ['source'] });
    expect(named.flat()).toEqual([b, a, a]);
  });

  it('give partition columns by the names of their directories', async () => {
    await put('hive/year=2023/day=2023-05-01/kind=a%2Fb/1.parquet', { x: [INT32, [1]] });
    await put('hive/year=2024/day=2024-01-31/kind=__HIVE_DEFAULT_PARTITION__/1.parquet', { x: [INT32, [2, 3]] });
    const { source, rows } = await readRows(join(dir, 'hive/**/*.parquet'));
    expect(source.schema.map(f => [f.name, f.type.kind, f.nullable])).toEqual([
      ['x', 'int', false],
      ['year', 'int', false],
      ['day', 'date', false],
      ['kind', 'utf8', true],
    ]);
    expect(rows).toEqual([
      [1, 2023n, 19478, 'a/b'],
      [2, 2024n, 19753, null],
      [3, 2024n, 19753, null],
    ]);
    expect(source.splits[1]!.ranges![1]).toEqual({
      min: { type: INT64, value: '2024' },
      max: { type: INT64, value: '2024' },
      nullCount: 0,
    });
    expect((await readRows(join(dir, 'hive/**/*.parquet'), { named: { hive_partitioning: no } })).rows).toEqual([
      [1],
      [2],
      [3],
    ]);
  });

  it('unite by name, with wider numbers', async () => {
    await put('union/1.parquet', { a: [INT32, [1, null]], b: [UTF8, ['x', 'y']] });
    await put('union/2.parquet', { B: [UTF8, ['z']], a: [INT64, [2n ** 40n]], c: [FLOAT64, [0.5]] });
    await put('union/3.parquet', { c: [INT32, [7]] });
    const { source, rows } = await readRows(join(dir, 'union/*.parquet'), { named: { union_by_name: yes } });
    expect(source.schema).toEqual([
      { name: 'a', type: INT64, nullable: true },
      { name: 'b', type: UTF8, nullable: true },
      { name: 'c', type: FLOAT64, nullable: true },
    ]);
    expect(rows).toEqual([
      [1n, 'x', null],
      [null, 'y', null],
      [2n ** 40n, 'z', 0.5],
      [null, null, 7],
    ]);
    expect(source.statistics.columns![2]).toMatchObject({ min: { value: 0.5 }, nullCount: 2 });
  });

  it('must have the columns of the first', async () => {
    await expect(bind(join(dir, 'union/*.parquet'))).rejects.toThrow(
      /3.parquet' has no column 'a', which '.*1.parquet' has\nhint: union_by_name/,
    );
    await put('clash/1.parquet', { a: [INT32, [1]] });
    await put('clash/2.parquet', { a: [UTF8, ['x']] });
    await expect(bind(join(dir, 'clash/*.parquet'))).rejects.toThrow(
      /column 'a' is INTEGER in some files, and VARCHAR in/,
    );
  });
});

describe('arguments', () => {
  it.each([
    [[text('nothing.parquet')], {}, /there is no file 'nothing.parquet'/],
    [[text('none/*.parquet')], {}, /no files match 'none\/\*.parquet'/],
    [[{ type: INT32, value: 1 }], {}, /the path it is given, a VARCHAR or a list of them, not INTEGER/],
    [[], {}, /takes one path/],
    [[text('x')], { unionbyname: yes }, /no parameter 'unionbyname'\nhint: did you mean 'union_by_name'/],
    [[text('x')], { union_by_name: text('yes') }, /union_by_name is a BOOLEAN, not VARCHAR/],
  ])('are checked: %j %j', async (positional, named, message) => {
    const context = { platform: nodePlatform, splitRows: 1000 };
    await expect(readParquet.bind({ positional, named: named as Record<string, Scalar> }, context)).rejects.toThrow(
      message,
    );
  });
});

describe('reading', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => i);
  const literal = (value: number) => ({ kind: 'literal' as const, value: { type: INT32, value } });
  const input = { kind: 'input' as const, index: 0, type: INT32 };
  const below = (value: number) => ({
    kind: 'call' as const,
    fn: '<',
    overload: '',
    args: [input, literal(value)],
    type: BOOLEAN,
  });

  /** Counts the bytes that are read. */
  function counting(isRemote: boolean): Platform & { bytes: number; reads: number } {
    const platform = {
      ...nodePlatform,
      bytes: 0,
      reads: 0,
      open: async (path: string) => {
        const file = await nodePlatform.open(path);
        const read = (offset: number, target: Uint8Array) => {
          platform.bytes += target.length;
          platform.reads++;
          const done = file.read(offset, target);
          return isRemote ? new Promise<void>(resolve => setTimeout(resolve, 1)) : done;
        };
        return { ...file, isRemote, read };
      },
    };
    return platform;
  }

  it('leaves out row groups whose ranges do not fit the filters', async () => {
    const path = join(dir, 'groups.parquet');
    await writeFile(path, { x: [INT32, values], s: [UTF8, values.map(v => `text ${v}`)] }, { row_group_size: 1000 });
    const { rows, batches } = await readRows(path, {
      columns: ['x'],
      filters: [below(2500)],
      filterColumns: [0],
      select: ([x], count) => Array.from({ length: count }, (_, i) => i).filter(i => (x![i] as number) < 2500),
    });
    expect(rows.map(r => r[0])).toEqual(values.slice(0, 2500));
    expect(batches.map(b => b.split)).toEqual([0, 1, 2]);
  });

  it('reads columns that filters do not need for surviving rows only', async () => {
    const path = join(dir, 'lazy.parquet');
    const long = values.map(v => `${v} `.repeat(100));
    await writeFile(path, { x: [INT32, values], s: [UTF8, long] }, { compression: 'uncompressed' });
    const whole = counting(false);
    await readRows(path, { platform: whole });
    const lazy = counting(false);
    const { rows } = await readRows(path, {
      platform: lazy,
      filterColumns: [0],
      select: ([x], count) => Array.from({ length: count }, (_, i) => i).filter(i => x![i] === 1234),
    });
    expect(rows).toEqual([[1234, long[1234]]]);
    expect(lazy.bytes).toBeLessThan(whole.bytes / 2);
  });

  it('reads large row groups in parts', async () => {
    const path = join(dir, 'large.parquet');
    const many = Array.from({ length: 600_001 }, (_, i) => (i % 10 === 0 ? null : i));
    await writeFile(path, { x: [INT32, many], c: [INT32, many.map(() => 7)] }, { row_group_size: 700_000 }, 50_000);
    const { source, rows } = await readRows(path, { batchRows: 60_000 });
    expect(source.splits.map(s => s.rows)).toEqual([...Array(8).fill(73_728), 10_177]);
    expect(source.splits[1]!.ranges).toMatchObject({ 0: { min: { value: 1 } }, 1: { nullCount: 0 } });
    expect(source.splits[1]!.ranges![0]!.nullCount).toBeUndefined();
    expect(source.statistics.columns![0]!.nullCount).toBe(60_001);
    expect(rows.length).toBe(many.length);
    expect(rows.every(([x], i) => x === many[i])).toBe(true);
    const { source: remote } = await readRows(path, { platform: counting(true), columns: [] });
    expect(remote.splits.map(s => s.rows)).toEqual([600_001]);
  });

  it('goes on within a row group when its parts are read with gaps, by several readers', async () => {
    const path = join(dir, 'parts.parquet');
    const ids = Array.from({ length: 200_000 }, (_, i) => i);
    const columns: Columns = {
      id: [INT32, ids],
      word: [UTF8, ids.map(i => (i % 7 === 0 ? null : `word ${i % 50}`))],
      text: [UTF8, ids.map(i => `text ${i * 7919}`)],
    };
    await writeFile(path, columns, { row_group_size: 122_880 }, 8192);
    const { source } = await readRows(path, { columns: [] });
    const parts = source.splits.map(s => s.rows!);
    expect(parts).toEqual([24_576, 24_576, 24_576, 24_576, 24_576, 24_576, 24_576, 24_576, 3392]);
    const expected = (splits: readonly number[]): RawValue[][] =>
      splits.flatMap(s => {
        const from = parts.slice(0, s).reduce((sum, n) => sum + n, 0);
        return ids.slice(from, from + parts[s]!).map(i => Object.values(columns).map(([, values]) => values[i]!));
      });
    for (const splits of [
      [0, 2, 5],
      [1, 4, 8],
      [3, 6, 7],
      [2, 1],
    ]) {
      const reads = counting(false);
      const { rows } = await readRows(path, { splits, batchRows: 5000, platform: reads });
      expect(rows).toEqual(expected(splits));
    }
    const whole = counting(false);
    await readRows(path, { splits: [0, 1, 2, 3, 4], platform: whole, once: true });
    const one = counting(false);
    await readRows(path, { splits: [4], platform: one, once: true });
    // Parts of a row group one after the other read nothing twice, and the last alone reads little of what comes before it.
    expect(whole.bytes).toBeLessThan(statSync(path).size);
    expect(one.bytes).toBeLessThan(whole.bytes / 2);
  });

  it('stops at a limit', async () => {
    const { rows } = await readRows(join(dir, 'groups.parquet'), { limit: 3, columns: ['s'] });
    expect(rows.slice(0, 4).flat()).toEqual(['text 0', 'text 1', 'text 2', 'text 1000']);
  });

  it('counts rows without any column', async () => {
    const { rows, batches } = await readRows(join(dir, 'groups.parquet'), { columns: [] });
    expect(rows).toHaveLength(10_000);
    expect(batches[0]).toEqual({ count: 1000, forms: [], split: 0 });
  });

  it('reads remote files with few requests', async () => {
    const remote = counting(true);
    const { rows } = await readRows(join(dir, 'groups.parquet'), { platform: remote, once: true });
    expect(rows.map(r => r[0])).toEqual(values);
    // The footer, and one for each row group.
    expect(remote.reads).toBe(11);
  });

  it('tells that a file has gone', async () => {
    const path = await put('gone.parquet', { x: [INT32, [1]] });
    const vanishing = {
      ...nodePlatform,
      open: async (p: string) => {
        const file = await nodePlatform.open(p);
        rmSync(path, { force: true });
        return file;
      },
    };
    await expect(readRows(path, { platform: vanishing })).rejects.toThrow(/there is no file/);
  });
});

describe('metadata', () => {
  it('is read again only when the file has another version', async () => {
    const path = await put('version.parquet', { i: [INT64, [1n, 2n]] });
    const versioned = new VersionedPlatform();
    const rows = async (named: Record<string, Scalar> = {}) => {
      const bound = await readParquet.bind(
        { positional: [text(path)], named },
        { platform: versioned.platform, splitRows: 1000 },
      );
      return [bound.statistics.rows, bound.schema.length, versioned.reads];
    };
    expect(await rows()).toEqual([2, 1, 1]);
    expect(await rows()).toEqual([2, 1, 1]);
    expect(await rows({ filename: yes })).toEqual([2, 2, 2]);
    await put('version.parquet', { i: [INT64, [1n, 2n, 3n]] });
    versioned.version = 'second';
    expect(await rows()).toEqual([3, 1, 3]);
    versioned.version = undefined;
    expect(await rows()).toEqual([3, 1, 4]);
    expect(await rows()).toEqual([3, 1, 5]);
  });

  it('of a file that was changed just now is not kept', async () => {
    const path = await put('fresh.parquet', { i: [INT64, [1n]] });
    const file = await nodePlatform.open(path);
    file.close();
    expect(file.version).toBeUndefined();
  });
});
