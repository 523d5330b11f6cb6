import type { Random } from './random.ts';
import { type ExprContext, fillForm, randomExpr, type ScopeColumn } from './random-expr.ts';
import type { Type } from './types.ts';

/** Columns that together tell all rows of a relation apart. */
export type Unique = readonly string[] | undefined;

/** Aggregates by the kind of their result, as `EXPRESSION_FORMS` are written. */
const AGGREGATE_FORMS: Readonly<Record<Type, readonly string[]>> = {
  int: [
    'count(*)',
    'count($any)',
    'count(DISTINCT $any)',
    'sum($int)',
    'sum($int + $(1|2|100))',
    '(sum(@int) + sum(@int + 1))',
    'sum(DISTINCT $int)',
    '$(bit_and|bit_or|bit_xor)($int)',
    'count_if($bool)',
    'regr_count($double, $double)',
    'CAST(count(DISTINCT $text) AS INTEGER)',
    'len(list($any))',
    'quantile_disc($int, $(0.5|0|1|0.3))',
    'sum($bool)',
  ],
  double: [
    'avg($(int|double|decimal))',
    'avg($int)',
    'avg(DISTINCT $int)',
    'sum($double)',
    '$(fsum|favg|kahan_sum)($double)',
    'product(CAST(sign($int) AS DOUBLE))',
    'CAST(mad($(int|double)) AS DOUBLE)',
    'median($(int|double))',
    'quantile_cont($double, $(0.25|0.5|0|1))',
    'quantile_cont($int, $(0.25|0.75))',
    '$(stddev_pop|stddev_samp|var_pop|var_samp|sem)($int)',
    'round($(skewness|kurtosis|kurtosis_pop)(($int % 1000)), 6)',
    'round(entropy($int), 6)',
    '$(covar_pop|covar_samp)(CAST($int AS DOUBLE), CAST($decimal AS DOUBLE))',
    'round($(corr|regr_slope|regr_r2|regr_intercept)(CAST($int AS DOUBLE), CAST(@decimal AS DOUBLE)), 6)',
    '$(regr_avgx|regr_avgy|regr_sxx|regr_syy|regr_sxy)(CAST($int AS DOUBLE), CAST($decimal AS DOUBLE))',
  ],
  decimal: ['sum($decimal)', 'sum(DISTINCT $decimal)', 'quantile_disc($decimal, $(0.5|0.9))', 'sum($decimal + $int)'],
  text: [
    'max(lower($text))',
    'quantile_disc($text, 0.5)',
    'CAST(bitstring_agg(CAST(abs($int) % 8 AS INTEGER), 0, 8) AS VARCHAR)',
  ],
  date: ['quantile_disc($date, 0.5)'],
  timestamp: ['quantile_disc($timestamp, 0.25)', 'CAST(median(CAST($timestamp AS TIMESTAMP)) AS TIMESTAMP)'],
  bool: ['$(bool_and|bool_or)($bool)', '(count(*) > $(0|1|2))', '(sum($int) > $(0|1|100))'],
  ints: [
    'list_sort(list(CAST($int AS INTEGER)))',
    'list_sort(list(DISTINCT CAST($int AS INTEGER)))',
    'CAST(quantile_disc($int, [0.25, 0.5]) AS INTEGER[])',
    'CAST($(max|min)($int, 2) AS INTEGER[])',
  ],
  time: [],
  interval: [],
  timestamptz: [],
  blob: [],
  uuid: [],
  enum: [],
  texts: ['list_sort(list($text))', 'list_sort(array_agg(DISTINCT $text))', '$(max|min)($text, $(1|2|3))'],
  struct: [],
  map: [
    'CAST(histogram($text) AS MAP(VARCHAR, INTEGER))',
    "CAST(histogram_exact($text, ['a', 'ab']) AS MAP(VARCHAR, INTEGER))",
  ],
  array: [],
};

/** Aggregates of every kind; `$order` is an order of all rows. */
const OF_ANY = [
  '$(min|max)($self)',
  '$(arg_min|arg_max|arg_min_null|arg_max_null)(@self, @self)',
  'any_value(@self ORDER BY @self)',
];
const IN_ORDER: Partial<Record<Type, readonly string[]>> = {
  ints: ['list(CAST($int AS INTEGER) ORDER BY $order)'],
  texts: ['array_agg($text ORDER BY $order)'],
  text: ["string_agg($text, '$(,|)' ORDER BY $order)", "string_agg(CAST($any AS VARCHAR), ',' ORDER BY $order)"],
};
const ANY_IN_ORDER = [
  '$(first|last|any_value)($self ORDER BY $order)',
  '$(arg_min|arg_max|arg_min_null|arg_max_null|arg_max_nulls_last)($self, $key)',
];

/** An aggregate of a type over the columns of the context; `unique` allows for those that depend on an order. */
export function randomAggregate(
  ctx: ExprContext,
  type: Type,
  unique: Unique,
  depth = ctx.random.below(2),
): ScopeColumn {
  const { random } = ctx;
  const inside: ExprContext = { ...ctx, subquery: random.percent(4) ? ctx.subquery : undefined };
  const of = (argument: Type): string => randomExpr(inside, argument, depth);
  const own = AGGREGATE_FORMS[type];
  const single = unique?.length === 1 ? unique[0] : undefined;
  const ordered =
    unique === undefined
      ? []
      : [...(IN_ORDER[type] ?? []), ...ANY_IN_ORDER.filter(f => single !== undefined || !f.includes('$key'))];
  const forms =
    ordered.length > 0 && random.percent(25) ? ordered : own.length > 0 && random.percent(70) ? own : OF_ANY;
  const form = random.pick(forms);
  const order = (unique ?? []).map(u => `${u}${random.pick(['', ' DESC'])}`).join(', ');
  const sql = fillForm(form.replace('$order', order).replace('$key', single ?? ''), type, random, t =>
    orderable(form, of(t)),
  );
  const filter =
    random.percent(12) &&
    /^[a-z_]+\((?:.*)\)$/.test(sql) &&
    !sql.startsWith('round') &&
    !sql.startsWith('CAST') &&
    !sql.startsWith('list_sort') &&
    !sql.startsWith('len')
      ? ` FILTER (WHERE ${of('bool')})`
      : '';
  return { sql: `${sql}${filter}`, type };
}

/** A constant has no order: as a number it would be an ordinal. */
const orderable = (form: string, text: string): string =>
  /ORDER BY @/.test(form) && /^-?[\d.]+$/.test(text) ? `(${text} + 0)` : text;

/** What stands after GROUP BY for some keys; `sets`: with grouping sets, so that there is GROUPING(). */
export function groupByText(
  random: Random,
  keys: readonly ScopeColumn[],
): { readonly text: string; readonly sets: boolean } {
  const list = keys.map(k => k.sql).join(', ');
  const last = keys.at(-1)!.sql;
  const sets = (text: string) => ({ text, sets: true });
  switch (random.below(12)) {
    case 0:
      return sets(`ROLLUP (${list})`);
    case 1:
      return sets(`CUBE (${list})`);
    case 2:
      return sets(`GROUPING SETS ((${list}), (${last}), ())`);
    case 3:
      return sets(`${keys[0]!.sql}, ROLLUP (${last})`);
    case 4:
      return sets(`GROUPING SETS (ROLLUP (${list}), (${last}))`);
    default:
      return { text: list, sets: false };
  }
}
