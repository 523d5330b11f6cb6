import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vector } from '../../../src/batch/vector.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import { writeParquet } from '../../../src/sources/parquet/write-parquet.ts';
import {
  BOOLEAN,
  type DataType,
  FLOAT64,
  INT8,
  INT32,
  INT64,
  INTERVAL,
  list,
  struct,
  UINT8,
  UTF8,
  UUID,
} from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { constantOf, rowsOf as positions, testContext, vectorOf } from '../../support/engine.ts';
import { readRows } from './read-rows.ts';
import { temporaryDirectory, writeFile } from './write-file.ts';

const dir = temporaryDirectory();

type Column = readonly [type: DataType, value: fc.Arbitrary<RawValue>];

const flat = fc.constantFrom<Column>(
  [INT8, fc.integer({ min: -128, max: 127 })],
  [INT32, fc.integer({ min: 0, max: 5 })],
  [INT64, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)],
  [FLOAT64, fc.double()],
  [BOOLEAN, fc.boolean()],
  [UUID, fc.uuid()],
  [UTF8, fc.string({ unit: 'grapheme', maxLength: 12 })],
  [UTF8, fc.constantFrom('', 'few', 'texts')],
  [INTERVAL, fc.record({ months: fc.nat(), days: fc.nat(), micros: fc.nat().map(n => BigInt(n) * 1000n) })],
);

const { column } = fc.letrec<{ column: Column }>(tie => ({
  column: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    flat,
    tie('column').map(([type, value]): Column => [list(type), fc.array(orNull(value), { maxLength: 4 })]),
    fc
      .array(tie('column'), { minLength: 1, maxLength: 3 })
      .map(
        (fields): Column => [
          struct(fields.map(([type], i) => ({ name: `f${i}`, type }))),
          fc.tuple(...fields.map(([, value]) => orNull(value))),
        ],
      ),
    tie('column').map(
      ([type, value]): Column => [
        { kind: 'map', key: INT32, value: type },
        fc
          .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9 }), orNull(value)), { selector: e => e[0], maxLength: 4 })
          .map(entries => entries as readonly RawValue[]),
      ],
    ),
  ),
}));

function orNull(value: fc.Arbitrary<RawValue>): fc.Arbitrary<RawValue> {
  return fc.option(value, { freq: 5 });
}

describe('nested columns', () => {
  it('of any values are read as they were, in row groups and batches of any size', async () => {
    const filled = column.chain(([type, value]) =>
      fc.tuple(fc.constant(type), fc.array(orNull(value), { minLength: 1, maxLength: 60 })),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        filled,
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 80 }),
        fc.constantFrom('snappy', 'none'),
        async ([type, values], groupRows, batchRows, codec) => {
          const path = join(dir, `random-${run++}.parquet`);
          await writeFile(path, { c: [type, values] }, { row_group_size: groupRows, codec }, batchRows);
          const { source, rows } = await readRows(path);
          expect(source.schema[0]!.type).toEqual(type);
          expect(rows).toEqual(values.map(v => [v]));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('take pages that end with rows, also when lists are long', async () => {
    const path = join(dir, 'long.parquet');
    const values = Array.from({ length: 400 }, (_, i) =>
      Array.from({ length: (i * 37) % 1000 }, (_, k) => (k % 5 === 0 ? null : `${i} and ${k % 9}`)),
    );
    await writeFile(path, { c: [list(UTF8), values] });
    const { rows } = await readRows(path, { batchRows: 64 });
    expect(rows.map(r => r[0])).toEqual(values);
  });

  it('may be constants, codes and selected rows, with anything below NULLs', async () => {
    const ctx = testContext();
    const pair = struct([
      { name: 'a', type: INT32 },
      { name: 'b', type: list(UTF8) },
    ]);
    const codes = ctx.arena.alloc(24);
    ctx.memory.u32.set([2, 0, 1, 0, 2, 1], codes >>> 2);
    const dictionary = vectorOf(ctx, pair, [[1, ['x', null]], null, [3, []]]);
    const hidden = vectorOf(ctx, list(INT32), [[1], null, [2, 3], [], null, [4]]);
    ctx.memory.u32.set([0xfffffff0, 0xfffffff0], (hidden.data >>> 2) + 2);
    const columns = [
      Vector.coded(dictionary, 6, codes),
      constantOf(ctx, pair, [7, ['c']], 6),
      constantOf(ctx, list(INT32), null, 6),
      constantOf(ctx, list(INT32), [8, null], 6),
      hidden,
    ];
    const path = join(dir, 'forms.parquet');
    const schema = columns.map((c, i) => ({ name: `c${i}`, type: c.type, nullable: true }));
    const writer = await writeParquet({ ...ctx, platform: nodePlatform }, path, schema);
    await writer.write({ columns, ...positions(ctx, 6, [1, 3, 4]), split: 0 });
    await writer.write({ columns, count: 6, selection: 0, selected: 6, split: 0 });
    expect(await writer.finish()).toBe(9);
    const wanted = [
      [[3, []], [7, ['c']], null, [8, null], [1]],
      [[1, ['x', null]], [7, ['c']], null, [8, null], null],
      [null, [7, ['c']], null, [8, null], [2, 3]],
      [[1, ['x', null]], [7, ['c']], null, [8, null], []],
      [[3, []], [7, ['c']], null, [8, null], null],
      [null, [7, ['c']], null, [8, null], [4]],
    ];
    expect((await readRows(path)).rows).toEqual([...[1, 3, 4].map(i => wanted[i]), ...wanted]);
  });

  it('keep the tag of a union, as a group with a field for each member', async () => {
    const union: DataType = {
      kind: 'union',
      members: [
        { name: 'tag', type: INT32 },
        { name: 'text', type: UTF8 },
      ],
    };
    const path = join(dir, 'union.parquet');
    await writeFile(path, { u: [union, [[0, 5], [1, 'five'], null, [1, null]]] });
    const { source, rows } = await readRows(path);
    expect(source.schema[0]!.type).toEqual(
      struct([
        { name: 'tag_', type: UINT8 },
        { name: 'tag', type: INT32 },
        { name: 'text', type: UTF8 },
      ]),
    );
    expect(rows).toEqual([[[0, 5, null]], [[1, null, 'five']], [null], [[1, null, null]]]);
  });
});
