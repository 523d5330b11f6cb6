import type { Random } from './random.ts';
import { type ExprContext, randomExpr, type ScopeColumn } from './random-expr.ts';
import type { Type } from './random-table.ts';

/** An aggregate of a type over the columns of the context. */
export function aggregateOf(ctx: ExprContext, type: Type): ScopeColumn {
  const { random } = ctx;
  const of = (argument: Type): string => randomExpr({ ...ctx, subquery: undefined }, argument, random.below(2));
  const distinct = random.percent(15) ? 'DISTINCT ' : '';
  const extreme = (): string => `${random.pick(['min', 'max'])}(${of(type)})`;
  const options: Readonly<Record<Type, readonly (() => string)[]>> = {
    int: [
      () => 'count(*)',
      () => `count(${distinct}${of(random.pick(['int', 'text', 'date', 'bool', 'double']))})`,
      () => `sum(${distinct}${of('int')})`,
      extreme,
      () => `bit_or(${of('int')})`,
      () => `count_if(${of('bool')})`,
    ],
    double: [
      () => `avg(${distinct}${of(random.pick(['int', 'double', 'decimal']))})`,
      () => `sum(${of('double')})`,
      extreme,
      () => `median(${of('int')})`,
      () => `quantile_cont(${of('double')}, 0.25)`,
      () => `stddev_pop(${of('int')})`,
      () => `var_samp(${of('int')})`,
    ],
    decimal: [() => `sum(${distinct}${of('decimal')})`, extreme],
    text: [extreme, () => sortedText(random, of('text')) ?? extreme()],
    date: [extreme, () => `quantile_disc(${of('date')}, 0.5)`],
    timestamp: [extreme],
    list: [() => sortedList(random, of('int')) ?? `list(${of('int')})[1:0]`],
    bool: [() => `bool_and(${of('bool')})`, () => `bool_or(${of('bool')})`, extreme],
  };
  const filter = random.percent(15) ? ` FILTER (WHERE ${of('bool')})` : '';
  return { sql: `${random.pick(options[type])()}${filter}`, type };
}

/** Undefined for a constant, which has no order. */
function sortedList(random: Random, value: string): string | undefined {
  const direction = random.pick(['', ' DESC', ' NULLS FIRST']);
  return value.includes('.') ? `list(${value} ORDER BY ${value}${direction})` : undefined;
}

function sortedText(random: Random, text: string): string | undefined {
  if (!text.includes('.')) return undefined;
  return `string_agg(${text}, '${random.pick([',', ''])}' ORDER BY ${text}${random.pick(['', ' DESC'])})`;
}

/** What stands after GROUP BY for some keys. */
export function groupByText(random: Random, keys: readonly ScopeColumn[]): string {
  const list = keys.map(k => k.sql).join(', ');
  switch (random.below(8)) {
    case 0:
      return `ROLLUP (${list})`;
    case 1:
      return `CUBE (${list})`;
    case 2:
      return `GROUPING SETS ((${list}), (${keys.at(-1)!.sql}), ())`;
    default:
      return list;
  }
}

/**
 * A window function whose result depends on no order that the query leaves open. Of rows that tie, all get the same;
 * `alone`: as the query's only column it may tell them apart, since nothing shows which is which.
 */
export function randomWindow(ctx: ExprContext, type: Type, alone: boolean): string {
  const { random } = ctx;
  const of = (argument: Type): string => randomExpr({ ...ctx, subquery: undefined }, argument, 0);
  const partition = random.percent(60) ? `PARTITION BY ${of(random.pick(['int', 'text', 'bool']))} ` : '';
  const direction = random.pick(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST']);
  const key = of(type);
  if (random.percent(25) || !key.includes('.'))
    return `${aggregateOf({ ...ctx, subquery: undefined }, type).sql} OVER (${partition})`;
  const order = `ORDER BY ${key}${direction}`;
  const frame = random.percent(40) ? ` ${randomFrame(random, alone ? 'ROWS' : 'GROUPS')}` : '';
  const ranks: string[] = [];
  if (type === 'int') ranks.push('rank()', 'dense_rank()');
  if (type === 'double') ranks.push('percent_rank()', 'cume_dist()');
  if (ranks.length > 0 && random.percent(40)) return `${random.pick(ranks)} OVER (${partition}${order})`;
  const options = [
    `first_value(${key}) OVER (${partition}${order}${frame})`,
    `last_value(${key}${random.pick(['', ' IGNORE NULLS'])}) OVER (${partition}${order}${frame})`,
    `nth_value(${key}, 2) OVER (${partition}${order}${frame})`,
    `${random.pick(['min', 'max'])}(${key}) OVER (${partition}${order}${frame})`,
  ];
  if (alone) options.push(`${random.pick(['lag', 'lead'])}(${key}, ${random.below(3)}) OVER (${partition}${order})`);
  if (type === 'int' || type === 'decimal') options.push(`sum(${key}) OVER (${partition}${order}${frame})`);
  return random.pick(options);
}

function randomFrame(random: Random, unit: 'ROWS' | 'GROUPS'): string {
  const n = (): number => random.below(3);
  const start = random.pick(['UNBOUNDED PRECEDING', `${n()} PRECEDING`, 'CURRENT ROW']);
  const end = random.pick(['CURRENT ROW', `${n()} FOLLOWING`, 'UNBOUNDED FOLLOWING']);
  const exclude = unit === 'ROWS' && random.percent(15) ? ' EXCLUDE CURRENT ROW' : '';
  return `${unit} BETWEEN ${start} AND ${end}${exclude}`;
}
