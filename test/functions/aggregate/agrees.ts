import fc from 'fast-check';
import { expect } from 'vitest';
import type { AggregateFunction } from '../../../src/functions/function.ts';
import type { DataType } from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { runAggregate } from './run-aggregate.ts';

export type Values = readonly RawValue[];
/** A type, and values of it. */
export type Case = { readonly type: DataType; readonly value: fc.Arbitrary<RawValue> };

/** Checks an aggregate against a plain fold: grouped or not, with selections, NULLs and parts. */
export function agrees(
  fn: AggregateFunction,
  { type, value }: Case,
  oracle: (values: Values) => RawValue,
  runs = 60,
): void {
  const input = fc.record({
    values: fc.array(fc.option(value, { freq: 5 }), { minLength: 0, maxLength: 40 }),
    parts: fc.integer({ min: 1, max: 3 }),
    groupCount: fc.integer({ min: 1, max: 4 }),
    grouped: fc.boolean(),
    chosen: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    all: fc.boolean(),
  });
  fc.assert(
    fc.property(input, ({ values, parts, groupCount, grouped, chosen, all }) => {
      const groups = values.map((_, i) => (i * 7) % groupCount);
      const positions = values.map((_, i) => i).filter(i => all || chosen[i]);
      const run = { columns: [{ type, values }], count: values.length, positions, parts };
      const found = runAggregate(fn, grouped ? { ...run, groups, groupCount } : run);
      const expected = Array.from({ length: grouped ? groupCount : 1 }, (_, g) =>
        oracle(
          positions
            .filter(i => !grouped || groups[i] === g)
            .map(i => values[i]!)
            .filter(v => v !== null),
        ),
      );
      expect(found).toEqual(expected);
    }),
    { numRuns: runs },
  );
}
