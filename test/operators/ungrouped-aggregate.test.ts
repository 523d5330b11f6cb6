import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type UngroupedAggregateNode, ungroupedAggregate } from '../../src/operators/ungrouped-aggregate.ts';
import type { PhysicalAggregate } from '../../src/plan/expr.ts';
import { BOOLEAN, INT32, INT64, INT128, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { rowsOfTypes } from './arbitrary-values.ts';
import { input, runOperator } from './run-operator.ts';

const sumOf = (more: Partial<PhysicalAggregate> = {}): PhysicalAggregate => ({
  fn: 'sum',
  overload: 'integer',
  args: [input(0, INT32)],
  distinct: false,
  type: INT128,
  nullable: true,
  ...more,
});
const countOf = (index: number, more: Partial<PhysicalAggregate> = {}): PhysicalAggregate => ({
  fn: 'count',
  overload: 'any',
  args: [input(index, index === 0 ? INT32 : UTF8)],
  distinct: false,
  type: INT64,
  nullable: false,
  ...more,
});

test('one row, whatever comes', () => {
  const types = [INT32, UTF8, BOOLEAN];
  const filter = input(2, BOOLEAN);
  const node: UngroupedAggregateNode = {
    kind: 'ungrouped-aggregate',
    aggregates: [
      { ...countOf(0), overload: 'star', args: [] },
      sumOf(),
      sumOf({ distinct: true }),
      sumOf({ filter }),
      countOf(1, { distinct: true, filter }),
    ],
  };
  const shapes = fc.record({
    partitions: fc.constantFrom(1, 3),
    batchRows: fc.constantFrom(1, 3, 2048),
    gaps: fc.boolean(),
  });
  fc.assert(
    fc.property(rowsOfTypes(types, 60), shapes, (rows, options) => {
      const sum = (values: RawValue[]): RawValue => {
        const present = values.filter(v => v !== null);
        return present.length === 0 ? null : present.reduce<bigint>((s, v) => s + BigInt(v as number), 0n);
      };
      const kept = rows.filter(r => r[2] === true);
      expect(runOperator(ungroupedAggregate, node, [{ types, rows }], options)).toEqual([
        [
          BigInt(rows.length),
          sum(rows.map(r => r[0]!)),
          sum([...new Set(rows.map(r => r[0]!))]),
          sum(kept.map(r => r[0]!)),
          BigInt(new Set(kept.map(r => r[1]!).filter(v => v !== null)).size),
        ],
      ]);
    }),
  );
});
