import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateFunctions } from '../../../src/functions/aggregate/index.ts';
import * as t from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { agrees, type Case, type Values } from './agrees.ts';
import { type Column, runAggregate } from './run-aggregate.ts';

const fn = (name: string) => aggregateFunctions.find(f => f.name === name)!;
const run = (name: string, columns: readonly Column[], parts = 1): RawValue =>
  runAggregate(fn(name), { columns, count: 'values' in columns[0]! ? columns[0].values.length : 3, parts })[0]!;
const doubles = (...values: (number | null)[]): Column => ({ type: t.FLOAT64, values });
const ints = (...values: (number | null)[]): Column => ({ type: t.INT32, values });
const texts = (...values: (string | null)[]): Column => ({ type: t.UTF8, values });

const cases: Case[] = [
  { type: t.INT32, value: fc.integer({ min: -5, max: 5 }) },
  { type: t.INT16, value: fc.integer({ min: -500, max: 500 }) },
  { type: t.INT64, value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) },
  { type: t.BOOLEAN, value: fc.boolean() },
  { type: t.INT128, value: fc.bigInt(-(2n ** 100n), 2n ** 100n) },
  { type: t.UTF8, value: fc.string({ unit: 'grapheme', maxLength: 10 }) },
  { type: t.list(t.INT32), value: fc.array(fc.option(fc.integer()), { maxLength: 3 }) },
];

describe.each(cases)('aggregates of $type', c => {
  const isNested = c.type.kind === 'list';
  // Rows are dealt to parts: only with one part is the first row of all the first of the first part.
  const ordered = (name: string, oracle: (values: Values) => RawValue): void =>
    fc.assert(
      fc.property(
        fc.array(fc.option(c.value, { freq: 4 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (values, groupCount) => {
          const groups = values.map((_, i) => (i * 5) % groupCount);
          const found = runAggregate(fn(name), {
            columns: [{ type: c.type, values }],
            count: values.length,
            groups,
            groupCount,
          });
          expect(found).toEqual(
            Array.from({ length: groupCount }, (_, g) => oracle(values.filter((_, i) => groups[i] === g))),
          );
        },
      ),
      { numRuns: 50 },
    );
  it('first, last and any_value keep one row', () => {
    ordered('first', values => values[0] ?? null);
    ordered('last', values => values.at(-1) ?? null);
    ordered('any_value', values => values.find(v => v !== null) ?? null);
  });
  it('list keeps all', () => {
    ordered('list', values => (values.length === 0 ? null : values));
  });
  it('the middle value is in the middle', () => {
    if (isNested) return;
    const compare = (a: RawValue, b: RawValue): number =>
      typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b as string)) : a! < b! ? -1 : a! > b! ? 1 : 0;
    const withFraction = { ...fn('quantile_disc'), overloads: fn('quantile_disc').overloads };
    fc.assert(
      fc.property(
        fc.array(c.value, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, fraction) => {
          const columns: Column[] = [
            { type: c.type, values },
            { type: t.FLOAT64, constant: fraction },
          ];
          const [found] = runAggregate(withFraction, { columns, count: values.length, parts: 2 });
          const index = Math.max(1, Math.ceil(fraction * values.length - 1e-12)) - 1;
          const exact = Math.max(1, values.length - Math.floor(values.length - fraction * values.length)) - 1;
          expect(Math.abs(index - exact)).toBeLessThanOrEqual(1);
          expect(found).toEqual([...values].sort(compare)[exact]);
        },
      ),
      { numRuns: 80 },
    );
  });
  it('mode is the most frequent', () => {
    fc.assert(
      fc.property(fc.array(c.value, { maxLength: 20 }), values => {
        const found = runAggregate(fn('mode'), { columns: [{ type: c.type, values }], count: values.length })[0]!;
        const key = (v: RawValue): string => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? `${x}` : x));
        const frequency = (v: RawValue): number => values.filter(x => key(x) === key(v)).length;
        if (values.length === 0) expect(found).toBe(null);
        else expect(frequency(found)).toBe(Math.max(...values.map(frequency)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('logic', () => {
  it('folds truth values', () => {
    const c: Case = { type: t.BOOLEAN, value: fc.boolean() };
    agrees(fn('bool_and'), c, v => (v.length === 0 ? null : v.every(Boolean)));
    agrees(fn('bool_or'), c, v => (v.length === 0 ? null : v.some(Boolean)));
    agrees(fn('count_if'), c, v => (v.length === 0 ? null : BigInt(v.filter(Boolean).length)));
  });
  it('folds bits', () => {
    for (const [type, bits] of [
      [t.INT8, 8],
      [t.INT32, 32],
    ] as const) {
      const c: Case = { type, value: fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }) };
      agrees(fn('bit_and'), c, v => (v.length === 0 ? null : v.reduce((a, b) => (a as number) & (b as number))));
      agrees(fn('bit_or'), c, v => (v.length === 0 ? null : v.reduce((a, b) => (a as number) | (b as number))));
      agrees(fn('bit_xor'), c, v => (v.length === 0 ? null : v.reduce((a, b) => (a as number) ^ (b as number))));
    }
    agrees(fn('bit_xor'), { type: t.INT128, value: fc.bigInt(0n, 2n ** 120n) }, v =>
      v.length === 0 ? null : v.reduce((a, b) => (a as bigint) ^ (b as bigint)),
    );
  });
});

describe('arg_min and arg_max', () => {
  it('keep the value beside the extreme', () => {
    const pair = fc.tuple(
      fc.option(fc.string({ maxLength: 5 }), { freq: 6 }),
      fc.option(fc.integer({ min: -9, max: 9 }), { freq: 6 }),
    );
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), fc.integer({ min: 1, max: 3 }), (rows, groupCount) => {
        const columns = [texts(...rows.map(r => r[0])), ints(...rows.map(r => r[1]))];
        const groups = rows.map((_, i) => i % groupCount);
        for (const [name, sign] of [
          ['arg_min', 1],
          ['arg_max', -1],
        ] as const) {
          const expected = Array.from({ length: groupCount }, (_, g) => {
            const full = rows.filter((r, i) => groups[i] === g && r[0] !== null && r[1] !== null);
            const best = Math.min(...full.map(r => sign * r[1]!));
            return full.find(r => sign * r[1]! === best)?.[0] ?? null;
          });
          expect(runAggregate(fn(name), { columns, count: rows.length, groups, groupCount })).toEqual(expected);
        }
      }),
    );
    // Texts as keys, merged.
    const columns = [ints(1, 2, 3, 4), texts('b', 'a', 'd', 'c')];
    expect(runAggregate(fn('arg_max'), { columns, count: 4, parts: 3 })).toEqual([3]);
    expect(runAggregate(fn('arg_min'), { columns, count: 4, parts: 3 })).toEqual([2]);
  });
});

describe('statistics', () => {
  const values = [1, 2, 4, 9];
  it.each([
    ['var_pop', 9.5],
    ['var_samp', 12.666666666666666],
    ['stddev_pop', 3.082207001484488],
    ['stddev_samp', 3.559026084010437],
    ['sem', 1.541103500742244],
    ['skewness', 1.3309377322476703],
    ['kurtosis', 1.5],
    ['kurtosis_pop', -1],
    ['product', 72],
    ['fsum', 16],
    ['favg', 4],
    ['median', 3],
    ['entropy', 2],
  ])('%s', (name, expected) => {
    for (const parts of [1, 3]) expect(run(name, [doubles(...values, null)], parts)).toBeCloseTo(expected, 12);
    const empty = name === 'entropy' ? 0 : null;
    expect(run(name, [doubles(null)])).toBe(empty);
  });
  it('of a single value, and of equal ones', () => {
    expect(
      ['var_pop', 'var_samp', 'stddev_samp', 'sem', 'skewness', 'kurtosis', 'kurtosis_pop'].map(n =>
        run(n, [doubles(1)]),
      ),
    ).toEqual([0, null, null, 0, null, null, null]);
    expect(['var_samp', 'skewness', 'kurtosis'].map(n => run(n, [doubles(1, 1, 1, 1)]))).toEqual([0, null, null]);
    expect(run('var_pop', [doubles(Number.POSITIVE_INFINITY)])).toBe(0);
  });
  it('of values far from zero, whose powers a double does not hold exactly', () => {
    const far = [1, 2, 4, 9].map(x => 1e9 + x);
    for (const parts of [1, 3]) {
      expect(run('skewness', [doubles(...far)], parts)).toBeCloseTo(1.3309377322476703, 6);
      expect(run('kurtosis', [doubles(...far)], parts)).toBeCloseTo(1.5, 6);
      const same = [1, 2, 3, 4].map(() => 1721023200000000);
      expect(run('kurtosis_pop', [doubles(...same)], parts)).toBe(null);
    }
  });
  it.each([
    ['corr', 0.9819805060619659, Number.NaN],
    ['covar_pop', 1, 0],
    ['covar_samp', 1.5, null],
    ['regr_slope', 1.5, Number.NaN],
    ['regr_intercept', -0.6666666666666665, null],
    ['regr_r2', 0.9642857142857145, null],
    ['regr_count', 3, 1],
    ['regr_avgx', 2, 1],
    ['regr_avgy', 2.3333333333333335, 1],
    ['regr_sxx', 2, 0],
    ['regr_syy', 4.666666666666666, 0],
    ['regr_sxy', 3, 0],
  ])('%s', (name, expected, single) => {
    for (const parts of [1, 3]) {
      expect(run(name, [doubles(1, 2, 4, null, 7), doubles(1, 2, 3, 5, null)], parts)).toBeCloseTo(expected, 12);
    }
    expect(run(name, [doubles(1), doubles(1)])).toEqual(single);
    expect(run(name, [doubles(null), doubles(1)])).toBe(name === 'regr_count' ? 0 : null);
  });
  it('variance of parts is the variance of the whole', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), xs => {
        const mean = xs.reduce((a, b) => a + b) / xs.length;
        const expected = xs.reduce((a, x) => a + (x - mean) ** 2, 0) / xs.length;
        for (const parts of [1, 2, 3])
          expect(run('var_pop', [doubles(...xs)], parts)).toBeCloseTo(
            expected,
            -Math.log10(1e-9 + expected * 1e-9) - 1,
          );
      }),
    );
  });
});

describe('string_agg', () => {
  it('joins what is not NULL', () => {
    expect(run('string_agg', [texts('a', null, 'b')])).toBe('a,b');
    expect(run('string_agg', [texts('a', null, '', 'b'), { type: t.UTF8, constant: ' - ' }])).toBe('a -  - b');
    expect(run('string_agg', [texts('a'), { type: t.UTF8, constant: null }])).toBe(null);
    expect(run('string_agg', [texts(null)])).toBe(null);
    expect(() => run('string_agg', [texts('a'), texts('b')])).toThrow(/must be a constant/);
  });
});

describe('quantile_cont', () => {
  it('interpolates', () => {
    const column = ints(1, 2, 4, 10);
    const at = (f: RawValue): RawValue => run('quantile_cont', [column, { type: t.FLOAT64, constant: f }]);
    expect([at(0.25), at(0.9), at(-0.25), at(0), at(1)]).toEqual([1.75, 8.200000000000001, 5.5, 1, 10]);
    expect(() => at(1.5)).toThrow(/between -1 and 1/);
    expect(run('quantile_cont', [column, { type: t.list(t.FLOAT64), constant: [0.1, 0.5] }])).toEqual([1.3, 3]);
    expect(run('quantile_disc', [column, { type: t.list(t.FLOAT64), constant: [-0.25, -0.5] }])).toEqual([10, 4]);
    expect(run('median', [{ type: t.decimal(3, 2), values: [125n, 250n] }])).toBe(187n);
    expect(run('median', [texts('a', 'b', 'c', 'd')])).toBe('b');
  });
});

describe('frequencies', () => {
  it('histogram is ordered by value', () => {
    expect(run('histogram', [texts('b', 'a', null, 'b')])).toEqual([
      ['a', 1n],
      ['b', 2n],
    ]);
    expect(run('histogram', [ints(null)])).toBe(null);
    expect(run('entropy', [texts('a', 'b', 'a')])).toBeCloseTo(0.9182958340544894, 12);
  });
});

describe('approx_count_distinct', () => {
  it('is about right', () => {
    for (const n of [0, 1, 10, 1000, 20_000]) {
      const values = Array.from({ length: n * 2 }, (_, i) => BigInt(i % Math.max(1, n)) * 7919n);
      for (const parts of [1, 2]) {
        const found = Number(run('approx_count_distinct', [{ type: t.INT64, values }], parts));
        expect(Math.abs(found - n)).toBeLessThanOrEqual(Math.max(1, n * 0.15));
      }
    }
  });
});
