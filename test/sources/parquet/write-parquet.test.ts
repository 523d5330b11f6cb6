import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vector } from '../../../src/batch/vector.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import { writeParquet } from '../../../src/sources/parquet/write-parquet.ts';
import {
  BINARY,
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  INTERVAL,
  JSON_TYPE,
  list,
  NULL,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
  UTF8,
  UUID,
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
    // Five parts of the first row group, and the second.
    expect(source.splits.map(s => s.rows)).toEqual([...Array(5).fill(24_576), 27_120]);
    expect(rows.map(r => r[0])).toEqual(values);
  });
});

describe('flat columns', () => {
  const column = (type: DataType, value: fc.Arbitrary<RawValue>): fc.Arbitrary<readonly [DataType, RawValue[]]> =>
    fc.tuple(
      fc.constant(type),
      fc.oneof(
        fc.array(fc.option(value, { freq: 5 }), { minLength: 150, maxLength: 150 }),
        // Few values, many times.
        fc
          .array(value, { minLength: 1, maxLength: 4 })
          .chain(few => fc.array(fc.constantFrom(...few), { minLength: 150, maxLength: 150 })),
      ),
    );
  const int64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
  const columns = fc.oneof(
    column(INT8, fc.integer({ min: -128, max: 127 })),
    column(UINT16, fc.integer({ min: 0, max: 65535 })),
    column(INT32, fc.integer()),
    column(UINT32, fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    column(INT64, int64),
    column(UINT64, fc.bigInt(0n, 2n ** 64n - 1n)),
    column(FLOAT32, fc.float()),
    column(FLOAT64, fc.double()),
    column(BOOLEAN, fc.boolean()),
    column(decimal(9, 3), fc.bigInt(-999_999_999n, 999_999_999n)),
    column(decimal(18, 2), fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n)),
    column(decimal(38, 10), fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n)),
    column(DATE, fc.integer({ min: -1_000_000, max: 1_000_000 })),
    column(TIMESTAMPTZ, int64),
    column(UUID, fc.uuid()),
    column(JSON_TYPE, fc.json({ maxDepth: 1 })),
    column(UTF8, fc.string({ unit: 'grapheme', maxLength: 30 })),
    column(UTF8, fc.string({ minLength: 250, maxLength: 300 })),
    column(BINARY, fc.uint8Array({ maxLength: 12 })),
    column(
      INTERVAL,
      fc.record({
        months: fc.nat(),
        days: fc.nat(),
        micros: fc.bigInt(0n, 2n ** 32n - 1n).map(n => n * 1000n),
      }),
    ),
  );

  it('of any values are read as they were, in row groups and batches of any size', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(columns, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('snappy', 'none'),
        async (given, groupRows, batchRows, codec) => {
          const path = join(dir, `random-${run++}.parquet`);
          const named: Columns = Object.fromEntries(given.map((c, i) => [`c${i}`, c]));
          await writeFile(path, named, { row_group_size: groupRows, codec }, batchRows);
          const { source, rows } = await readRows(path);
          expect(rows).toEqual(rowsOf(named));
          expect(source.schema.map(f => f.type)).toEqual(given.map(([type]) => type));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have other types where Parquet lacks one: integers never round', async () => {
    const path = join(dir, 'other-types.parquet');
    const mood: DataType = { kind: 'enum', values: ['sad', 'ok', 'happy'] };
    const seconds: DataType = { kind: 'timestamp', unit: 's', zone: false };
    const millis: DataType = { kind: 'timestamp', unit: 'ms', zone: false };
    await writeFile(path, {
      mood: [mood, ['happy', null, 'sad']],
      huge: [INT128, [-(2n ** 100n), 5n, null]],
      seconds: [seconds, [-5n, 0n, 7n]],
      millis: [millis, [-5n, 0n, 7n]],
      nothing: [NULL, [null, null, null]],
    });
    const { source, rows } = await readRows(path);
    expect(source.schema.map(f => f.type)).toEqual([UTF8, decimal(38, 0), TIMESTAMP, TIMESTAMP, NULL]);
    expect(rows).toEqual([
      ['happy', -(2n ** 100n), -5_000_000n, -5_000n, null],
      [null, 5n, 0n, 0n, null],
      ['sad', null, 7_000_000n, 7_000n, null],
    ]);
  });

  it('hold integers of 38 digits, and refuse longer ones', async () => {
    const most = 10n ** 38n - 1n;
    const path = join(dir, 'wide.parquet');
    await writeFile(path, { i: [INT128, [most, -most, null]], u: [UINT128, [most, 0n, 2n ** 64n]] });
    expect((await readRows(path)).rows).toEqual([
      [most, most],
      [-most, 0n],
      [null, 2n ** 64n],
    ]);
    const wide: readonly (readonly [DataType, bigint])[] = [
      [INT128, most + 1n],
      [INT128, -most - 1n],
      [INT128, -(2n ** 127n)],
      [UINT128, 2n ** 128n - 1n],
    ];
    for (const [type, value] of wide) {
      await expect(writeFile(path, { x: [type, [value]] }), String(value)).rejects.toThrow(
        'more digits than DECIMAL(38,0)',
      );
    }
  });

  it('have statistics', async () => {
    const path = join(dir, 'statistics.parquet');
    const long = 'y'.repeat(300);
    await writeFile(
      path,
      {
        n: [INT32, [5, -7, null, 9]],
        u: [UINT64, [2n ** 64n - 1n, 1n, 7n, 2n ** 63n]],
        d: [decimal(30, 2), [-150n, 10n ** 25n, 0n, null]],
        s: [UTF8, ['beta', 'alpha', 'gamma', 'alpha']],
        long: [UTF8, ['x', long, 'x', 'x']],
        nan: [FLOAT64, [Number.NaN, Number.NaN, Number.NaN, Number.NaN]],
      },
      { row_group_size: 3 },
    );
    const { source } = await readRows(path);
    const values = source.splits.map(split =>
      source.schema.map((_, c) => {
        const range = split.ranges?.[c];
        return [range?.min?.value, range?.max?.value, range?.nullCount];
      }),
    );
    expect(values).toEqual([
      [
        [-7, 5, 1],
        ['1', '18446744073709551615', 0],
        ['-150', `1${'0'.repeat(25)}`, 0],
        ['alpha', 'gamma', 0],
        ['x', undefined, 0],
        [undefined, undefined, 0],
      ],
      [
        [9, 9, 0],
        ['9223372036854775808', '9223372036854775808', 0],
        [undefined, undefined, 1],
        ['alpha', 'alpha', 0],
        ['x', 'x', 0],
        [undefined, undefined, 0],
      ],
    ]);
  });

  it('are coded while values repeat, and plain from where they do not', async () => {
    const path = join(dir, 'turning.parquet');
    const texts = Array.from({ length: 60_000 }, (_, i) => (i < 30_000 ? `few ${i % 50}` : `many ${i}`));
    const numbers = Array.from({ length: 60_000 }, (_, i) => (i % 11 === 0 ? null : i < 30_000 ? i % 50 : i * 3));
    await writeFile(path, { s: [UTF8, texts], n: [INT32, numbers] }, {}, 2048);
    const { rows } = await readRows(path, { batchRows: 3000 });
    expect(rows.map(r => r[0])).toEqual(texts);
    expect(rows.map(r => r[1])).toEqual(numbers);
  });

  it('have dictionaries that grow', async () => {
    const path = join(dir, 'growing.parquet');
    const texts = Array.from({ length: 100_000 }, (_, i) => `a text number ${(i - (i % 6)) * 7919}`);
    const numbers = Array.from({ length: 100_000 }, (_, i) => BigInt((i - (i % 6)) * 7919));
    await writeFile(path, { s: [UTF8, texts], n: [INT64, numbers] }, {}, 5000);
    const { rows } = await readRows(path);
    expect(rows.map(r => r[0])).toEqual(texts);
    expect(rows.map(r => r[1])).toEqual(numbers);
    expect(readFileSync(path).length).toBeLessThan(100_000 * 7);
  });

  it('take row groups of about so many bytes', async () => {
    const path = join(dir, 'bytes.parquet');
    const values = Array.from({ length: 50_000 }, (_, i) => BigInt(i));
    await writeFile(path, { a: [INT64, values] }, { row_group_size_bytes: '64KiB' }, 1000);
    const { source, rows } = await readRows(path);
    expect(source.splits.length).toBeGreaterThan(3);
    expect(rows.map(r => r[0])).toEqual(values);
  });

  it('leave no memory taken', async () => {
    const ctx = testContext();
    const columnTypes = [{ name: 's', type: UTF8, nullable: true }];
    const batch = { columns: [vectorOf(ctx, UTF8, ['a', null])], count: 2, selection: 0, selected: 2, split: 0 };
    const before = ctx.memory.bytesInUse;
    for (const path of [join(dir, 'memory.parquet'), join(dir, 'aborted.parquet')]) {
      const writer = await writeParquet({ ...ctx, platform: nodePlatform }, path, columnTypes);
      await writer.write(batch);
      await (path.endsWith('memory.parquet') ? writer.finish() : writer.abort());
      expect(ctx.memory.bytesInUse).toBe(before);
    }
  });

  it('refuse what has no form in Parquet', async () => {
    const negative = { months: -1, days: 0, micros: 0n };
    await expect(writeFile(join(dir, 'x.parquet'), { i: [INTERVAL, [negative]] })).rejects.toThrow(
      /no negative INTERVALs/,
    );
    const seconds: DataType = { kind: 'timestamp', unit: 's', zone: false };
    await expect(writeFile(join(dir, 'x.parquet'), { t: [seconds, [10n ** 15n]] })).rejects.toThrow(/beyond/);
  });
});

describe('batches', () => {
  it.each(['flat', 'nested'])('may have selections, codes and constants, and anything below NULLs: %s', async kind => {
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
      ...(kind === 'nested' ? [vectorOf(ctx, list(INT32), [[], [1], [2, null], null, [4], [5]])] : []),
    ];
    const path = join(dir, `forms-${kind}.parquet`);
    const columnTypes = columns.map((c, i) => ({ name: `c${i}`, type: c.type, nullable: true }));
    const writer = await writeParquet({ ...ctx, platform: nodePlatform }, path, columnTypes);
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
    const wanted = all.map(row => row.slice(0, columns.length));
    expect((await readRows(path)).rows).toEqual([...[1, 2, 3, 5].map(i => wanted[i]), ...wanted]);
  });
});

describe('writing', () => {
  const target = { ...testContext(), platform: nodePlatform };
  const schema = [{ name: 'a', type: INT32, nullable: false }];

  it.each([
    [{ compresion: 'zstd' }, /no option 'compresion'\nhint: did you mean 'compression'/],
    [{ compression: 'snapy' }, /no compression 'snapy'\nhint: did you mean 'snappy'/],
    [{ row_group_size: 'big' }, /row_group_size is a number of rows, not "big"/],
    [{ row_group_size_bytes: 'big' }, /row_group_size_bytes is a number of bytes, such as 1000000 or '1MB', not "big"/],
    [{ kv_metadata: 'a' }, /kv_metadata is a struct of texts like/],
    [{ kv_metadata: { a: [1] } }, /kv_metadata is a struct of texts like/],
    [{ codec: 'zstd', row_group_size_bytes: 1000 }, /row_group_size_bytes with this compression/],
  ])('refuses the options %j', async (options, message) => {
    await expect(writeParquet(target, join(dir, 'x.parquet'), schema, options)).rejects.toThrow(message);
  });

  it('refuses columns of the same name', async () => {
    await expect(writeParquet(target, join(dir, 'x.parquet'), [...schema, ...schema])).rejects.toThrow(
      /two columns 'a'/,
    );
  });

  it('refuses intervals where parquet-wasm compresses', async () => {
    const columns = [{ name: 'i', type: list(INTERVAL), nullable: true }];
    await expect(writeParquet(target, join(dir, 'x.parquet'), columns, { codec: 'zstd' })).rejects.toThrow(
      /column 'i' has INTERVALs/,
    );
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
