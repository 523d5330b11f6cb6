import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type WindowNode, window } from '../../src/operators/window.ts';
import type { FrameBoundOf, FrameOf, InputRef, PhysicalWindowCall } from '../../src/plan/expr.ts';
import { type DataType, INT32, INT64, INT128, list } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { compareRows } from './compare-rows.ts';
import { input, keyText, type Row, runOperator, sortedRows } from './run-operator.ts';

type Frame = FrameOf<InputRef>;
type Bound = FrameBoundOf<InputRef>;

const KINDS: readonly Bound['kind'][] = [
  'unbounded-preceding',
  'preceding',
  'current-row',
  'following',
  'unbounded-following',
];

const frames: fc.Arbitrary<Frame> = fc
  .record({
    unit: fc.constantFrom('rows', 'groups', 'range'),
    kinds: fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => (a <= b + 1 ? ([a, b + 1] as const) : ([b, a + 1] as const))),
    offsets: fc.tuple(fc.nat(4), fc.nat(40)),
    exclude: fc.constantFrom(undefined, undefined, undefined, 'current-row', 'group', 'ties'),
  })
  .map(({ unit, kinds, offsets, exclude }): Frame => {
    const bound = (kind: Bound['kind'], n: number): Bound => {
      if (kind !== 'preceding' && kind !== 'following') return { kind };
      // RANGE measures values of the key: that is tested with SQL.
      if (unit === 'range') return { kind: 'current-row' };
      return { kind, offset: { kind: 'literal', value: { type: INT64, value: String(n) } } };
    };
    return { unit, start: bound(KINDS[kinds[0]]!, offsets[0]), end: bound(KINDS[kinds[1]]!, offsets[1]), exclude };
  });

const call = (
  fn: string,
  overload: string,
  args: readonly (readonly [number, DataType])[],
  type: DataType,
  frame: Frame,
  more: Partial<PhysicalWindowCall> = {},
): PhysicalWindowCall => ({
  fn,
  overload,
  args: args.map(([i, t]) => input(i, t)),
  distinct: false,
  type,
  nullable: true,
  ignoreNulls: false,
  frame,
  ...more,
});

/** A partition's rows in order, and the numbers of the first and last of each row's peers. */
type Placed = { readonly rows: readonly Row[]; readonly first: readonly number[]; readonly last: readonly number[] };

function place(rows: readonly Row[], samePeer: (a: Row, b: Row) => boolean): Placed {
  const first: number[] = [];
  rows.forEach((row, i) => {
    first.push(i > 0 && samePeer(rows[i - 1]!, row) ? first[i - 1]! : i);
  });
  const last = first.map(f => first.lastIndexOf(f));
  return { rows, first, last };
}

/** The numbers of the rows in a row's frame. */
function frameRows({ rows, first }: Placed, i: number, { unit, start, end, exclude }: Frame): number[] {
  const groups = [...new Set(first)];
  const group = groups.indexOf(first[i]!);
  const moved = (bound: Bound, isEnd: boolean): number => {
    if (bound.kind === 'unbounded-preceding') return 0;
    if (bound.kind === 'unbounded-following') return rows.length;
    const n = 'offset' in bound && bound.offset.kind === 'literal' ? Number(bound.offset.value.value) : 0;
    const steps = bound.kind === 'preceding' ? -n : n;
    if (unit === 'rows') return i + steps + (isEnd ? 1 : 0);
    const to = group + steps + (isEnd ? 1 : 0);
    return to < 0 ? 0 : (groups[to] ?? rows.length);
  };
  const [from, to] = [moved(start, false), moved(end, true)];
  const isOut = (j: number): boolean => {
    const isPeer = first[j] === first[i];
    return exclude === 'current-row' ? j === i : exclude === 'group' ? isPeer : exclude === 'ties' && isPeer && j !== i;
  };
  return rows.map((_, j) => j).filter(j => j >= from && j < to && !isOut(j));
}

const numbers = (frame: readonly number[], rows: readonly Row[]): number[] =>
  frame.map(j => rows[j]![2]).filter(x => x !== null) as number[];

/** By the third column, greatest first and NULLs last, then by the fourth, greatest first. */
function comesBefore([, , x, id]: Row, [, , y, other]: Row): boolean {
  if (x === y) return (id as bigint) > (other as bigint);
  return y === null || (x !== null && (x as number) > (y as number));
}

const lastByX = (rows: readonly Row[]): RawValue =>
  rows.find(r => rows.every(o => o === r || comesBefore(o, r)))?.[3] ?? null;

/** The lower one of the middle values. */
function middleOf(values: readonly number[]): RawValue {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
}

/** The first one of the values that occur most often. */
function mostFrequent(values: readonly number[]): RawValue {
  const times = (x: number): number => values.filter(v => v === x).length;
  const most = Math.max(...values.map(times));
  return values.find(v => times(v) === most) ?? null;
}

const sumOf = (values: readonly number[]): RawValue =>
  values.length === 0 ? null : BigInt(values.reduce((s, v) => s + v, 0));

test('ranks, neighbours, values of frames, and aggregates over them', () => {
  const cases = fc.constantFrom(...FLAT_TYPES, ...NESTED_TYPES).chain(type => {
    const types = [INT32, type, INT32, INT64];
    return fc.tuple(
      fc.constant(types),
      rowsOfTypes(types, 90).map(rows =>
        rows.map((r, i): Row => [r[0] === null ? null : (r[0] as number) & 3, r[1]!, r[2]!, BigInt(i)]),
      ),
      frames,
      fc.record({
        partitions: fc.constantFrom(1, 3),
        batchRows: fc.constantFrom(1, 3, 2048),
        gaps: fc.boolean(),
      }),
      fc.record({ descending: fc.boolean(), nullsFirst: fc.boolean(), isPartitioned: fc.boolean() }),
    );
  });
  fc.assert(
    fc.property(cases, ([types, rows, frame, options, { descending, nullsFirst, isPartitioned }]) => {
      const key = types[1]!;
      const x: readonly [number, DataType] = [2, INT32];
      const byX = [input(2, INT32), input(3, INT64)].map(expr => ({ expr, descending: true, nullsFirst: false }));
      const node: WindowNode = {
        kind: 'window',
        partitionBy: isPartitioned ? [input(0, INT32)] : [],
        orderBy: [{ expr: input(1, key), descending, nullsFirst }],
        functions: [
          call('row_number', 'none', [], INT64, frame),
          call('rank', 'none', [], INT64, frame),
          call('dense_rank', 'none', [], INT64, frame),
          call('lag', 'any-1', [[1, key]], key, frame),
          call('lead', 'any-1', [x], INT32, frame, { ignoreNulls: true }),
          call('first_value', 'any', [[1, key]], key, frame),
          call('last_value', 'any', [x], INT32, frame, { ignoreNulls: true }),
          call('count', 'star', [], INT64, frame),
          call('sum', 'integer', [x], INT128, frame),
          call('sum', 'integer', [x], INT128, frame, { distinct: true }),
          call('max', 'flat', [x], INT32, frame),
          call('list', 'any', [[3, INT64]], list(INT64), frame),
          call('row_number', 'none', [], INT64, frame, { orderBy: byX }),
          call('last_value', 'any', [[3, INT64]], INT64, frame, { orderBy: byX }),
          call('count', 'any', [x], INT64, frame, { distinct: true }),
          call('median', 'median-disc', [x], INT32, frame),
          call('median', 'median-disc', [x], INT32, frame, { distinct: true }),
          call('mode', 'any', [x], INT32, frame),
          call('mode', 'any', [x], INT32, frame, { distinct: true }),
        ],
        columns: [3],
        types,
      };
      const compare = compareRows([{ index: 1, type: key, descending, nullsFirst }]);
      const partitions = new Map<string, Row[]>();
      for (const row of rows) {
        const name = isPartitioned ? String(row[0]) : '';
        partitions.set(name, [...(partitions.get(name) ?? []), row]);
      }
      const expected = [...partitions.values()].flatMap(unsorted => {
        const placed = place([...unsorted].sort(compare), (a, b) => keyText(a[1]!) === keyText(b[1]!));
        const { first } = placed;
        return placed.rows.map((row, i): Row => {
          const inFrame = frameRows(placed, i, frame);
          const values = numbers(inFrame, placed.rows);
          const later = placed.rows.slice(i + 1).find(r => r[2] !== null);
          const distinct = [...new Set(values)];
          return [
            row[3]!,
            BigInt(i + 1),
            BigInt(first[i]! + 1),
            BigInt(new Set(first.slice(0, i + 1)).size),
            placed.rows[i - 1]?.[1] ?? null,
            later?.[2] ?? null,
            inFrame.length === 0 ? null : placed.rows[inFrame[0]!]![1]!,
            values.at(-1) ?? null,
            BigInt(inFrame.length),
            sumOf(values),
            sumOf(distinct),
            values.length === 0 ? null : Math.max(...values),
            inFrame.length === 0 ? null : inFrame.map(j => placed.rows[j]![3]!),
            BigInt(inFrame.filter(j => comesBefore(placed.rows[j]!, row)).length + 1),
            lastByX(inFrame.map(j => placed.rows[j]!)),
            BigInt(distinct.length),
            middleOf(values),
            middleOf(distinct),
            mostFrequent(values),
            values[0] ?? null,
          ];
        });
      });
      const actual = runOperator(window, node, [{ types, rows }], options);
      expect(sortedRows(actual)).toEqual(sortedRows(expected));
    }),
    { numRuns: 400 },
  );
});

test.each([1, 3])(
  'the first rows of many partitions leave others out once there are some of each, %i clones',
  partitions => {
    const rows: Row[] = Array.from({ length: 120_000 }, (_, i) => [(i * 7919) % 15_013, (i * 31_337) % 120_011, i]);
    const types = [INT32, INT32, INT32];
    const frame: Frame = { unit: 'rows', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } };
    const node: WindowNode = {
      kind: 'window',
      partitionBy: [input(0, INT32)],
      orderBy: [{ expr: input(1, INT32), descending: true, nullsFirst: false }],
      functions: [call('row_number', 'none', [], INT64, frame)],
      columns: [0, 1, 2],
      types,
      limit: 2,
    };
    const given = runOperator(window, node, [{ types, rows }], { partitions });
    const best = new Map<RawValue, number[]>();
    for (const [partition, value] of rows as [number, number][]) {
      best.set(partition, [...(best.get(partition) ?? []), value].sort((a, b) => b - a).slice(0, 2));
    }
    const expected = [...best].flatMap(([p, values]) => values.map((v, i): Row => [p, v, BigInt(i + 1)]));
    const first = given.filter(row => (row[3] as bigint) <= 2n).map(row => [row[0]!, row[1]!, row[3]!]);
    expect(sortedRows(first)).toEqual(sortedRows(expected));
    if (partitions === 1) expect(given.length).toBeLessThan(0.75 * rows.length);
  },
);
