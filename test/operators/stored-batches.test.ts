import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import { Arena } from '../../src/memory/arena.ts';
import {
  readStoredBatches,
  StoredBatches,
  storedCount,
  storedRows,
} from '../../src/operators/lib/stored/stored-batches.ts';
import { type DataType, INT32, list, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { constantOf, rowsOf, testContext, valuesOf, vectorOf } from '../support/engine.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';

const column = (rows: readonly RawValue[][], i: number): RawValue[] => rows.map(r => r[i]!);

test.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [t.kind, t] as const))('keeps rows of %s', (_, type) => {
  const types: DataType[] = [type, INT32];
  fc.assert(
    fc.property(fc.array(fc.tuple(rowsOfTypes(types, 20), fc.boolean()), { maxLength: 4 }), batches => {
      const ctx = testContext();
      const scratch = new Arena(ctx.memory, ctx.owner);
      const stored = new StoredBatches({ ...ctx, arena: scratch });
      const expected: RawValue[][] = [];
      for (const [rows, isSelected] of batches) {
        const positions = rows.map((_, i) => i).filter(i => !isSelected || i % 3 !== 0);
        const columns = types.map((t, i) => vectorOf({ ...ctx, arena: scratch }, t, column(rows, i)));
        const selection = isSelected
          ? rowsOf({ ...ctx, arena: scratch }, rows.length, positions)
          : allRows(rows.length);
        stored.append({ ...selection, columns, split: 7 });
        expected.push(...positions.map(i => rows[i]!));
        // What the batch was made of is gone.
        const chunk = scratch.alloc(0);
        ctx.memory.u8.fill(0xaa, chunk & ~0xffff, chunk);
        scratch.reset();
      }
      const actual = [...readStoredBatches(ctx.memory, types, stored.head)].flatMap(b => {
        const columns = b.columns.map(c => valuesOf(ctx, c));
        return Array.from({ length: b.count }, (_, i) => columns.map(c => c[i]!));
      });
      expect(actual).toEqual(expected);
      expect(storedRows(ctx.memory, stored.head)).toBe(expected.length);
    }),
    { numRuns: 30 },
  );
});

test('keeps constants and dictionaries', () => {
  const ctx = testContext();
  const stored = new StoredBatches(ctx);
  const dictionary = vectorOf(ctx, UTF8, ['x', null, 'a longer text than fits']);
  const codes = ctx.arena.alloc(16);
  ctx.memory.u32.set([2, 0, 1, 0], codes >>> 2);
  const columns = [
    constantOf(ctx, list(INT32), [1, null], 4),
    Vector.coded(dictionary, 4, codes),
    constantOf(ctx, UTF8, null, 4),
  ];
  stored.append({ ...rowsOf(ctx, 4, [0, 2, 3]), columns, split: 0 });
  const [batch] = readStoredBatches(ctx.memory, [list(INT32), UTF8, UTF8], stored.head);
  expect(batch!.columns.map(c => valuesOf(ctx, c))).toEqual([
    [
      [1, null],
      [1, null],
      [1, null],
    ],
    ['a longer text than fits', null, 'x'],
    [null, null, null],
  ]);
});

test('puts small batches of a split together', () => {
  const ctx = testContext();
  const scratch = new Arena(ctx.memory, ctx.owner);
  const stored = new StoredBatches({ ...ctx, arena: scratch });
  const types = [INT32, list(UTF8)];
  const expected: RawValue[][] = [];
  for (let i = 0; i < 3000; i++) {
    scratch.reset();
    const rows: RawValue[][] = [
      [i, i % 7 === 0 ? null : [`element number ${i}`, null]],
      [null, []],
    ];
    const columns = types.map((t, c) => vectorOf({ ...ctx, arena: scratch }, t, column(rows, c)));
    const isFirst = i < 2000;
    if (i % 5 === 0) columns[0] = constantOf({ ...ctx, arena: scratch }, INT32, i, 2);
    stored.append({ ...allRows(2), columns, split: isFirst ? 1 : 2 });
    expected.push(...rows.map(r => (i % 5 === 0 ? [i, r[1]!] : r)));
  }
  const batches = [...readStoredBatches(ctx.memory, types, stored.head)];
  expect(storedCount(ctx.memory, stored.head)).toBe(batches.length);
  // Whole batches of the first split, its rest one by one, whole ones of the second, its rest.
  expect(batches.filter(b => b.count === 2048).map(b => b.split)).toEqual([1]);
  const actual = batches.flatMap(b => {
    const columns = b.columns.map(c => valuesOf(ctx, c));
    return Array.from({ length: b.count }, (_, i) => columns.map(c => c[i]!));
  });
  expect(actual).toEqual(expected);
});
