import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRaw } from '../../src/batch/compare-raw.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import {
  BOOLEAN,
  type DataType,
  FLOAT32,
  FLOAT64,
  INT8,
  INT32,
  INT64,
  INT128,
  INTERVAL,
  list,
  struct,
  UINT16,
  UTF8,
} from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { type Argument, runScalar } from './run-scalar.ts';

type List = readonly RawValue[];
type Row = List | null;

/** Few values of each type, so that many are equal; what only looks different, too. */
const VALUES: readonly (readonly [DataType, readonly RawValue[]])[] = [
  [BOOLEAN, [true, false]],
  [INT8, [-128, -1, 0, 1, 127]],
  [UINT16, [0, 1, 65_535]],
  [INT32, [-7, 0, 1, 2, 2_147_483_647]],
  [INT64, [-(2n ** 63n), -1n, 0n, 5n, 2n ** 63n - 1n]],
  [INT128, [-(2n ** 127n), -1n, 0n, 2n ** 64n, 2n ** 127n - 1n]],
  [FLOAT32, [-0, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY]],
  [FLOAT64, [-0, 0, -1e300, 2.5, Number.NaN, Number.NEGATIVE_INFINITY]],
  [UTF8, ['', 'a', 'a\0', 'long text, same start', 'long text, same start!', 'ä']],
  [
    INTERVAL,
    [
      { months: 1, days: 0, micros: 0n },
      { months: 0, days: 30, micros: 0n },
      { months: 0, days: 1, micros: -1n },
    ],
  ],
  [list(INT32), [[], [1], [1, null], [2]]],
  [
    struct([
      { name: 'a', type: UTF8 },
      { name: 'b', type: FLOAT64 },
    ]),
    [
      ['x', 0],
      ['x', -0],
      ['x', null],
      [null, 1],
    ],
  ],
];

const withNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: fc.constant(null) });
const element = (values: readonly RawValue[]): fc.Arbitrary<RawValue> => withNull(fc.constantFrom(...values));
/** Mostly short lists; some that sets and sorts treat as long ones. */
const row = (values: readonly RawValue[]): fc.Arbitrary<Row> =>
  withNull(
    fc.oneof(
      { weight: 4, arbitrary: fc.array(element(values), { maxLength: 5 }) },
      { weight: 1, arbitrary: fc.array(element(values), { maxLength: 60, size: 'max' }) },
    ),
  );

/** Columns of a case: the rows of each argument, of which one may be a constant, and the rows that count. */
type Case = {
  readonly type: DataType;
  readonly columns: readonly List[];
  readonly constant: number;
  readonly skip: number;
};

function cases(...columns: readonly ((values: readonly RawValue[]) => fc.Arbitrary<RawValue>)[]): fc.Arbitrary<Case> {
  return fc.constantFrom(...VALUES).chain(([type, values]) =>
    fc.record({
      type: fc.constant(type),
      columns: fc
        .array(fc.tuple(...columns.map(c => c(values))), { minLength: 1, maxLength: 12 })
        .map(rows => columns.map((_, i) => rows.map(r => r[i]!))),
      constant: fc.integer({ min: -1, max: columns.length - 1 }),
      skip: fc.integer({ min: 1, max: 3 }),
    }),
  );
}

/** Whether two values are the same where NULL is a value. */
const same = (type: DataType, a: RawValue, b: RawValue): boolean => compareRaw(type, a, b) === 0;
const has = (type: DataType, values: List, value: RawValue): boolean => values.some(v => same(type, v, value));
const known = (values: List): List => values.filter(v => v !== null);
const distinct = (type: DataType, values: List): List =>
  known(values).filter((v, i, all) => !has(type, all.slice(0, i), v));

function sorted(type: DataType, values: List, descending: boolean, nullsFirst: boolean): readonly number[] {
  return values
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [values[i]!, values[j]!];
      if (a === null || b === null) return (Number(a === null) - Number(b === null)) * (nullsFirst ? -1 : 1) || i - j;
      return compareRaw(type, a, b) * (descending ? -1 : 1) || i - j;
    });
}

/** The parts of a list that a slice names, in words of its positions. */
function sliced(values: List, start: bigint, end: bigint, step: bigint): List {
  const length = BigInt(values.length);
  const place = (i: bigint): bigint => (i < 0n ? i + length : i - 1n);
  const [from, to] = step < 0n ? [end, start] : [start, end];
  const [first, last] = [from === 0n ? 0n : place(from), to === 0n ? -1n : place(to)];
  const window = values.filter((_, i) => i >= first && i <= last);
  const stride = step < 0n ? -step : step;
  return (step < 0n ? window.toReversed() : window).filter((_, i) => BigInt(i) % stride === 0n);
}

/** Runs a function over a case and compares each row with the oracle; `types` are those of the arguments. */
function agree(
  name: string,
  types: (type: DataType) => readonly DataType[],
  { type, columns, constant, skip }: Case,
  oracle: (type: DataType, ...row: RawValue[]) => RawValue,
  more: readonly Argument[] = [],
): void {
  const count = columns[0]!.length;
  const positions = Array.from({ length: count }, (_, i) => i).filter(i => i % skip === 0);
  const value = (c: number, i: number): RawValue => columns[c]![c === constant ? 0 : i]!;
  const args = columns.map((values, c): Argument => {
    const argType = types(type)[c]!;
    return c === constant ? { type: argType, constant: values[0]! } : { type: argType, values };
  });
  const fn = builtinFunctions.scalar(name)!;
  expect(runScalar(fn, { args: [...args, ...more], count, positions })).toEqual(
    positions.map(i => oracle(type, ...columns.map((_, c) => value(c, i)))),
  );
}

const of = (type: DataType): DataType => list(type);
const both = (type: DataType) => [of(type), of(type)];
const withElement = (type: DataType) => [of(type), type];
const whole = (): fc.Arbitrary<RawValue> =>
  withNull(fc.oneof(fc.bigInt({ min: -7n, max: 7n }), fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n)));

describe('functions of lists give what a plain search of their values gives', () => {
  it('list_contains', () => {
    fc.assert(
      fc.property(cases(row, element), c => {
        agree('list_contains', withElement, c, (type, values, value) => {
          if (values === null) return null;
          return value === null ? ((values as List).length === 0 ? false : null) : has(type, values as List, value);
        });
      }),
    );
  });

  it('list_position', () => {
    fc.assert(
      fc.property(cases(row, element), c => {
        agree('list_position', withElement, c, (type, values, value) => {
          const found = ((values ?? []) as List).findIndex(v => same(type, v, value));
          return found < 0 ? null : found + 1;
        });
      }),
    );
  });

  it('list_has_any, list_has_all, list_intersect', () => {
    fc.assert(
      fc.property(cases(row, row), c => {
        const either =
          (of: (type: DataType, a: List, b: List) => RawValue) => (type: DataType, a: RawValue, b: RawValue) =>
            a === null || b === null ? null : of(type, a as List, b as List);
        agree(
          'list_has_any',
          both,
          c,
          either((type, a, b) => known(a).some(v => has(type, b, v))),
        );
        agree(
          'list_has_all',
          both,
          c,
          either((type, a, b) => known(b).every(v => has(type, a, v))),
        );
        agree(
          '<@',
          both,
          c,
          either((type, a, b) => known(a).every(v => has(type, b, v))),
        );
        agree('list_intersect', both, c, (type, a, b) =>
          a === null ? null : distinct(type, a as List).filter(v => has(type, (b ?? []) as List, v)),
        );
      }),
    );
  });

  it('list_distinct, list_unique', () => {
    fc.assert(
      fc.property(cases(row), c => {
        agree(
          'list_distinct',
          t => [of(t)],
          c,
          (type, values) => values && distinct(type, values as List),
        );
        agree(
          'list_unique',
          t => [of(t)],
          c,
          (type, values) => values && BigInt(distinct(type, values as List).length),
        );
      }),
    );
  });

  it('list_sort, list_grade_up: stable, in the order that each row names', () => {
    const order = (): fc.Arbitrary<RawValue> => fc.constantFrom('ASC', 'DESC');
    const nulls = (): fc.Arbitrary<RawValue> => fc.constantFrom('NULLS FIRST', 'NULLS LAST');
    fc.assert(
      fc.property(cases(row, order, nulls), c => {
        const types = (t: DataType) => [of(t), UTF8, UTF8];
        const places = (type: DataType, values: RawValue, by: RawValue, at: RawValue) =>
          sorted(type, values as List, by === 'DESC', at === 'NULLS FIRST');
        agree(
          'list_sort',
          types,
          c,
          (type, values, ...by) => values && places(type, values, by[0]!, by[1]!).map(i => (values as List)[i]!),
        );
        agree(
          'list_grade_up',
          types,
          c,
          (type, values, ...by) => values && places(type, values, by[0]!, by[1]!).map(i => BigInt(i + 1)),
        );
      }),
    );
  });

  it('list_extract, array_slice, list_reverse', () => {
    const step = (): fc.Arbitrary<RawValue> =>
      withNull(fc.constantFrom(1n, 2n, 3n, -1n, -2n, 2n ** 63n - 1n, -(2n ** 63n)));
    fc.assert(
      fc.property(cases(row, whole, whole, step), c => {
        const types = (t: DataType) => [of(t), INT64, INT64, INT64];
        const taken = (n: number): Case => ({
          ...c,
          columns: c.columns.slice(0, n),
          constant: c.constant < n ? c.constant : -1,
        });
        agree('list_extract', types, taken(2), (_, values, index) => {
          if (values === null || index === null) return null;
          const i =
            (index as bigint) > 0n ? (index as bigint) - 1n : (index as bigint) + BigInt((values as List).length);
          return (values as List)[Number(i)] ?? null;
        });
        agree('array_slice', types, taken(3), (_, values, from, to) =>
          [values, from, to].includes(null) ? null : sliced(values as List, from as bigint, to as bigint, 1n),
        );
        agree('array_slice', types, c, (_, values, from, to, by) =>
          [values, from, to, by].includes(null)
            ? null
            : sliced(values as List, from as bigint, to as bigint, by as bigint),
        );
        agree('list_reverse', types, taken(1), (_, values) => values && (values as List).toReversed());
      }),
    );
  });

  it('list_concat, list_append, list_prepend, list_value', () => {
    fc.assert(
      fc.property(cases(row, row, row), c => {
        agree(
          'list_concat',
          t => [of(t), of(t), of(t)],
          c,
          (_, ...lists) => lists.flatMap(l => (l ?? []) as List),
        );
      }),
    );
    fc.assert(
      fc.property(cases(row, element), c => {
        agree('list_append', withElement, c, (_, values, value) => [...((values ?? []) as List), value]);
        agree('array_push_front', withElement, c, (_, values, value) => [value, ...((values ?? []) as List)]);
      }),
    );
    fc.assert(
      fc.property(cases(element, element), c =>
        agree(
          'list_value',
          t => [t, t],
          c,
          (_, ...values) => values,
        ),
      ),
    );
  });

  it('flatten, list_zip', () => {
    const nested = (values: readonly RawValue[]): fc.Arbitrary<Row> =>
      withNull(fc.array(row(values), { maxLength: 4 }));
    fc.assert(
      fc.property(cases(nested), c => {
        agree(
          'flatten',
          t => [list(of(t))],
          c,
          (_, lists) => lists && (lists as readonly Row[]).flatMap(l => l ?? []),
        );
      }),
    );
    fc.assert(
      fc.property(cases(row, row), c => {
        agree('list_zip', both, c, (_, ...lists) => {
          const given = lists.map(l => (l ?? []) as List);
          const length = Math.max(...given.map(l => l.length));
          return Array.from({ length }, (_unused, i) => given.map(l => l[i] ?? null));
        });
      }),
    );
  });

  it('list_where, list_select', () => {
    const flags = (): fc.Arbitrary<Row> => row([true, false]);
    const places = (): fc.Arbitrary<Row> => row([-1n, 0n, 1n, 2n, 3n, 2n ** 40n]);
    fc.assert(
      fc.property(cases(row, flags), c => {
        agree(
          'list_where',
          t => [of(t), list(BOOLEAN)],
          c,
          (_, values, mask) =>
            values && mask && (mask as List).flatMap((flag, i) => (flag === true ? [(values as List)[i] ?? null] : [])),
        );
      }),
    );
    fc.assert(
      fc.property(cases(row, places), c => {
        agree(
          'list_select',
          t => [of(t), list(INT64)],
          c,
          (_, values, at) =>
            values &&
            at &&
            (at as readonly (bigint | null)[]).map(p =>
              p === null || p < 1n ? null : ((values as List)[Number(p) - 1] ?? null),
            ),
        );
      }),
    );
  });

  it('=, <>, <, <=, >, >= of lists', () => {
    const holds = { '=': [0], '<>': [-1, 1], '<': [-1], '<=': [-1, 0], '>': [1], '>=': [0, 1] };
    fc.assert(
      fc.property(cases(row, row), c => {
        for (const [name, orders] of Object.entries(holds))
          agree(name, both, c, (type, a, b) =>
            a === null || b === null ? null : orders.includes(Math.sign(compareRaw(of(type), a, b))),
          );
      }),
    );
  });

  it('map_extract, map_contains, m[key], map_keys, map_values', () => {
    const map = (values: readonly RawValue[]): fc.Arbitrary<RawValue> =>
      withNull(
        fc
          .uniqueArray(fc.constantFrom(...values), { maxLength: 4, comparator: Object.is })
          .map(keys => keys.map((k, i) => [k, i] as const)),
      );
    fc.assert(
      fc.property(cases(map, element), c => {
        const types = (key: DataType): DataType[] => [{ kind: 'map', key, value: INT32 }, key];
        const entry = (type: DataType, entries: RawValue, key: RawValue) =>
          key === null ? undefined : ((entries ?? []) as readonly List[]).find(([k]) => same(type, k!, key));
        agree('map_extract', types, c, (type, entries, key) => {
          const found = entry(type, entries, key);
          return entries && (found === undefined ? [] : [found[1]!]);
        });
        agree('map_extract_value', types, c, (type, entries, key) => entry(type, entries, key)?.[1] ?? null);
        agree('map_contains', types, c, (type, entries, key) => {
          if (entries === null || (key === null && (entries as List).length > 0)) return null;
          return entry(type, entries, key) !== undefined;
        });
        const only: Case = { ...c, columns: c.columns.slice(0, 1), constant: c.constant === 0 ? 0 : -1 };
        agree('map_keys', types, only, (_, entries) => entries && (entries as readonly List[]).map(e => e[0]!));
        agree('map_values', types, only, (_, entries) => entries && (entries as readonly List[]).map(e => e[1]!));
        agree('cardinality', types, only, (_, entries) => entries && BigInt((entries as List).length));
      }),
    );
  });

  it('list_sum, list_min, list_max, list_count, list_first', () => {
    fc.assert(
      fc.property(cases(row), c => {
        const types = (t: DataType) => [of(t)];
        const whole = c.type.kind === 'int' && c.type.bits < 128;
        const sum = (values: List): RawValue =>
          known(values).length === 0 ? null : known(values).reduce<bigint>((s, v) => s + BigInt(v as number), 0n);
        if (whole) agree('list_sum', types, c, (_, values) => values && sum(values as List));
        agree('list_count', types, c, (_, values) => values && BigInt(known(values as List).length));
        agree('list_first', types, c, (_, values) => (values as Row)?.[0] ?? null);
        // Of equal values that differ (zeros, intervals) which one an extremum is, is left open.
        if (c.type.kind === 'float' || c.type.kind === 'interval' || c.type.kind === 'struct') return;
        const extremum = (sign: number) => (type: DataType, values: RawValue) =>
          known((values ?? []) as List).reduce<RawValue>(
            (best, v) => (best === null || compareRaw(type, v, best) * sign < 0 ? v : best),
            null,
          );
        agree('list_min', types, c, extremum(1));
        agree('list_max', types, c, extremum(-1));
      }),
    );
  });

  it('array_to_string', () => {
    const texts = ['', 'a', 'ä', 'a text that is longer'];
    const text = (): fc.Arbitrary<RawValue> => element(texts);
    fc.assert(
      fc.property(
        cases(() => row(texts), text),
        c => {
          agree(
            'array_to_string',
            () => [list(UTF8), UTF8],
            c,
            (_, values, by) => {
              if (values === null || by === null) return null;
              const given = known(values as List);
              return given.length === 0 && (values as List).length > 0 ? null : given.join(by as string);
            },
          );
        },
      ),
    );
  });
});
