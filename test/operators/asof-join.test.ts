import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AsofJoinNode, asofJoin } from '../../src/operators/asof-join.ts';
import { INT32, UTF8 } from '../../src/types/data-type.ts';
import type { AsofComparison } from '../../src/types/join-type.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { compareRows } from './compare-rows.ts';
import { input, type Row, runOperator, sortedRows } from './run-operator.ts';

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

type Order = (a: Row, b: Row) => number;

/** The first, second and third column of a row are key, key and what is compared. */
function oracle(node: AsofJoinNode, left: readonly Row[], right: readonly Row[], order: Order, equal: Order): Row[] {
  const { joinType, keys, match } = node;
  const isStrict = match.op === '>' || match.op === '<';
  const sign = match.op === '>' || match.op === '>=' ? 1 : -1;
  const known = (row: Row): boolean => row[2] !== null && keys.every((k, i) => k.nullsEqual || row[i] !== null);
  const found = left.map(l => {
    const before = right.filter(r => {
      const c = sign * order(l, r);
      return known(l) && known(r) && equal(l, r) === 0 && (c > 0 || (c === 0 && !isStrict));
    });
    return before.sort((a, b) => sign * order(a, b)).at(-1);
  });
  const rows = left.map((l, i) => ({ l, r: found[i] }));
  switch (joinType) {
    case 'inner':
      return rows.flatMap(({ l, r }) => (r === undefined ? [] : [[...l, ...r]]));
    case 'left':
      return rows.map(({ l, r }) => [...l, ...(r ?? [null, null, null, null])]);
    case 'semi':
      return rows.filter(({ r }) => r !== undefined).map(({ l }) => l);
    case 'anti':
      return rows.filter(({ r }) => r === undefined).map(({ l }) => l);
  }
}

const cases = fc
  .record({
    key: fc.constantFrom(...FLAT_TYPES, ...NESTED_TYPES),
    near: fc.constantFrom(...FLAT_TYPES, ...NESTED_TYPES),
    keys: fc.constantFrom(0, 1, 2),
    nullsEqual: fc.boolean(),
    op: fc.constantFrom<AsofComparison>('>=', '>', '<=', '<'),
    joinType: fc.constantFrom('inner' as const, 'left' as const, 'semi' as const, 'anti' as const),
  })
  .chain(c => {
    const types = [c.key, INT32, c.near, UTF8];
    return fc.record({
      c: fc.constant({ ...c, types }),
      left: rowsOfTypes(types, 40),
      right: rowsOfTypes(types, 40),
      shape: shapes,
    });
  });

test('the nearest row of each key', () => {
  fc.assert(
    fc.property(cases, ({ c, left, right, shape }) => {
      const { types } = c;
      const column = (index: number) => ({ index, type: types[index]!, descending: false, nullsFirst: false });
      const order = compareRows([column(2)]);
      const equal = compareRows([column(0), column(1)].slice(0, c.keys));
      // Of right rows that are equal any one is the match.
      const distinct = right.filter((r, i) => right.findIndex(o => order(o, r) === 0 && equal(o, r) === 0) === i);
      const side = (index: number) => ({ left: input(index, types[index]!), right: input(index, types[index]!) });
      const node: AsofJoinNode = {
        kind: 'asof-join',
        joinType: c.joinType,
        keys: [side(0), side(1)].slice(0, c.keys).map((k, i) => ({ ...k, nullsEqual: i === 0 && c.nullsEqual })),
        match: { ...side(2), op: c.op },
        leftTypes: types,
        rightTypes: types,
        output: c.joinType === 'semi' || c.joinType === 'anti' ? [0, 1, 2, 3] : [0, 1, 2, 3, 4, 5, 6, 7],
      };
      const inputs = [
        { types, rows: left },
        { types, rows: distinct },
      ];
      const actual = runOperator(asofJoin, node, inputs, shape);
      expect(sortedRows(actual)).toEqual(sortedRows(oracle(node, left, distinct, order, equal)));
    }),
    { numRuns: 500 },
  );
});

const longRuns = fc.record({
  op: fc.constantFrom<AsofComparison>('>=', '>', '<=', '<'),
  /** Texts make keys of many lengths, more than a prefix holds. */
  isText: fc.boolean(),
  keys: fc.integer({ min: 1, max: 9 }),
  spread: fc.constantFrom(40, 5003, 2_000_000_011),
  from: fc.constantFrom(0, -70_000),
  partitions: fc.constantFrom(1, 3),
});

test('the nearest rows of long runs', () => {
  fc.assert(
    fc.property(longRuns, ({ op, isText, keys, spread, from, partitions }) => {
      const keyType = isText ? UTF8 : INT32;
      const key = (k: number) => (isText ? `a key of some length ${'x'.repeat(k % 3)}${k}` : k);
      const left = Array.from({ length: 3000 }, (_, i) => [i % keys, from + ((i * 7919) % (2 * spread))] as const);
      const right = Array.from({ length: 2000 }, (_, i) => [(i * 5) % keys, (i * 104_729) % spread] as const);
      const node: AsofJoinNode = {
        kind: 'asof-join',
        joinType: 'left',
        keys: [{ left: input(0, keyType), right: input(0, keyType), nullsEqual: false }],
        match: { op, left: input(1, INT32), right: input(1, INT32) },
        leftTypes: [keyType, INT32],
        rightTypes: [keyType, INT32],
        output: [0, 1, 3],
      };
      const fits = (at: number, r: number): boolean =>
        op === '>=' ? r <= at : op === '>' ? r < at : op === '<=' ? r >= at : r > at;
      const isLower = op === '>=' || op === '>';
      const expected = left.map(([k, at]) => {
        let nearest: number | null = null;
        for (const [other, r] of right)
          if (other === k && fits(at, r) && (nearest === null || (isLower ? r > nearest : r < nearest))) nearest = r;
        return [key(k), at, nearest];
      });
      const inputs = [
        { types: node.leftTypes, rows: left.map(([k, at]) => [key(k), at]) },
        { types: node.rightTypes, rows: right.map(([k, at]) => [key(k), at]) },
      ];
      const actual = runOperator(asofJoin, node, inputs, { partitions, batchRows: 1000 });
      expect(sortedRows(actual)).toEqual(sortedRows(expected));
    }),
    { numRuns: 20 },
  );
});

test('hands on the columns that are asked for, and those of the match', () => {
  const node: AsofJoinNode = {
    kind: 'asof-join',
    joinType: 'left',
    keys: [{ left: input(0, INT32), right: input(1, INT32), nullsEqual: false }],
    match: { op: '>=', left: input(1, INT32), right: input(0, INT32) },
    leftTypes: [INT32, INT32],
    rightTypes: [INT32, INT32, UTF8],
    output: [4, 1, 2],
  };
  const left = Array.from({ length: 5000 }, (_, i): [number, number] => [i % 7, (i * 7919) % 5003]);
  const right = Array.from({ length: 4000 }, (_, i): [number, number, string] => [
    (i * 104_729) % 5003,
    i % 11,
    `row ${i}`,
  ]);
  const expected = left.map(([key, at]) => {
    const before = right.filter(r => r[1] === key && r[0]! <= at!);
    const nearest = before.reduce<(typeof before)[0] | undefined>(
      (a, r) => (a === undefined || r[0]! > a[0]! ? r : a),
      undefined,
    );
    return [nearest?.[2] ?? null, at!, nearest?.[0] ?? null];
  });
  const inputs = [
    { types: node.leftTypes, rows: left },
    { types: node.rightTypes, rows: right },
  ];
  expect(runOperator(asofJoin, node, inputs)).toEqual(expected);
  expect(sortedRows(runOperator(asofJoin, node, inputs, { partitions: 3, batchRows: 100 }))).toEqual(
    sortedRows(expected),
  );
});
