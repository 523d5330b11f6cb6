import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HashJoinNode, hashJoin } from '../../src/operators/hash-join.ts';
import { type DataType, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { equal, JOIN_TYPES, joinOracle } from './join-oracle.ts';
import { input, type Row, runOperator, sortedRows } from './run-operator.ts';

const WIDTHS = [8, 16, 32, 64] as const;
const INTEGERS: readonly DataType[] = WIDTHS.flatMap(bits =>
  [true, false].map(signed => ({ kind: 'int', bits, signed }) as const),
);

/**
 * Rows whose keys lie in a range of the type: at its start, its middle or its end, as wide as an array, a bitmap or only
 * a hash table can serve.
 */
function keysIn(type: DataType): fc.Arbitrary<{ readonly left: Row[]; readonly right: Row[] }> {
  if (type.kind !== 'int') throw new Error('integers only');
  const size = 2n ** BigInt(type.bits);
  const least = type.signed ? -(size / 2n) : 0n;
  return fc
    .record({
      start: fc.constantFrom(0n, size / 2n - 2n, size - 1n),
      width: fc.constantFrom(3n, 40n, 2n ** 23n, 2n ** 33n, size - 1n),
    })
    .chain(({ start, width }) => {
      const from = start + width < size ? start : start < width ? 0n : start - width;
      const to = from + width < size ? from + width : size - 1n;
      const value = fc
        .oneof(fc.constantFrom(from, to), fc.bigInt({ min: from, max: to }), fc.bigInt({ min: 0n, max: size - 1n }))
        .map((v): RawValue => (type.bits === 64 ? v + least : Number(v + least)));
      const near = fc.array(fc.tuple(fc.option(value, { freq: 8 }), fc.constantFrom('a', 'b')), { maxLength: 40 });
      return fc.record({ left: near, right: near });
    });
}

describe.each(INTEGERS.map(t => [t.kind === 'int' ? `${t.signed ? '' : 'u'}int${t.bits}` : '', t] as const))(
  'by %s',
  (_, type) => {
    test.each(JOIN_TYPES)('%s join', joinType => {
      const node: HashJoinNode = {
        kind: 'hash-join',
        joinType,
        probeKeys: [input(0, type)],
        buildKeys: [input(0, type)],
        nullsEqual: [false],
        probeTypes: [type, UTF8],
        buildTypes: [type, UTF8],
      };
      const shapes = fc.record({ partitions: fc.constantFrom(1, 3), batchRows: fc.constantFrom(3, 2048) });
      fc.assert(
        fc.property(keysIn(type), shapes, ({ left, right }, options) => {
          const inputs = [
            { types: node.probeTypes, rows: left },
            { types: node.buildTypes, rows: right },
          ];
          const expected = joinOracle(joinType, left, right, (l, r) => equal(l[0]!, r[0]!, false), [2, 2]);
          if (expected === undefined) {
            expect(() => runOperator(hashJoin, node, inputs, options)).toThrow('more than one row');
            return;
          }
          expect(sortedRows(runOperator(hashJoin, node, inputs, options))).toEqual(sortedRows(expected));
        }),
        { numRuns: 25 },
      );
    });
  },
);
