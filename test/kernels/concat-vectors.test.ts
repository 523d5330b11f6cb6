import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatVectors } from '../../src/kernels/concat-vectors.ts';
import { gather, indexesOf } from '../../src/kernels/vectors.ts';
import { INT32, list } from '../../src/types/data-type.ts';
import { typeName } from '../../src/types/type-name.ts';
import { constantOf, rowsOf, testContext, valuesOf, vectorOf } from '../support/engine.ts';
import { FLAT_TYPES, NESTED_TYPES, rawValues } from '../support/values.ts';

describe('concatVectors', () => {
  for (const type of [...FLAT_TYPES, ...NESTED_TYPES]) {
    it(`puts parts of any form one after the other: ${typeName(type)}`, () => {
      const flat = fc.array(rawValues(type), { maxLength: 20 }).map(values => ({ values, isConstant: false }));
      const constant = fc
        .tuple(rawValues(type), fc.integer({ min: 1, max: 20 }))
        .map(([v, n]) => ({ values: Array.from({ length: n }, () => v), isConstant: true }));
      fc.assert(
        fc.property(fc.array(fc.oneof(flat, constant), { maxLength: 5 }), parts => {
          const ctx = testContext();
          const made = parts.map(({ values, isConstant }) => ({
            vector: isConstant ? constantOf(ctx, type, values[0]!, values.length) : vectorOf(ctx, type, values),
            count: values.length,
          }));
          const result = concatVectors(ctx, type, made);
          expect(result.form).toBe('flat');
          expect(valuesOf(ctx, result)).toEqual(parts.flatMap(p => p.values));
        }),
        { numRuns: 20 },
      );
    });
  }

  it('keeps the elements that parts share as they are', () => {
    const ctx = testContext();
    const lists = vectorOf(ctx, list(INT32), [[1, 2], null, [3]]);
    const part = (positions: number[]) => ({
      vector: gather(ctx, lists, indexesOf(ctx, rowsOf(ctx, 3, positions)), positions.length),
      count: positions.length,
    });
    const result = concatVectors(ctx, list(INT32), [part([1, 2]), part([0])]);
    expect(result.children[0]).toBe(lists.children[0]);
    expect(valuesOf(ctx, result)).toEqual([null, [3], [1, 2]]);
  });
});
