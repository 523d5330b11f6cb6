import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SortNode, sort } from '../../src/operators/sort.ts';
import { type TopKNode, topK } from '../../src/operators/top-k.ts';
import type { PhysicalSortKey } from '../../src/plan/expr.ts';
import { FLOAT64, INT32, INT64, INTERVAL, UTF8 } from '../../src/types/data-type.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { compareRows, type Order } from './compare-rows.ts';
import { input, type Row, runOperator, sortedRows } from './run-operator.ts';

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

const keyOf = ({ index, type, descending, nullsFirst }: Order): PhysicalSortKey => ({
  expr: input(index, type),
  descending,
  nullsFirst,
});

function expectSorted(actual: readonly Row[], rows: readonly Row[], orders: readonly Order[]): void {
  expect(sortedRows(actual)).toEqual(sortedRows(rows));
  const compare = compareRows(orders);
  for (let i = 1; i < actual.length; i++) expect(compare(actual[i - 1]!, actual[i]!)).toBeLessThanOrEqual(0);
}

describe('sorts any type', () => {
  test.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [t.kind, t] as const))('%s', (_, type) => {
    const types = [INT32, type];
    fc.assert(
      fc.property(
        rowsOfTypes(types, 50),
        shapes,
        fc.boolean(),
        fc.boolean(),
        (rows, options, descending, nullsFirst) => {
          const order: Order = { index: 1, type, descending, nullsFirst };
          const node: SortNode = { kind: 'sort', keys: [keyOf(order)], types };
          expectSorted(runOperator(sort, node, [{ types, rows }], options), rows, [order]);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('sorts by several keys', () => {
  const cases = fc.shuffledSubarray([...FLAT_TYPES, ...NESTED_TYPES], { minLength: 2, maxLength: 4 }).chain(types => {
    const orders = fc.tuple(
      ...types.map((type, index) =>
        fc.record({
          index: fc.constant(index),
          type: fc.constant(type),
          descending: fc.boolean(),
          nullsFirst: fc.boolean(),
        }),
      ),
    );
    return fc.tuple(
      fc.constant(types),
      orders,
      rowsOfTypes(types, 40).map(rows => [...rows, ...rows.slice(0, 5)]),
      shapes,
    );
  });
  fc.assert(
    fc.property(cases, ([types, orders, rows, options]) => {
      const node: SortNode = { kind: 'sort', keys: orders.map(keyOf), types };
      expectSorted(runOperator(sort, node, [{ types, rows }], options), rows, orders);
    }),
    { numRuns: 100 },
  );
});

const many = 250_000;
const scattered = (i: number): number => Math.imul(i, 0x9e3779b1) >>> 0;

test.each([
  ['whole numbers', INT64, (i: number) => BigInt(scattered(i))],
  ['few values', INT64, (i: number) => BigInt(scattered(i) % 3)],
  ['floats', FLOAT64, (i: number) => Math.fround(scattered(i)) / 7 - 1e8],
  ['text with a long common start', UTF8, (i: number) => `https://example.org/a/long/path/${scattered(i) % 50_000}`],
])('sorts many rows: %s', (_, type, value) => {
  const types = [type];
  const rows: Row[] = Array.from({ length: many }, (_, i) => [i % 1000 === 0 ? null : value(i)]);
  const order: Order = { index: 0, type, descending: false, nullsFirst: false };
  const node: SortNode = { kind: 'sort', keys: [keyOf(order)], types };
  for (const partitions of [1, 2]) {
    const actual = runOperator(sort, node, [{ types, rows }], { partitions });
    expect(actual.length).toBe(many);
    const compare = compareRows([order]);
    expect(actual.findIndex((r, i) => i > 0 && compare(actual[i - 1]!, r) > 0)).toBe(-1);
  }
});

test('equal intervals tie', () => {
  const month = { months: 1, days: 0, micros: 0n };
  const days = { months: 0, days: 30, micros: 0n };
  const less = { months: 0, days: 29, micros: 86_399_999_999n };
  const node: SortNode = {
    kind: 'sort',
    keys: [
      { expr: input(0, INTERVAL), descending: true, nullsFirst: false },
      { expr: input(1, INT32), descending: false, nullsFirst: false },
    ],
    types: [INTERVAL, INT32],
  };
  const rows: Row[] = [
    [less, 0],
    [month, 2],
    [days, 1],
    [days, 3],
  ];
  expect(runOperator(sort, node, [{ types: node.types, rows }])).toEqual([
    [days, 1],
    [month, 2],
    [days, 3],
    [less, 0],
  ]);
});

describe('top-k', () => {
  /** Rows of which a sort keeps some: the keys must be those of the sorted list, ties may differ. */
  function expectFirst(actual: readonly Row[], rows: readonly Row[], orders: readonly Order[], node: TopKNode): void {
    const compare = compareRows(orders);
    const expected = [...rows].sort(compare).slice(node.offset, node.offset + node.count);
    expect(actual.length).toBe(expected.length);
    expect(actual.findIndex((r, i) => compare(r, expected[i]!) !== 0)).toBe(-1);
    const all = new Set(sortedRows(rows));
    expect(sortedRows(actual).every(r => all.has(r))).toBe(true);
  }

  test('of few rows', () => {
    const cases = fc.shuffledSubarray([...FLAT_TYPES, ...NESTED_TYPES], { minLength: 1, maxLength: 3 }).chain(types => {
      const orders = fc.tuple(
        ...types.map((type, index) =>
          fc.record({
            index: fc.constant(index),
            type: fc.constant(type),
            descending: fc.boolean(),
            nullsFirst: fc.boolean(),
          }),
        ),
      );
      return fc.tuple(fc.constant(types), orders, rowsOfTypes(types, 40), shapes, fc.nat(10), fc.nat(10));
    });
    fc.assert(
      fc.property(cases, ([types, orders, rows, options, count, offset]) => {
        const node: TopKNode = { kind: 'top-k', keys: orders.map(keyOf), count, offset, types };
        expectFirst(runOperator(topK, node, [{ types, rows }], options), rows, orders, node);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['whole numbers', INT64, (i: number) => BigInt(scattered(i))],
    ['rising numbers', INT64, (i: number) => BigInt(i)],
    ['floats', FLOAT64, (i: number) => scattered(i) / 7 - 1e8],
    ['text', UTF8, (i: number) => `https://example.org/a/path/${scattered(i)}`],
  ])('of many rows: %s', (_, type, value) => {
    const types = [INT32, type];
    const rows: Row[] = Array.from({ length: 60_000 }, (_, i) => [i % 5, i % 1000 === 0 ? null : value(i)]);
    for (const descending of [false, true]) {
      for (const nullsFirst of [false, true]) {
        const orders: Order[] = [
          { index: 1, type, descending, nullsFirst },
          { index: 0, type: INT32, descending: false, nullsFirst },
        ];
        const node: TopKNode = { kind: 'top-k', keys: orders.map(keyOf), count: 150, offset: 20, types };
        expectFirst(runOperator(topK, node, [{ types, rows }], { partitions: 2 }), rows, orders, node);
      }
    }
  });
});
