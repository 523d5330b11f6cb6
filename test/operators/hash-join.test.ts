import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HashJoinNode, hashJoin } from '../../src/operators/hash-join.ts';
import { BOOLEAN, type DataType, INT32, INT64, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { and, equal, JOIN_TYPES, joinOracle, type Truth } from './join-oracle.ts';
import { input, type Row, runOperator, sortedRows } from './run-operator.ts';

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

function check(
  node: HashJoinNode,
  left: readonly Row[],
  right: readonly Row[],
  options: object,
  condition: (l: Row, r: Row) => Truth,
): void {
  const inputs = [
    { types: node.probeTypes, rows: left },
    { types: node.buildTypes, rows: right },
  ];
  const kept = node.buildSideKept === true;
  const expected = kept
    ? joinOracle(node.joinType, right, left, (r, l) => condition(l, r), [0, 0])
    : joinOracle(node.joinType, left, right, condition, [node.probeTypes.length, node.buildTypes.length]);
  if (expected === undefined) {
    expect(() => runOperator(hashJoin, node, inputs, options)).toThrow('more than one row returned by a subquery');
    return;
  }
  const chosen = node.output === undefined ? expected : expected.map(r => node.output!.map(i => r[i]!));
  expect(sortedRows(runOperator(hashJoin, node, inputs, options))).toEqual(sortedRows(chosen));
}

describe.each(JOIN_TYPES)('%s join', joinType => {
  const probeTypes: DataType[] = [INT32, UTF8, BOOLEAN];
  const buildTypes: DataType[] = [UTF8, INT32, INT64, BOOLEAN];

  test('by one key', () => {
    const node: HashJoinNode = {
      kind: 'hash-join',
      joinType,
      probeKeys: [input(0, INT32)],
      buildKeys: [input(1, INT32)],
      nullsEqual: [false],
      probeTypes,
      buildTypes,
    };
    fc.assert(
      fc.property(rowsOfTypes(probeTypes, 30), rowsOfTypes(buildTypes, 30), shapes, (left, right, options) =>
        check(node, left, right, options, (l, r) => equal(l[0]!, r[1]!, false)),
      ),
    );
  });

  test('by two keys, with and without NULLs being equal', () => {
    fc.assert(
      fc.property(
        rowsOfTypes(probeTypes, 30),
        rowsOfTypes(buildTypes, 30),
        shapes,
        fc.tuple(fc.boolean(), fc.boolean()),
        (left, right, options, nullsEqual) => {
          const node: HashJoinNode = {
            kind: 'hash-join',
            joinType,
            probeKeys: [input(0, INT32), input(1, UTF8)],
            buildKeys: [input(1, INT32), input(0, UTF8)],
            nullsEqual,
            probeTypes,
            buildTypes,
          };
          check(node, left, right, options, (l, r) =>
            and([equal(l[0]!, r[1]!, nullsEqual[0]), equal(l[1]!, r[0]!, nullsEqual[1])]),
          );
        },
      ),
    );
  });

  test.each([2, 6])('with a condition on the pair: column %i', column => {
    const node: HashJoinNode = {
      kind: 'hash-join',
      joinType,
      probeKeys: [input(0, INT32)],
      buildKeys: [input(1, INT32)],
      nullsEqual: [false],
      residual: input(column, BOOLEAN),
      probeTypes,
      buildTypes,
    };
    fc.assert(
      fc.property(rowsOfTypes(probeTypes, 25), rowsOfTypes(buildTypes, 25), shapes, (left, right, options) =>
        check(node, left, right, options, (l, r) => and([equal(l[0]!, r[1]!, false), [...l, ...r][column] as Truth])),
      ),
    );
  });

  test('hands on the columns that are asked for', () => {
    const all = joinType === 'semi' || joinType === 'anti' ? [2, 0] : joinType === 'mark' ? [3, 1] : [5, 0, 3];
    const node: HashJoinNode = {
      kind: 'hash-join',
      joinType,
      probeKeys: [input(0, INT32)],
      buildKeys: [input(1, INT32)],
      nullsEqual: [false],
      probeTypes,
      buildTypes,
      output: all,
    };
    fc.assert(
      fc.property(rowsOfTypes(probeTypes, 30), rowsOfTypes(buildTypes, 30), shapes, (left, right, options) =>
        check(node, left, right, options, (l, r) => equal(l[0]!, r[1]!, false)),
      ),
      { numRuns: 30 },
    );
  });
});

describe.each(['semi', 'anti'] as const)('%s join that keeps stored rows', joinType => {
  test.each([undefined, 1, 3])('condition on column %s', column => {
    const probeTypes: DataType[] = [INT32, BOOLEAN];
    const buildTypes: DataType[] = [INT32, BOOLEAN, UTF8];
    const node: HashJoinNode = {
      kind: 'hash-join',
      joinType,
      probeKeys: [input(0, INT32)],
      buildKeys: [input(0, INT32)],
      nullsEqual: [false],
      probeTypes,
      buildTypes,
      buildSideKept: true,
      ...(column === undefined ? {} : { residual: input(column, BOOLEAN) }),
    };
    fc.assert(
      fc.property(rowsOfTypes(probeTypes, 30), rowsOfTypes(buildTypes, 30), shapes, (left, right, options) =>
        check(node, left, right, options, (l, r) =>
          and([equal(l[0]!, r[0]!, false), column === undefined ? true : ([...l, ...r][column] as Truth)]),
        ),
      ),
    );
  });
});

describe('keys and payload of any type', () => {
  test.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [t.kind, t] as const))('%s', (_, type) => {
    const node: HashJoinNode = {
      kind: 'hash-join',
      joinType: 'full',
      probeKeys: [input(0, type)],
      buildKeys: [input(1, type)],
      nullsEqual: [true],
      probeTypes: [type],
      buildTypes: [INT32, type],
    };
    fc.assert(
      fc.property(rowsOfTypes([type], 20), rowsOfTypes([INT32, type], 20), shapes, (left, right, options) =>
        check(node, left, right, options, (l, r) => equal(l[0]!, r[1]!, true)),
      ),
      { numRuns: 20 },
    );
  });
});

test.each([1, 3])('many rows, %i partitions', partitions => {
  const left: Row[] = Array.from({ length: 20_000 }, (_, i) => [BigInt((i * 7) % 9001), `probe ${i % 3}`]);
  const right: Row[] = Array.from({ length: 9_000 }, (_, i) => [BigInt((i * 5) % 6007), `a longer text, number ${i}`]);
  const node: HashJoinNode = {
    kind: 'hash-join',
    joinType: 'inner',
    probeKeys: [input(0, INT64)],
    buildKeys: [input(0, INT64)],
    nullsEqual: [false],
    probeTypes: [INT64, UTF8],
    buildTypes: [INT64, UTF8],
  };
  const byKey = new Map<RawValue, Row[]>();
  for (const r of right) byKey.set(r[0]!, [...(byKey.get(r[0]!) ?? []), r]);
  const expected = left.flatMap(l => (byKey.get(l[0]!) ?? []).map(r => [...l, ...r]));
  const inputs = [
    { types: node.probeTypes, rows: left },
    { types: node.buildTypes, rows: right },
  ];
  expect(sortedRows(runOperator(hashJoin, node, inputs, { partitions }))).toEqual(sortedRows(expected));
});
