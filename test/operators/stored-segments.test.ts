import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRows, type Batch } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import { readStoredBatches } from '../../src/operators/lib/stored/stored-batches.ts';
import { StoredSegments } from '../../src/operators/lib/stored/stored-segments.ts';
import { type DataType, INT32, list, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { constantOf, rowsOf, type TestContext, testContext, valuesOf, vectorOf } from '../support/engine.ts';
import { rowsOfTypes } from './arbitrary-values.ts';

/** What a table of these batches holds: rows by split, and the form of each column of each segment. */
function stored(ctx: TestContext, types: readonly DataType[], batches: readonly Batch[]) {
  const segments = new StoredSegments(ctx, ctx.memory.newOwner());
  for (const b of batches) segments.append(b);
  segments.finish();
  const kept = [...readStoredBatches(ctx.memory, types, segments.head)];
  return {
    splits: kept.map(b => b.split),
    forms: kept.map(b => b.columns.map(c => c.form)),
    rows: kept.flatMap(b => {
      const columns = b.columns.map(c => valuesOf(ctx, c));
      return columns[0]!.map((_, i) => columns.map(c => c[i]!));
    }),
  };
}

const batchOf = (columns: readonly Vector[], split = 0): Batch => ({ ...allRows(columns[0]!.length), columns, split });

/** Texts as codes of a dictionary that holds each twice, the second time in use. */
function coded(ctx: TestContext, texts: readonly RawValue[]): Vector {
  const values = [...new Set(texts)];
  const codes = ctx.arena.alloc(texts.length * 4);
  ctx.memory.u32.set(
    texts.map(t => values.length + values.indexOf(t)),
    codes >>> 2,
  );
  return Vector.coded(vectorOf(ctx, UTF8, [...values, ...values]), texts.length, codes);
}

test('keeps what it was given, in any form, in segments of one split', () => {
  const batches = fc.array(
    fc.record({
      rows: rowsOfTypes([INT32, UTF8, list(INT32)], 30).filter(r => r.length > 0),
      form: fc.constantFrom('flat', 'coded', 'constant'),
      hasGaps: fc.boolean(),
      split: fc.nat(2),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(batches, fc.boolean(), (given, isNested) => {
      const ctx = testContext();
      const types = isNested ? [INT32, UTF8, list(INT32)] : [INT32, UTF8];
      const expected: RawValue[][] = [];
      const ordered = [...given].sort((a, b) => a.split - b.split);
      const made = ordered.map(({ rows, form, hasGaps, split }): Batch => {
        const texts = rows.map(r => (form === 'constant' ? rows[0]![1]! : r[1]!));
        const text =
          form === 'flat'
            ? vectorOf(ctx, UTF8, texts)
            : form === 'coded'
              ? coded(ctx, texts)
              : constantOf(ctx, UTF8, texts[0]!, texts.length);
        const others = types.map((t, c) =>
          c === 1
            ? text
            : vectorOf(
                ctx,
                t,
                rows.map(r => r[c]!),
              ),
        );
        const positions = rows.map((_, i) => i).filter(i => !hasGaps || i % 3 !== 1);
        for (const i of positions) expected.push(types.map((_, c) => (c === 1 ? texts[i]! : rows[i]![c]!)));
        const chosen = hasGaps ? rowsOf(ctx, rows.length, positions) : allRows(rows.length);
        return { ...chosen, columns: others, split };
      });
      const { rows, splits } = stored(ctx, types, made);
      expect(rows).toEqual(expected);
      expect(splits).toEqual([...splits].sort((a, b) => a - b));
    }),
    { numRuns: 200 },
  );
});

describe('texts', () => {
  const many = (n: number, text: (i: number) => RawValue): RawValue[] => Array.from({ length: n }, (_, i) => text(i));

  test('of few values are kept as codes, NULLs too', () => {
    const ctx = testContext();
    const texts = many(5000, i => (i % 7 === 3 ? null : `value ${i % 5}`));
    const { forms, rows } = stored(ctx, [UTF8], [batchOf([vectorOf(ctx, UTF8, texts)])]);
    expect(forms).toEqual([['dictionary']]);
    expect(rows.map(r => r[0])).toEqual(texts);
  });

  test('of many values are kept as they are, from where that shows', () => {
    const ctx = testContext();
    const first = many(2000, i => `value ${i % 5}`);
    const then = many(3000, i => (i % 9 === 0 ? null : `another value ${i}`));
    const batches = [first, then].map(texts => batchOf([vectorOf(ctx, UTF8, texts)]));
    const { forms, rows } = stored(ctx, [UTF8], batches);
    expect(forms.at(-1)).toEqual(['flat']);
    expect(rows.map(r => r[0])).toEqual([...first, ...then]);
  });

  test('with codes keep them', () => {
    const ctx = testContext();
    const texts = many(3000, i => `value ${i % 50}`);
    const { forms, rows } = stored(ctx, [UTF8], [batchOf([coded(ctx, texts)]), batchOf([coded(ctx, texts)], 1)]);
    expect(forms).toEqual([['dictionary'], ['dictionary']]);
    expect(rows.map(r => r[0])).toEqual([...texts, ...texts]);
  });
});
