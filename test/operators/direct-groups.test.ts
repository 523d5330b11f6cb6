import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HashAggregateNode, hashAggregate } from '../../src/operators/hash-aggregate.ts';
import { type DataType, INT64 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { input, type Row, runOperator, sortedRows } from './run-operator.ts';

const INTEGERS = ([8, 16, 32, 64] as const).flatMap(bits =>
  [true, false].map(signed => [`${signed ? '' : 'u'}int${bits}`, bits, signed] as const),
);

/**
 * Keys in runs: near what came before, below, above, far away, or at an end of the type, so that the array grows in both
 * directions and is given up sooner or later, or never; some are NULL.
 */
function runsOf(bits: number): fc.Arbitrary<(bigint | null)[]> {
  const size = 2n ** BigInt(bits);
  const run = fc.record({
    step: fc.constantFrom(0n, 1n, -1n, 7n, -40n, 50_000n, 2n ** 40n),
    from: fc.constantFrom('on', 'least', 'greatest', 'middle'),
    length: fc.integer({ min: 1, max: 30 }),
    hasNull: fc.boolean(),
  });
  return fc.array(run, { maxLength: 8 }).map(runs => {
    let at = size / 2n;
    return runs.flatMap(({ step, from, length, hasNull }) => {
      if (from !== 'on') at = { least: 0n, greatest: size - 1n, middle: size / 2n }[from];
      const keys: (bigint | null)[] = hasNull ? [null] : [];
      for (let i = 0; i < length; i++) {
        keys.push(at);
        at = (((at + step) % size) + size) % size;
      }
      return keys;
    });
  });
}

test.each(INTEGERS)('counts keys of type %s wherever they lie', (_, bits, signed) => {
  const type: DataType = { kind: 'int', bits, signed };
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, type)],
    aggregates: [{ fn: 'count', overload: 'star', args: [], distinct: false, type: INT64, nullable: false }],
  };
  const shapes = fc.record({
    partitions: fc.constantFrom(1, 3),
    batchRows: fc.constantFrom(3, 16, 2048),
    gaps: fc.boolean(),
  });
  fc.assert(
    fc.property(runsOf(bits), shapes, (keys, options) => {
      const least = signed ? -(2n ** BigInt(bits - 1)) : 0n;
      const rows: Row[] = keys.map((k): [RawValue] => [
        k === null ? null : bits === 64 ? k + least : Number(k + least),
      ]);
      const counts = new Map<RawValue, bigint>();
      for (const [k] of rows) counts.set(k!, (counts.get(k!) ?? 0n) + 1n);
      const actual = runOperator(hashAggregate, node, [{ types: [type], rows }], options);
      expect(sortedRows(actual)).toEqual(sortedRows([...counts]));
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['int64', true, 'near'],
  ['int64', true, 'far'],
  ['uint64', false, 'near'],
] as const)('merges the many groups of several clones: %s (signed: %s), ranges %s', (_, signed, ranges) => {
  const type: DataType = { kind: 'int', bits: 64, signed };
  const at = (i: number): bigint => BigInt((i * 7919) % 20_011) - (signed ? 10_000n : 0n);
  const rows: Row[] = Array.from({ length: 60_000 }, (_, i) => [
    i % 1000 === 7 ? null : ranges === 'far' && i % 3 === 0 ? at(i) + 10n ** 12n : at(i),
    BigInt(i),
  ]);
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, type)],
    aggregates: [
      { fn: 'count', overload: 'star', args: [], distinct: false, type: INT64, nullable: false },
      { fn: 'max', overload: 'flat', args: [input(1, INT64)], distinct: false, type: INT64, nullable: true },
    ],
  };
  const groups = new Map<RawValue, [bigint, bigint]>();
  for (const [key, value] of rows as [RawValue, bigint][]) {
    groups.set(key, [(groups.get(key)?.[0] ?? 0n) + 1n, value]);
  }
  const actual = runOperator(hashAggregate, node, [{ types: [type, INT64], rows }], { partitions: 3, batchRows: 512 });
  expect(sortedRows(actual)).toEqual(sortedRows([...groups].map(([key, state]) => [key, ...state])));
});
