import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRows, type Rows } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import {
  combineValidity,
  compact,
  flatten,
  gather,
  indexesOf,
  NO_ROW,
  selectValid,
  validityOf,
} from '../../src/kernels/vectors.ts';
import { type DataType, INT32, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { typeName } from '../../src/types/type-name.ts';
import {
  constantOf,
  positionsOf,
  rowsOf,
  type TestContext,
  testContext,
  valuesOf,
  vectorOf,
} from '../support/engine.ts';
import { FLAT_TYPES, NESTED_TYPES, rawValues } from '../support/values.ts';

const TYPES = [...FLAT_TYPES, ...NESTED_TYPES];
const runs = { numRuns: 20 };

/** A vector of a random form with the values it stands for. */
function anyVector(type: DataType): fc.Arbitrary<{ make: (ctx: TestContext) => Vector; values: RawValue[] }> {
  const values = fc.array(rawValues(type), { minLength: 1, maxLength: 40 });
  const flat = values.map(values => ({ make: (ctx: TestContext) => vectorOf(ctx, type, values), values }));
  const constant = fc.tuple(rawValues(type), fc.integer({ min: 1, max: 40 })).map(([v, length]) => ({
    make: (ctx: TestContext) => constantOf(ctx, type, v, length),
    values: Array.from({ length }, () => v),
  }));
  const coded = fc
    .tuple(
      fc.array(rawValues(type), { minLength: 1, maxLength: 5 }),
      fc.array(fc.option(fc.nat()), { minLength: 1, maxLength: 40 }),
    )
    .map(([dictionary, picks]) => ({
      make: (ctx: TestContext) => {
        const codes = vectorOf(
          ctx,
          INT32,
          picks.map(p => (p === null ? null : p % dictionary.length)),
        );
        return Vector.coded(vectorOf(ctx, type, dictionary), picks.length, codes.data, codes.validity);
      },
      values: picks.map(p => (p === null ? null : dictionary[p % dictionary.length]!)),
    }));
  return fc.oneof(flat, constant, coded);
}

const someRows = (length: number): fc.Arbitrary<number[] | undefined> =>
  fc.option(fc.subarray(Array.from({ length }, (_, i) => i)), { nil: undefined });

const makeRows = (ctx: TestContext, count: number, positions: number[] | undefined): Rows =>
  positions === undefined ? allRows(count) : rowsOf(ctx, count, positions);

describe.each(TYPES.map(t => [typeName(t), t] as const))('%s', (_, type) => {
  const vectorAndRows = anyVector(type).chain(v => fc.tuple(fc.constant(v), someRows(v.values.length)));

  it('is read as it was built, in every form', () => {
    fc.assert(
      fc.property(vectorAndRows, ([{ make, values }, positions]) => {
        const ctx = testContext();
        const rows = makeRows(ctx, values.length, positions);
        expect(valuesOf(ctx, make(ctx), rows)).toEqual(
          positions === undefined ? values : positions.map(p => values[p]),
        );
      }),
      runs,
    );
  });

  it('flattens the rows', () => {
    fc.assert(
      fc.property(vectorAndRows, ([{ make, values }, positions]) => {
        const ctx = testContext();
        const rows = makeRows(ctx, values.length, positions);
        const flat = flatten(ctx, make(ctx), rows);
        expect(flat.form).toBe('flat');
        expect(valuesOf(ctx, flat, rows)).toEqual((positions ?? [...values.keys()]).map(p => values[p]));
      }),
      runs,
    );
  });

  it('gathers by index, with NULL for no row', () => {
    fc.assert(
      fc.property(anyVector(type), fc.array(fc.option(fc.nat()), { maxLength: 40 }), ({ make, values }, picks) => {
        const ctx = testContext();
        const indexes = picks.map(p => (p === null ? NO_ROW : p % values.length));
        const address = ctx.arena.alloc(indexes.length * 4);
        ctx.memory.u32.set(indexes, address >>> 2);
        const gathered = gather(ctx, make(ctx), address, indexes.length);
        expect(valuesOf(ctx, gathered)).toEqual(indexes.map(i => (i === NO_ROW ? null : values[i])));
      }),
      runs,
    );
  });

  it('compacts a selection', () => {
    fc.assert(
      fc.property(vectorAndRows, ([{ make, values }, positions]) => {
        const ctx = testContext();
        const rows = makeRows(ctx, values.length, positions);
        const batch = compact(ctx, { ...rows, columns: [make(ctx)], split: 3 });
        expect(batch).toMatchObject({ selection: 0, count: rows.selected, split: 3 });
        expect(valuesOf(ctx, batch.columns[0]!)).toEqual((positions ?? [...values.keys()]).map(p => values[p]));
      }),
      runs,
    );
  });
});

describe('validity', () => {
  it('is the AND over vectors of any form, and selects the rows without NULL', () => {
    const pair = fc
      .tuple(anyVector(INT32), anyVector(UTF8))
      .map(([a, b]) => ({ a, b, length: Math.min(a.values.length, b.values.length) }))
      .chain(p => fc.tuple(fc.constant(p), someRows(p.length)));
    fc.assert(
      fc.property(pair, ([{ a, b, length }, positions]) => {
        const ctx = testContext();
        const rows = makeRows(ctx, length, positions);
        const combined = combineValidity(ctx, [a.make(ctx), b.make(ctx)], rows);
        const valid = selectValid(ctx, combined, rows);
        const expected = (positions ?? Array.from({ length }, (_, i) => i)).filter(
          p => a.values[p] !== null && b.values[p] !== null,
        );
        expect(positionsOf(ctx, valid)).toEqual(expected);
      }),
    );
  });

  it('is none where nothing is NULL', () => {
    const ctx = testContext();
    expect(validityOf(ctx, vectorOf(ctx, INT32, [1, 2]), allRows(2))).toBe(0);
    expect(combineValidity(ctx, [vectorOf(ctx, INT32, [1, 2]), constantOf(ctx, INT32, 7, 2)], allRows(2))).toBe(0);
  });
});

describe('selections', () => {
  it('have differences and unions', () => {
    const some = fc.subarray(Array.from({ length: 30 }, (_, i) => i));
    fc.assert(
      fc.property(some, some, (a, b) => {
        const ctx = testContext();
        const [ra, rb] = [rowsOf(ctx, 30, a), rowsOf(ctx, 30, b)];
        const out = ctx.arena.alloc(200);
        const union = ctx.kernels.select_union(ra.selection, ra.selected, rb.selection, rb.selected, out);
        const either = new Set([...a, ...b]);
        expect(positionsOf(ctx, { count: 30, selection: out, selected: union })).toEqual(
          [...either].sort((x, y) => x - y),
        );
        const less = a.filter((_, i) => i % 3 !== 1);
        const rl = rowsOf(ctx, 30, less);
        const rest = ctx.kernels.select_difference(ra.selection, ra.selected, rl.selection, rl.selected, out);
        expect(positionsOf(ctx, { count: 30, selection: out, selected: rest })).toEqual(
          a.filter((_, i) => i % 3 === 1),
        );
      }),
    );
  });

  it('turn into indexes', () => {
    const ctx = testContext();
    const indexes = indexesOf(ctx, rowsOf(ctx, 9, [1, 4, 8]));
    expect([...ctx.memory.u32.subarray(indexes >>> 2, (indexes >>> 2) + 3)]).toEqual([1, 4, 8]);
  });
});
