import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NestedLoopJoinNode, nestedLoopJoin } from '../../src/operators/nested-loop-join.ts';
import { BOOLEAN, type DataType, INT32, struct, UTF8 } from '../../src/types/data-type.ts';
import { rowsOfTypes } from './arbitrary-values.ts';
import { JOIN_TYPES, joinOracle, type Truth } from './join-oracle.ts';
import { input, runOperator, sortedRows } from './run-operator.ts';

const leftTypes: DataType[] = [INT32, BOOLEAN];
const rightTypes: DataType[] = [struct([{ name: 'a', type: UTF8 }]), BOOLEAN];

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

describe.each(JOIN_TYPES)('%s join of every pair', joinType => {
  test.each([undefined, 1, 3])('predicate: column %s', column => {
    const node: NestedLoopJoinNode = {
      kind: 'nested-loop-join',
      joinType,
      leftTypes,
      rightTypes,
      ...(column === undefined ? {} : { predicate: input(column, BOOLEAN) }),
    };
    fc.assert(
      fc.property(rowsOfTypes(leftTypes, 12), rowsOfTypes(rightTypes, 12), shapes, (left, right, options) => {
        const condition = (l: readonly unknown[], r: readonly unknown[]): Truth =>
          column === undefined ? true : ([...l, ...r][column] as Truth);
        const expected = joinOracle(joinType, left, right, condition, [2, 2]);
        const run = () =>
          runOperator(
            nestedLoopJoin,
            node,
            [
              { types: leftTypes, rows: left },
              { types: rightTypes, rows: right },
            ],
            options,
          );
        if (expected === undefined) expect(run).toThrow('more than one row returned by a subquery');
        else expect(sortedRows(run())).toEqual(sortedRows(expected));
      }),
    );
  });
});
