import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HashAggregateNode, hashAggregate } from '../../src/operators/hash-aggregate.ts';
import type { PhysicalAggregate, PhysicalExpr } from '../../src/plan/expr.ts';
import { BOOLEAN, type DataType, INT32, INT64, INT128, INTERVAL, list, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { compareRows } from './compare-rows.ts';
import { input, keyText, type Row, runOperator, sortedRows } from './run-operator.ts';

const aggregate = (
  fn: string,
  overload: string,
  args: PhysicalExpr[],
  type: DataType,
  more: Partial<PhysicalAggregate> = {},
): PhysicalAggregate => ({ fn, overload, args, distinct: false, type, nullable: fn !== 'count', ...more });

const countStar = aggregate('count', 'star', [], INT64);
const sumOf = (index: number, more: Partial<PhysicalAggregate> = {}): PhysicalAggregate =>
  aggregate('sum', 'integer', [input(index, INT32)], INT128, more);

/** Groups by the first `keys` columns; `fold` makes the aggregates of a group's rows. */
function grouped(rows: readonly Row[], keys: number, fold: (rows: Row[]) => Row): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const text = row.slice(0, keys).map(keyText).join();
    groups.set(text, [...(groups.get(text) ?? []), row]);
  }
  return [...groups.values()].map(g => [...g[0]!.slice(0, keys), ...fold(g)]);
}

const sum = (values: readonly RawValue[]): RawValue => {
  const present = values.filter(v => v !== null);
  return present.length === 0 ? null : present.reduce<bigint>((s, v) => s + BigInt(v as number), 0n);
};

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

describe('groups by keys of any type', () => {
  test.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [t.kind, t] as const))('%s', (_, type) => {
    const types = [type, INT32];
    const node: HashAggregateNode = {
      kind: 'hash-aggregate',
      keys: [input(0, type)],
      aggregates: [countStar, sumOf(1)],
    };
    fc.assert(
      fc.property(rowsOfTypes(types, 60), shapes, (rows, options) => {
        const actual = runOperator(hashAggregate, node, [{ types, rows }], options);
        const expected = grouped(rows, 1, g => [BigInt(g.length), sum(g.map(r => r[1]!))]);
        expect(sortedRows(actual)).toEqual(sortedRows(expected));
      }),
      { numRuns: 25 },
    );
  });

  test('several keys of mixed widths', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...FLAT_TYPES], { minLength: 2, maxLength: 6 }).chain(keyTypes => {
          const types = [...keyTypes, INT32];
          return fc.tuple(
            fc.constant(keyTypes),
            rowsOfTypes(types, 40).map(rows => [...rows, ...rows.slice(0, 10)]),
            shapes,
          );
        }),
        ([keyTypes, rows, options]) => {
          const node: HashAggregateNode = {
            kind: 'hash-aggregate',
            keys: keyTypes.map((t, i) => input(i, t)),
            aggregates: [sumOf(keyTypes.length)],
          };
          const actual = runOperator(hashAggregate, node, [{ types: [...keyTypes, INT32], rows }], options);
          const expected = grouped(rows, keyTypes.length, g => [sum(g.map(r => r.at(-1)!))]);
          expect(sortedRows(actual)).toEqual(sortedRows(expected));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('intervals of equal length are one group and keep their first form', () => {
    const rows: Row[] = [
      [{ months: 0, days: 30, micros: 0n }],
      [{ months: 1, days: 0, micros: 0n }],
      [{ months: 0, days: 29, micros: 86_400_000_000n }],
      [{ months: 0, days: 0, micros: -1n }],
      [{ months: 0, days: -1, micros: 86_399_999_999n }],
    ];
    const node: HashAggregateNode = { kind: 'hash-aggregate', keys: [input(0, INTERVAL)], aggregates: [countStar] };
    expect(runOperator(hashAggregate, node, [{ types: [INTERVAL], rows }])).toEqual([
      [{ months: 0, days: 30, micros: 0n }, 3n],
      [{ months: 0, days: 0, micros: -1n }, 2n],
    ]);
  });
});

test('more groups than a core can cache', () => {
  const key = (i: number): bigint => BigInt((i * 7919) % 70_001) << 20n;
  const rows: Row[] = Array.from({ length: 100_000 }, (_, i) => [key(i)]);
  const node: HashAggregateNode = { kind: 'hash-aggregate', keys: [input(0, INT64)], aggregates: [countStar] };
  const actual = runOperator(hashAggregate, node, [{ types: [INT64], rows }]);
  const expected = Array.from({ length: 70_001 }, (_, i): Row => [key(i), i < 29_999 ? 2n : 1n]);
  expect(sortedRows(actual)).toEqual(sortedRows(expected));
});

test.each([1, 3])('many groups grow the table, %i partitions', partitions => {
  const rows: Row[] = Array.from({ length: 60_000 }, (_, i) => [
    BigInt((i * 7919) % 20_011),
    `key number ${i % 5}`,
    i % 10,
  ]);
  const types = [INT64, UTF8, INT32];
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, INT64), input(1, UTF8)],
    aggregates: [countStar, sumOf(2), sumOf(2, { distinct: true })],
  };
  const actual = runOperator(hashAggregate, node, [{ types, rows }], { partitions });
  const expected = grouped(rows, 2, g => [
    BigInt(g.length),
    sum(g.map(r => r[2]!)),
    sum([...new Set(g.map(r => r[2]!))]),
  ]);
  expect(sortedRows(actual)).toEqual(sortedRows(expected));
});

test('DISTINCT and FILTER', () => {
  const types = [INT32, INT32, BOOLEAN];
  const keep = input(2, BOOLEAN);
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, INT32)],
    aggregates: [
      sumOf(1, { distinct: true }),
      aggregate('count', 'any', [input(1, INT32)], INT64, { distinct: true }),
      sumOf(1, { filter: keep }),
      sumOf(1, { filter: keep, distinct: true }),
      aggregate('count', 'any', [input(0, INT32)], INT64),
    ],
  };
  fc.assert(
    fc.property(rowsOfTypes(types, 80), shapes, (rows, options) => {
      const actual = runOperator(hashAggregate, node, [{ types, rows }], options);
      const distinct = (values: RawValue[]): RawValue[] => [...new Set(values)].filter(v => v !== null);
      const expected = grouped(rows, 1, g => {
        const all = g.map(r => r[1]!);
        const kept = g.filter(r => r[2] === true).map(r => r[1]!);
        return [
          sum(distinct(all)),
          BigInt(distinct(all).length),
          sum(kept),
          sum(distinct(kept)),
          BigInt(g.filter(r => r[0] !== null).length),
        ];
      });
      expect(sortedRows(actual)).toEqual(sortedRows(expected.map(([k, ...aggs]) => [k!, ...aggs])));
    }),
  );
});

describe('aggregates with an order', () => {
  const types = [INT32, UTF8, INT32];
  const orderBy = [
    { expr: input(2, INT32), descending: true, nullsFirst: false },
    { expr: input(1, UTF8), descending: false, nullsFirst: true },
  ];
  const comma: PhysicalExpr = { kind: 'literal', value: { type: UTF8, value: '; ' } };
  const compare = compareRows([
    { index: 2, type: INT32, descending: true, nullsFirst: false },
    { index: 1, type: UTF8, descending: false, nullsFirst: true },
  ]);
  const compareText = compareRows([{ index: 0, type: UTF8, descending: true, nullsFirst: false }]);

  test('see their rows in it', () => {
    const node: HashAggregateNode = {
      kind: 'hash-aggregate',
      keys: [input(0, INT32)],
      aggregates: [
        aggregate('list', 'any', [input(1, UTF8)], list(UTF8), { orderBy }),
        aggregate('string_agg', 'separator', [input(1, UTF8), comma], UTF8, { orderBy }),
        aggregate('string_agg', 'separator', [input(1, UTF8), comma], UTF8, {
          distinct: true,
          orderBy: [{ expr: input(1, UTF8), descending: true, nullsFirst: false }],
        }),
        countStar,
      ],
    };
    fc.assert(
      fc.property(rowsOfTypes(types, 40), shapes, (rows, options) => {
        const actual = runOperator(hashAggregate, node, [{ types, rows }], options);
        const joined = (texts: RawValue[]): RawValue => (texts.length === 0 ? null : texts.join('; '));
        const expected = grouped(rows, 1, g => {
          const texts = [...g].sort(compare).map(r => r[1]!);
          const distinct = [...new Set(texts.filter(t => t !== null))].map(t => [t]);
          const descending = distinct.sort(compareText).map(r => r[0]!);
          return [texts, joined(texts.filter(t => t !== null)), joined(descending), BigInt(g.length)];
        });
        expect(sortedRows(actual)).toEqual(sortedRows(expected));
      }),
    );
  });
});

test('distinct values of nested types', () => {
  const type = list(INT32);
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, INT32)],
    aggregates: [aggregate('count', 'any', [input(1, type)], INT64, { distinct: true })],
  };
  fc.assert(
    fc.property(rowsOfTypes([INT32, type], 40), shapes, (rows, options) => {
      const actual = runOperator(hashAggregate, node, [{ types: [INT32, type], rows }], options);
      const expected = grouped(rows, 1, g => [
        BigInt(new Set(g.flatMap(r => (r[1] === null ? [] : [keyText(r[1]!)]))).size),
      ]);
      expect(sortedRows(actual)).toEqual(sortedRows(expected));
    }),
  );
});

describe('grouping sets', () => {
  const types = [INT32, UTF8, INT32];
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, INT32), input(1, UTF8)],
    groupingSets: [[0, 1], [0], [], [1], []],
    groupingId: true,
    aggregates: [sumOf(2), countStar],
  };
  const expectedRows = (rows: readonly Row[]): Row[] =>
    node.groupingSets!.flatMap(set => {
      const id = BigInt((set.includes(0) ? 0 : 2) + (set.includes(1) ? 0 : 1));
      const masked = rows.map(r => [set.includes(0) ? r[0]! : null, set.includes(1) ? r[1]! : null, r[2]!]);
      if (set.length === 0 && rows.length === 0) return [[null, null, null, 0n, id]];
      return grouped(masked, 2, g => [sum(g.map(r => r[2]!)), BigInt(g.length), id]);
    });

  test('are computed in one pass', () => {
    fc.assert(
      fc.property(rowsOfTypes(types, 40), shapes, (rows, options) => {
        const actual = runOperator(hashAggregate, node, [{ types, rows }], options);
        expect(sortedRows(actual)).toEqual(sortedRows(expectedRows(rows)));
      }),
    );
  });

  test('without keys have a row for no input', () => {
    const actual = runOperator(hashAggregate, node, [{ types, rows: [] }], { partitions: 3 });
    expect(actual).toEqual([
      [null, null, null, 0n, 3n],
      [null, null, null, 0n, 3n],
    ]);
  });
});

test('no input gives no groups', () => {
  const node: HashAggregateNode = { kind: 'hash-aggregate', keys: [input(0, UTF8)], aggregates: [countStar] };
  expect(runOperator(hashAggregate, node, [{ types: [UTF8], rows: [] }], { partitions: 2 })).toEqual([]);
});
