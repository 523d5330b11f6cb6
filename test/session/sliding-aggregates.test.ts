import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';
import { aggregateFunctions } from '../../src/functions/aggregate/index.ts';
import type { AggregateOverload } from '../../src/functions/function.ts';

/** Calls of all aggregates, and in the ways that choose how frames are computed. Results that list all values come last. */
const CALLS = [
  'any_value(DISTINCT x ORDER BY x DESC)',
  'any_value(x ORDER BY k, i)',
  'any_value(x)',
  'approx_count_distinct(x)',
  'approx_quantile(x, 0.5)',
  'approx_top_k(x, 2)',
  'arg_max(DISTINCT s, x, 3 ORDER BY s DESC)',
  'arg_max(DISTINCT s, x, 3)',
  'arg_max(l, x ORDER BY k, i)',
  'arg_max(s, x ORDER BY k, i)',
  'arg_max(s, x)',
  'arg_max(s, x, 3 ORDER BY k, i)',
  'arg_max(s, x, 3)',
  'arg_max_null(s, x ORDER BY k DESC, i)',
  'arg_max_nulls_last(s, x ORDER BY k, i)',
  'arg_max_nulls_last(s, x, 2 ORDER BY k, i)',
  'arg_min(s, l ORDER BY k, i)',
  'arg_min(s, x ORDER BY k, i)',
  'arg_min(x, s)',
  'arg_min_null(s, x ORDER BY k, i)',
  'arg_min_nulls_last(s, x ORDER BY k DESC, i)',
  'avg(DISTINCT x)',
  'avg(x)',
  'bit_and(k)',
  'bit_or(k)',
  'bit_xor(DISTINCT k)',
  'bitstring_agg(k, 0, 7)',
  'bool_and(x > 3)',
  'bool_or(x > 3)',
  'corr(DISTINCT x, k)',
  'corr(x, k)',
  'count(*)',
  'count(DISTINCT l)',
  'count(DISTINCT x)',
  'count_if(x > 3)',
  'covar_pop(x, k)',
  'entropy(DISTINCT x)',
  'entropy(x)',
  'favg(x)',
  'first(l ORDER BY k DESC, i)',
  'first(x ORDER BY k, i)',
  'first(x)',
  'fsum(DISTINCT x)',
  'geometric_mean(k + 1)',
  "histogram(DISTINCT s, ['a', 's3', 's5'])",
  'histogram(DISTINCT x, [0, 2, 2, 7])',
  'histogram(x)',
  'histogram(x, [0, 2, 7])',
  'histogram_exact(DISTINCT d, [0.0, 2.5, 1e300])',
  'histogram_exact(DISTINCT x, [2, 7, -4])',
  'kurtosis(x)',
  'last(x ORDER BY k, i)',
  'last(x)',
  'mad(DISTINCT x)',
  'mad(x)',
  'max(DISTINCT l, 2)',
  'max(DISTINCT x, 2)',
  'max(l)',
  'max(l, 2)',
  'max(x, 2)',
  'median(x)',
  'min(DISTINCT l, 2)',
  'min(s)',
  'mode(DISTINCT x)',
  'mode(x)',
  'product(DISTINCT k)',
  'quantile_cont(x, [0.25, 0.75])',
  'quantile_disc(DISTINCT x, 0.3)',
  'regr_slope(x, k)',
  'reservoir_quantile(x, 0.5)',
  'sem(x)',
  'skewness(DISTINCT x)',
  'stddev(x)',
  'sum(DISTINCT x)',
  'sum(x)',
  'var_pop(x)',
  'weighted_avg(x, k)',
];

/** Their results are as long as their frames. */
const LISTS = ['list(x ORDER BY k, i)', 'list(x)', 'string_agg(s)', "string_agg(s, '-' ORDER BY k, i)"];

/** Of few values, however long frames are. */
const SHORT_LISTS = [
  'list(DISTINCT x ORDER BY x DESC)',
  'list(DISTINCT x)',
  'list(DISTINCT l)',
  "string_agg(DISTINCT s, '-' ORDER BY s)",
  'list(x) FILTER (WHERE i < 5)',
];

let db: Database;

beforeAll(async () => {
  db = await connect({ threads: 1 });
  await db.execute(`
    CREATE TABLE t AS SELECT i, CASE WHEN i % 9 = 4 THEN NULL ELSE (i * 7919) % 11 - 4 END AS x, (i * 31) % 8 AS k,
      CASE WHEN i % 7 = 5 THEN NULL ELSE 's' || (i * i) % 13 END AS s,
      CASE WHEN i % 5 = 1 THEN NULL ELSE [(i * 17) % 3, i % 2] END AS l,
      CASE i % 6 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 2.5 WHEN 2 THEN NULL WHEN 3 THEN '-inf'::DOUBLE ELSE i % 4 END AS d
    FROM range(2048) t(i)`);
});

afterAll(() => db.close());

const rowsOf = async (sql: string): Promise<readonly unknown[]> => {
  const rows = await db.sql(sql).collect({ int64: 'string' });
  return rows.map(row => JSON.parse(JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))));
};

/** A call, and with a condition; `first` and `last` are window functions here, which take none. */
const filtered = (call: string): readonly string[] =>
  /FILTER|^(first|last)\(/.test(call) ? [call] : [call, `${call} FILTER (WHERE k <> 2)`];

describe('an aggregate over sliding frames is the aggregate of the rows of each', () => {
  // The rows of each in order, by a row's own and those of the whole window.
  const frames = [
    ['i ROWS BETWEEN 9 PRECEDING AND 2 FOLLOWING', 'b.i BETWEEN a.i - 9 AND a.i + 2'],
    [
      'i ROWS BETWEEN 9 PRECEDING AND 2 FOLLOWING EXCLUDE CURRENT ROW',
      'b.i BETWEEN a.i - 9 AND a.i + 2 AND b.i <> a.i',
    ],
    ['i ROWS BETWEEN k PRECEDING AND 8 - k FOLLOWING', 'b.i BETWEEN a.i - a.k AND a.i + 8 - a.k'],
    ['k GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE GROUP', 'b.k = a.k - 1'],
    [
      'k RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES',
      'b.k BETWEEN a.k - 1 AND a.k + 1 AND (b.k <> a.k OR b.i = a.i)',
    ],
  ] as const;
  for (const call of [...CALLS, ...LISTS, ...SHORT_LISTS].filter(c => !c.startsWith('approx_quantile')))
    test(call, async () => {
      for (const [frame, rows] of frames)
        for (const aggregate of filtered(call)) {
          const windowed = `SELECT i, ${aggregate} OVER (ORDER BY ${frame}) AS v FROM t WHERE i < 70 ORDER BY i`;
          const some = 'SELECT * FROM t WHERE i < 70';
          const joined = `SELECT a.i AS row, b.* FROM (${some}) a LEFT JOIN (${some}) b ON ${rows} ORDER BY a.i, b.${frame[0]}, b.i`;
          // A row whose frame is empty is there once, without a partner.
          const own = aggregate.includes('FILTER')
            ? aggregate.replace('(WHERE ', '(WHERE i IS NOT NULL AND ')
            : `${aggregate} FILTER (WHERE i IS NOT NULL)`;
          const grouped = `SELECT row AS i, ${own} AS v FROM (${joined}) GROUP BY row ORDER BY row`;
          const [found, expected] = [await rowsOf(windowed), await rowsOf(grouped)];
          expect(rounded(found)).toEqual(rounded(expected));
        }
    });
});

/** Doubles are summed in another order. */
const rounded = (rows: readonly unknown[]): unknown =>
  JSON.parse(
    JSON.stringify(rows, (_, v: unknown) =>
      typeof v === 'number' ? (Math.abs(v) < 1e-9 ? 0 : Number(v.toPrecision(9))) : v,
    ),
  );

test('every aggregate is among the calls', () => {
  const called = [...CALLS, ...LISTS].map(c => c.slice(0, c.indexOf('(')));
  const same = /^(arg_(min|max)|bit_|bool_|count|covar_|quantile_|regr_|stddev|var_|kurtosis|sum|any_value|avg)/;
  const named = aggregateFunctions.flatMap(f => [f.name, ...(f.aliases ?? [])].map(n => [n, f] as const));
  const of = new Map(named);
  const covered = new Set(called.map(name => of.get(name)));
  expect(aggregateFunctions.filter(f => !covered.has(f) && !same.test(f.name)).map(f => f.name)).toEqual([]);
});

/** Rows folded and states merged. */
async function workOf(sql: string): Promise<number> {
  let work = 0;
  const overloads = aggregateFunctions.flatMap(
    f => f.overloads as { -readonly [K in keyof AggregateOverload]: AggregateOverload[K] }[],
  );
  const kept = overloads.map(o => ({ ...o }));
  overloads.forEach((o, i) => {
    o.update = (ctx, call) => {
      work += call.rows.selected;
      kept[i]!.update(ctx, call);
    };
    o.merge = (ctx, call) => {
      work += call.count;
      kept[i]!.merge(ctx, call);
    };
  });
  try {
    await rowsOf(sql);
  } finally {
    for (const [i, o] of overloads.entries()) Object.assign(o, { update: kept[i]!.update, merge: kept[i]!.merge });
  }
  return work;
}

describe('with twice the rows, and twice as many in a frame, no aggregate does four times the work', () => {
  const work = (call: string, n: number, exclude: string): Promise<number> =>
    workOf(
      `SELECT ${call} OVER (ORDER BY i ROWS BETWEEN ${n / 2} PRECEDING AND 1 PRECEDING ${exclude}) AS v FROM t WHERE i < ${n}`,
    );
  for (const call of [...CALLS, ...SHORT_LISTS])
    test(call, async () => {
      for (const aggregate of filtered(call))
        for (const exclude of ['', 'EXCLUDE CURRENT ROW']) {
          const [once, twice] = [await work(aggregate, 1024, exclude), await work(aggregate, 2048, exclude)];
          expect(twice, `${aggregate} ${exclude}: ${once} and ${twice}`).toBeLessThanOrEqual(2.6 * once);
        }
    });

  test('lists do: the work is told apart', async () => {
    for (const call of LISTS) expect(await work(call, 2048, '')).toBeGreaterThan(3.5 * (await work(call, 1024, '')));
  });
});
