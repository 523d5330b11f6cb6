import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregateFunctions } from '../../src/functions/aggregate/index.ts';
import type { AggregateFunction, AggregateOverload, Fit } from '../../src/functions/function.ts';
import { type HashAggregateNode, hashAggregate } from '../../src/operators/hash-aggregate.ts';
import { partialTypes } from '../../src/operators/lib/groups/partial-states.ts';
import { type UngroupedAggregateNode, ungroupedAggregate } from '../../src/operators/ungrouped-aggregate.ts';
import type { PhysicalAggregate, PhysicalExpr } from '../../src/plan/expr.ts';
import {
  type DataType,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  list,
  sameType,
  UINT32,
  UTF8,
} from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { FLAT_TYPES, NESTED_TYPES, presentValue } from './arbitrary-values.ts';
import { type Row, runOperator } from './run-operator.ts';

const TYPES = [...FLAT_TYPES, INTERVAL, ...NESTED_TYPES];

const FEW: Scalar = { type: INT64, value: '3' };

/** Last arguments that must be constants, by the overload's key. */
const CONSTANTS: Readonly<Record<string, readonly Scalar[]>> = {
  'any-n': [FEW],
  'flat-n': [FEW],
  'nested-n': [FEW],
  'top-k': [FEW],
  bins: [{ type: list(INT32), value: [5, 20, 60] }],
  fraction: [{ type: FLOAT64, value: 0.3 }],
  fractions: [{ type: list(FLOAT64), value: [0.1, -0.5] }],
  separator: [{ type: UTF8, value: '; ' }],
  range: [
    { type: INT32, value: 0 },
    { type: INT32, value: 99 },
  ],
};

type Case = { readonly fn: AggregateFunction; readonly overload: AggregateOverload; readonly fit: Fit };

/** Argument types that an overload takes as they are. */
function fitsOf(overload: AggregateOverload): readonly Fit[] {
  const constants = CONSTANTS[overload.key]?.map(c => c.type);
  const further = constants === undefined ? TYPES.map(t => [t]) : [constants];
  const pairs = constants === undefined ? [] : TYPES.flatMap(t => TYPES.map(u => [t, u, ...constants]));
  const tried = [[], ...TYPES.map(t => [t]), ...TYPES.flatMap(t => further.map(f => [t, ...f])), ...pairs];
  return tried.flatMap(types => {
    const fit = overload.fit(types);
    return fit?.args.every((a, i) => sameType(a, types[i]!)) === true ? [fit] : [];
  });
}

/** Types tried of an overload that takes many: others for each, so that all of them have their turn. */
const TRIED = 7;

const cases: Case[] = aggregateFunctions.flatMap((fn, n) =>
  fn.overloads.flatMap(overload => {
    const fits = fitsOf(overload);
    if (fits.length === 0) throw new Error(`no arguments are known for ${fn.name}#${overload.key}`);
    const step = Math.ceil(fits.length / TRIED);
    return fits.filter((_, i) => (i + n) % step === 0).map(fit => ({ fn, overload, fit }));
  }),
);

/** Values whose sums stay in range, and are exact in any order. */
function smallValue(type: DataType): fc.Arbitrary<RawValue> {
  if (type.kind === 'float') return fc.integer({ min: -16, max: 16 }).map(v => v / 4);
  if (type.kind === 'decimal' || (type.kind === 'int' && type.bits > 32)) return fc.bigInt({ min: 0n, max: 99n });
  if (type.kind === 'int') return fc.integer({ min: 0, max: 99 });
  // Of equal intervals that are written otherwise (30 days, 1 month) any may be the least.
  if (type.kind === 'interval') return fc.integer({ min: 0, max: 99 }).map(days => ({ months: 0, days, micros: 0n }));
  return presentValue(type);
}

const nullable = (value: fc.Arbitrary<RawValue>): fc.Arbitrary<RawValue> => fc.option(value, { freq: 4 });

/** Equal but for the last bits of doubles; rows in any order. */
function expectClose(found: readonly Row[], expected: readonly Row[]): void {
  const [a, b] = [found, expected].map(rows => rows.toSorted((x, y) => orderKey(x).localeCompare(orderKey(y))));
  if (!isClose(a, b)) expect(a).toEqual(b);
}

const shown = (row: unknown): string =>
  JSON.stringify(row, (_, v: unknown) => {
    if (typeof v === 'bigint') return `${v}n`;
    return v instanceof Uint8Array ? [...v] : v;
  });

/** What is exact of a row, then its fractions, of which the last bits do not matter. */
const orderKey = (row: Row): string =>
  `${shown(row.map(v => (isFraction(v) ? null : v)))} ${row.filter(isFraction).map(v => v.toPrecision(5))}`;
const isFraction = (v: unknown): v is number => typeof v === 'number' && !Number.isInteger(v);

function isClose(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return (
      Object.is(a, b) ||
      a === b ||
      (Number.isFinite(a - b) && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)))
    );
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && left.every(([k, v]) => isClose(v, (b as Record<string, unknown>)[k]));
}

const input = (index: number, type: DataType): PhysicalExpr => ({ kind: 'input', index, type });

describe.each(cases)('$fn.name#$overload.key($fit.args)', ({ fn, overload, fit }) => {
  const constants = CONSTANTS[overload.key] ?? [];
  const aggregate: PhysicalAggregate = {
    fn: fn.name,
    overload: overload.key,
    args: fit.args.map((type, i) => {
      const value = constants[i - (fit.args.length - constants.length)];
      return value === undefined ? input(i + 1, type) : { kind: 'literal', value };
    }),
    distinct: false,
    type: fit.returns,
    nullable: overload.nullable,
  };
  const types = [INT32, ...fit.args];
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), ...fit.args.map(t => nullable(smallValue(t)))), {
    maxLength: 24,
  });
  const parts = fc.array(rows, { minLength: 1, maxLength: 3 });

  test('states from several memories give the result of one', () => {
    const grouped: HashAggregateNode = { kind: 'hash-aggregate', keys: [input(0, INT32)], aggregates: [aggregate] };
    const alone: UngroupedAggregateNode = { kind: 'ungrouped-aggregate', aggregates: [aggregate] };
    const states = partialTypes([aggregate]);
    fc.assert(
      fc.property(parts, fc.constantFrom(1, 3, 2048), (dealt, batchRows) => {
        const options = { batchRows };
        const all = { types, rows: dealt.flat() };
        const sent = dealt.flatMap(part =>
          runOperator(hashAggregate, { ...grouped, mode: 'partial' }, [{ types, rows: part }], options),
        );
        expectClose(
          runOperator(
            hashAggregate,
            { ...grouped, mode: 'final' },
            [{ types: [INT32, ...states], rows: sent }],
            options,
          ),
          runOperator(hashAggregate, grouped, [all], options),
        );
        const sentAlone = dealt.flatMap(part =>
          runOperator(ungroupedAggregate, { ...alone, mode: 'partial' }, [{ types, rows: part }], options),
        );
        expectClose(
          runOperator(ungroupedAggregate, { ...alone, mode: 'final' }, [{ types: states, rows: sentAlone }], options),
          runOperator(ungroupedAggregate, alone, [all], options),
        );
      }),
      { numRuns: 8 },
    );
  });
});

test('grouping sets travel with their number', () => {
  const aggregates: PhysicalAggregate[] = [
    { fn: 'count', overload: 'star', args: [], distinct: false, type: INT64, nullable: false },
  ];
  const node: HashAggregateNode = {
    kind: 'hash-aggregate',
    keys: [input(0, INT32), input(1, UTF8)],
    groupingSets: [[0, 1], [1], [1], []],
    groupingId: true,
    aggregates,
  };
  const types = [INT32, UTF8];
  const sentTypes = [INT32, UTF8, UINT32, ...partialTypes(aggregates)];
  const rows = fc.array(fc.tuple(nullable(fc.integer({ min: 0, max: 2 })), nullable(fc.constantFrom('a', 'b'))), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 3), (dealt, partitions) => {
      const sent = dealt.flatMap(part =>
        runOperator(hashAggregate, { ...node, mode: 'partial' }, [{ types, rows: part }], { partitions, batchRows: 3 }),
      );
      expectClose(
        runOperator(hashAggregate, { ...node, mode: 'final' }, [{ types: sentTypes, rows: sent }], { partitions }),
        runOperator(hashAggregate, node, [{ types, rows: dealt.flat() }]),
      );
    }),
  );
});
