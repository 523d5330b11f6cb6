import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Vector } from '../../../src/batch/vector.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import { writeParquet } from '../../../src/sources/parquet/write-parquet.ts';
import {
  BINARY,
  BOOLEAN,
  DATE,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  INTERVAL,
  list,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UTF8,
} from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { constantOf, rowsOf as positions, testContext, vectorOf } from '../../support/engine.ts';
import { readRows } from './read-rows.ts';
import { type Columns, temporaryDirectory, writeFile } from './write-file.ts';

const dir = temporaryDirectory();

/** Values of all types that Parquet files of ours can have, some of them NULL. */
function allTypes(count: number): Columns {
  const some = (make: (i: number) => RawValue): RawValue[] =>
    Array.from({ length: count }, (_, i) => (i % 7 === 3 ? null : make(i)));
  return {
    i8: [INT8, some(i => (i % 256) - 128)],
    i16: [INT16, some(i => (i * 31) % 30000)],
    i32: [INT32, some(i => i * 100003 - 2 ** 30)],
    i64: [INT64, some(i => BigInt(i) * 1234567890123n - 2n ** 62n)],
    u8: [UINT8, some(i => i % 256)],
    u16: [UINT16, some(i => 65535 - (i % 65536))],
    u32: [UINT32, some(i => 2 ** 32 - 1 - i)],
    u64: [UINT64, some(i => 2n ** 64n - 1n - BigInt(i))],
    f32: [FLOAT32, some(i => i / 8)],
    f64: [FLOAT64, some(i => (i % 11 === 0 ? Number.NaN : i / 3))],
    b: [BOOLEAN, some(i => i % 3 === 0)],
    d5: [decimal(5, 2), some(i => BigInt((i % 199999) - 99999))],
    d38: [decimal(38, 4), some(i => BigInt(i) ** 9n * -1n)],
    date: [DATE, some(i => i - 10000)],
    time: [TIME, some(i => BigInt(i) * 1000003n)],
    ts: [TIMESTAMP, some(i => BigInt(i) * -987654321n)],
    tz: [TIMESTAMPTZ, some(i => BigInt(i) * 987654321n)],
    ns: [{ kind: 'timestamp', unit: 'ns', zone: false }, some(i => BigInt(i) * 987654321n)],
    few: [UTF8, some(i => ['alpha', 'βήτα', '', 'delta'][i % 4]!)],
    many: [UTF8, some(i => `text number ${i * 7919}`)],
    bin: [BINARY, some(i => Uint8Array.from({ length: i % 9 }, (_, k) => (i + k) % 256))],
    full: [INT64, Array.from({ length: count }, (_, i) => BigInt(i))],
  };
}

const rowsOf = (columns: Columns): RawValue[][] => {
  const lists = Object.values(columns).map(([, values]) => values);
  return lists[0]!.map((_, i) => lists.map(list => list[i]!));
};

describe('files that were written', () => {
  it.each(['snappy', 'zstd', 'gzip', 'brotli', 'lz4', 'uncompressed'])('hold what was given, with %s', async codec => {
    const columns = allTypes(3000);
    const path = join(dir, `${codec}.parquet`);
    expect(await writeFile(path, columns, { compression: codec, row_group_size: 1100 })).toBe(3000);
    const { source, rows } = await readRows(path);
    expect(source.schema).toEqual(
      Object.entries(columns).map(([name, [type]]) => ({ name, type, nullable: name !== 'full' })),
    );
    expect(source.splits.map(s => s.rows)).toEqual([1100, 1100, 800]);
    expect(rows).toEqual(rowsOf(columns));
  });

  it('have their schema also without rows', async () => {
    const path = join(dir, 'empty.parquet');
    expect(await writeFile(path, { a: [INT32, []], s: [UTF8, []] })).toBe(0);
    const { source, rows } = await readRows(path);
    expect(source.schema.map(f => f.name)).toEqual(['a', 's']);
    expect(rows).toEqual([]);
  });

  it('are read with many more rows than a chunk', async () => {
    const path = join(dir, 'long.parquet');
    const values = Array.from({ length: 150_000 }, (_, i) => (i * 7919) % 100_003);
    await writeFile(path, { a: [INT32, values] }, {}, 2048);
    const { source, rows } = await readRows(path, { batchRows: 5000 });
    expect(source.splits.map(s => s.rows)).toEqual([122_880, 27_120]);
    expect(rows.map(r => r[0])).toEqual(values);
  });
});

describe('batches', () => {
  it('may have selections, codes and constants, and anything below NULLs', async () => {
    const ctx = testContext();
    const numbers = vectorOf(ctx, INT32, [0, 1, 2, 3, 4, 5]);
    const texts = vectorOf(ctx, UTF8, ['zero', null, 'two', 'x'.repeat(100), '', 'five']);
    ctx.memory.u32.set([0xfffffff0, 0xfffffff0], (texts.data >>> 2) + 2);
    const codes = ctx.arena.alloc(24);
    ctx.memory.u32.set([0, 1, 0, 1, 1, 0], codes >>> 2);
    const coded = Vector.coded(vectorOf(ctx, UTF8, ['even', 'odd']), 6, codes);
    const columns = [
      numbers,
      texts,
      coded,
      constantOf(ctx, decimal(10, 2), -150n, 6),
      constantOf(ctx, BOOLEAN, null, 6),
      vectorOf(ctx, list(INT32), [[], [1], [2, null], null, [4], [5]]),
    ];
    const path = join(dir, 'forms.parquet');
    const columnTypes = columns.map((c, i) => ({ name: `c${i}`, type: c.type, nullable: true }));
    const writer = await writeParquet({ memory: ctx.memory, platform: nodePlatform }, path, columnTypes);
    await writer.write({ columns, ...positions(ctx, 6, [1, 2, 3, 5]), split: 0 });
    await writer.write({ columns, ...positions(ctx, 6, []), split: 0 });
    await writer.write({ columns, count: 6, selection: 0, selected: 6, split: 0 });
    expect(await writer.finish()).toBe(10);
    const all = [
      [0, 'zero', 'even', -150n, null, []],
      [1, null, 'odd', -150n, null, [1]],
      [2, 'two', 'even', -150n, null, [2, null]],
      [3, 'x'.repeat(100), 'odd', -150n, null, null],
      [4, '', 'odd', -150n, null, [4]],
      [5, 'five', 'even', -150n, null, [5]],
    ];
    expect((await readRows(path)).rows).toEqual([...[1, 2, 3, 5].map(i => all[i]), ...all]);
  });
});

describe('writing', () => {
  const target = { memory: testContext().memory, platform: nodePlatform };
  const schema = [{ name: 'a', type: INT32, nullable: false }];

  it.each([
    [{ compresion: 'zstd' }, /no option 'compresion'\nhint: did you mean 'compression'/],
    [{ compression: 'snapy' }, /no compression 'snapy'\nhint: did you mean 'snappy'/],
    [{ row_group_size: 'big' }, /row_group_size is a number of rows, not 'big'/],
  ])('refuses the options %j', async (options, message) => {
    await expect(writeParquet(target, join(dir, 'x.parquet'), schema, options)).rejects.toThrow(message);
  });

  it('refuses columns of the same name', async () => {
    await expect(writeParquet(target, join(dir, 'x.parquet'), [...schema, ...schema])).rejects.toThrow(
      /two columns 'a'/,
    );
  });

  it('refuses intervals', async () => {
    const columns = [{ name: 'i', type: list(INTERVAL), nullable: true }];
    await expect(writeParquet(target, join(dir, 'x.parquet'), columns)).rejects.toThrow(/column 'i' has INTERVALs/);
  });

  it('leaves no file behind when it is aborted', async () => {
    const path = join(dir, 'none.parquet');
    const before = readdirSync(dir);
    const aborted = await writeParquet(target, path, schema);
    await aborted.abort();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(dir)).toEqual(before);
  });
});
