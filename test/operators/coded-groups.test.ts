import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows, type Rows } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import { CodedGroups } from '../../src/operators/lib/groups/coded-groups.ts';
import { keyLayout } from '../../src/operators/lib/groups/group-keys.ts';
import { GroupTable } from '../../src/operators/lib/groups/group-table.ts';
import { DATE, type DataType, INT8, INT16, INT64, UINT32, UTF8 } from '../../src/types/data-type.ts';
import { positionsOf, rowsOf, type TestContext, testContext, valuesOf, vectorOf } from '../support/engine.ts';

const texts = ['', 'a', 'b', null, 'a text that is longer than twelve bytes', 'a'];

/** Codes into a dictionary; null is a NULL of the codes' own bitmap. */
function coded(ctx: TestContext, dictionary: Vector, codes: readonly (number | null)[]): Vector {
  const data = ctx.arena.alloc(codes.length * 4);
  ctx.memory.u32.set(
    codes.map(c => c ?? 12345),
    data >>> 2,
  );
  if (!codes.includes(null)) return Vector.coded(dictionary, codes.length, data);
  const validity = ctx.arena.allocZeroed((codes.length >> 3) + 1);
  codes.forEach((c, i) => {
    if (c !== null) ctx.memory.u8[validity + (i >> 3)]! |= 1 << (i & 7);
  });
  return Vector.coded(dictionary, codes.length, data, validity);
}

const code = fc.option(fc.nat({ max: texts.length - 1 }), { freq: 8 });
const batches = fc.array(
  fc.record({
    codes: fc.array(fc.tuple(code, code), { minLength: 1, maxLength: 40 }),
    changesDictionary: fc.boolean(),
    hasGaps: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

test('rows with the same values have one group, whatever their codes and dictionaries', () => {
  fc.assert(
    fc.property(batches, list => {
      const ctx = testContext();
      const table = new GroupTable(
        ctx,
        keyLayout([UTF8, UTF8], () => 8),
      );
      const groups = new Map<string, number>();
      let values = texts;
      let dictionary = vectorOf(ctx, UTF8, values);
      for (const { codes, changesDictionary, hasGaps } of list) {
        if (changesDictionary) {
          values = [...values].reverse();
          dictionary = vectorOf(ctx, UTF8, values);
        }
        const keys = [0, 1].map(k =>
          coded(
            ctx,
            dictionary,
            codes.map(pair => pair[k]!),
          ),
        );
        const positions = codes.map((_, i) => i).filter(i => !hasGaps || i % 3 !== 2);
        const rows = hasGaps ? rowsOf(ctx, codes.length, positions) : allRows(codes.length);
        const found = table.find(keys, [], rows);
        const read = keys.map(key => valuesOf(ctx, key));
        for (const [j, i] of positions.entries()) {
          const expected = codes[i]!.map(c => (c === null ? null : values[c]!));
          const all = hasGaps ? read.map(column => column[i]!) : read.map(column => column[j]!);
          expect(all).toEqual(expected);
          const name = JSON.stringify(expected);
          const row = ctx.memory.u32[(found >>> 2) + i]!;
          expect(row).not.toBe(0);
          expect(groups.get(name) ?? row).toBe(row);
          groups.set(name, row);
        }
      }
      expect(new Set(groups.values()).size).toBe(groups.size);
      expect(table.rows.count).toBe(groups.size);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['few', 3],
  ['many', 50],
])('a large dictionary leads to the same groups beside constants, with %s rows a value', (_, repeats) => {
  const ctx = testContext();
  const table = new GroupTable(
    ctx,
    keyLayout([UINT32, UTF8], () => 8),
  );
  const groups = new Map<string, number>();
  for (const round of [0, 1]) {
    const values = Array.from({ length: 6000 }, (_, i) => `value ${i * (round + 1)} of many`);
    const dictionary = vectorOf(ctx, UTF8, values);
    const used = Math.ceil((6 * 4096) / repeats);
    for (const constant of [7, 8, 8, 8, 8, 7]) {
      const codes = Array.from({ length: 4096 }, (_, i) => (i * 31 + round) % Math.min(used, values.length));
      const address = ctx.arena.alloc(4);
      ctx.memory.u32[address >>> 2] = constant;
      const keys = [Vector.constant(UINT32, codes.length, address), coded(ctx, dictionary, codes)];
      const found = table.find(keys, [], allRows(codes.length));
      for (const [i, c] of codes.entries()) {
        const name = `${constant} ${values[c]}`;
        const row = ctx.memory.u32[(found >>> 2) + i]!;
        if ((groups.get(name) ?? row) !== row) throw new Error(`${name} has two rows`);
        groups.set(name, row);
      }
    }
  }
  expect(new Set(groups.values()).size).toBe(groups.size);
  expect(table.rows.count).toBe(groups.size);
});

const integers: readonly (readonly [DataType, number])[] = [
  [INT8, 100],
  [INT16, 300],
  [DATE, 40],
  [INT64, 60],
];

test('integers of small ranges have codes, wider ones are looked up by value', () => {
  const range = fc.tuple(fc.constantFrom(...integers), fc.integer({ min: -20, max: 20 }), fc.boolean());
  const batch = fc.record({
    rows: fc.array(fc.tuple(code, fc.option(fc.nat(), { freq: 8 })), { minLength: 1, maxLength: 40 }),
    isConstant: fc.boolean(),
    isFar: fc.boolean(),
    hasGaps: fc.boolean(),
  });
  fc.assert(
    fc.property(range, fc.array(batch, { minLength: 1, maxLength: 6 }), ([[type, span], base, canBeFar], list) => {
      const ctx = testContext();
      const table = new GroupTable(
        ctx,
        keyLayout([type, UTF8], () => 8),
      );
      const dictionary = vectorOf(ctx, UTF8, texts);
      const groups = new Map<string, number>();
      for (const { rows: codes, isConstant, isFar, hasGaps } of list) {
        const far = canBeFar && isFar && type !== INT8 && type !== INT16 ? 1_000_000 : 0;
        const toValue = (n: number | null): number | bigint | null =>
          n === null ? null : type === INT64 ? BigInt(base + far + (n % span)) : base + far + (n % span);
        const values = codes.map(([, n]) => toValue(isConstant ? codes[0]![1] : n));
        const column = vectorOf(ctx, type, values);
        const number = isConstant ? Vector.constant(type, codes.length, column.data, column.validity) : column;
        const keys = [
          number,
          coded(
            ctx,
            dictionary,
            codes.map(([c]) => c),
          ),
        ];
        const positions = codes.map((_, i) => i).filter(i => !hasGaps || i % 3 !== 2);
        const rows = hasGaps ? rowsOf(ctx, codes.length, positions) : allRows(codes.length);
        const found = table.find(keys, [], rows);
        for (const i of positions) {
          const c = codes[i]![0];
          const name = `${values[i]} ${c === null ? null : JSON.stringify(texts[c])}`;
          const row = ctx.memory.u32[(found >>> 2) + i]!;
          expect(row).not.toBe(0);
          expect(groups.get(name) ?? row).toBe(row);
          groups.set(name, row);
        }
      }
      expect(new Set(groups.values()).size).toBe(groups.size);
      expect(table.rows.count).toBe(groups.size);
    }),
    { numRuns: 300 },
  );
});

test('columns with the same codes count as one; rows that come again are looked up once', () => {
  const ctx = testContext();
  const groups = new CodedGroups(ctx, ctx.arena);
  const values = Array.from({ length: 3000 }, (_, i) => `${i}`);
  const dictionaries = [0, 1, 2].map(() => vectorOf(ctx, UTF8, values));
  const codes = [7, 2999, null, 7, 0, 2999, 7];
  const first = coded(ctx, dictionaries[0]!, codes);
  const keys = dictionaries.map(d => Vector.coded(d, codes.length, first.data, first.validity));
  const asked: number[] = [];
  const find = (rows: Rows): number => {
    const out = ctx.arena.alloc(rows.count * 4);
    for (const i of positionsOf(ctx, rows)) {
      asked.push(i);
      ctx.memory.u32[(out >>> 2) + i] = 100 + i;
    }
    return out;
  };
  const found = [1, 2].map(() => {
    const out = groups.find(keys, allRows(codes.length), find)!;
    return [...ctx.memory.u32.subarray(out >>> 2, (out >>> 2) + codes.length)];
  });
  expect(found[0]).toEqual([100, 101, 102, 100, 104, 101, 100]);
  expect(found[1]).toEqual(found[0]);
  expect(asked).toEqual([0, 1, 2, 4]);
  const others = dictionaries.map(d => coded(ctx, d, codes));
  expect(groups.find(others, allRows(codes.length), find)).toBeUndefined();
});
