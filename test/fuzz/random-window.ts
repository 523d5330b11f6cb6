import type { Random } from './random.ts';
import type { Unique } from './random-aggregate.ts';
import { type ExprContext, randomExpr } from './random-expr.ts';
import { randomType, type Type } from './types.ts';

/** Where window functions stand: `unique` makes an order total, and `named` collects windows for a WINDOW clause. */
export type WindowContext = ExprContext & { readonly unique: Unique; readonly named?: string[] | undefined };

/**
 * A window function whose result depends on no order that the query leaves open. Of rows that tie, all get the same,
 * unless columns tell all rows apart: then frames count rows too.
 */
export function randomWindow(ctx: WindowContext, type: Type): string {
  const { random, unique, named } = ctx;
  const inner: ExprContext = { ...ctx, subquery: random.percent(4) ? ctx.subquery : undefined };
  const of = (argument: Type): string => randomExpr(inner, argument, random.percent(75) ? 0 : 1);
  const partition = random.percent(60)
    ? `PARTITION BY ${random.several(1, 2, () => of(random.pick(PARTITIONS))).join(', ')} `
    : '';
  const key = of(type);
  if (random.percent(15)) return `${plainAggregate(ctx, type)} OVER (${partition})`;
  const total = unique !== undefined && random.percent(70);
  const keys = [
    ...(random.percent(total ? 60 : 100) ? [of(random.percent(50) ? type : randomType(random))] : []),
    ...(total ? unique : []),
  ].map(k => `${isConstant(k) ? `(${k} + 0)` : k}${random.pick(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`);
  const range = !total && random.percent(35) ? rangeFrame(random, ctx) : undefined;
  const orderBy = range?.orderBy ?? `ORDER BY ${keys.join(', ')}`;
  const frame =
    range?.frame ??
    (random.percent(60)
      ? frameText(random, total ? random.pick(['ROWS', 'ROWS', 'GROUPS', 'RANGE']) : random.pick(['GROUPS', 'RANGE']))
      : '');
  const spec = `${partition}${orderBy}${frame}`;
  const ranks: string[] = [];
  if (type === 'int')
    ranks.push('rank()', 'dense_rank()', ...(total ? ['row_number()', `ntile(${1 + random.below(4)})`] : []));
  if (type === 'double') ranks.push('percent_rank()', 'cume_dist()');
  if (ranks.length > 0 && random.percent(35))
    return `${random.pick(ranks)} OVER (${partition}ORDER BY ${keys.join(', ')})`;
  // Over rows that tie, what a frame begins and ends with is determined only if it is the key itself.
  const value = total ? key : undefined;
  const options = [`${plainAggregate(ctx, type)} OVER (${spec})`, `${plainAggregate(ctx, type)} OVER (${spec})`];
  if (value !== undefined) {
    const nulls = (): string => random.pick(['', '', ' IGNORE NULLS']);
    options.push(
      `first_value(${value}${nulls()}) OVER (${spec})`,
      `last_value(${value}${nulls()}) OVER (${spec})`,
      `nth_value(${value}, ${1 + random.below(3)}${nulls()}) OVER (${spec})`,
      `${random.pick(['lag', 'lead'])}(${value}${random.pick(['', `, ${random.below(3)}`, `, ${random.below(3)}, ${of(type)}`])}${nulls()}) OVER (${partition}ORDER BY ${keys.join(', ')})`,
    );
  }
  const text = random.pick(options);
  if (named === undefined || !random.percent(15)) return text;
  const at = text.lastIndexOf(' OVER (');
  named.push(`v${named.length} AS ${text.slice(at + ' OVER '.length)}`);
  return `${text.slice(0, at)} OVER v${named.length - 1}`;
}

const PARTITIONS: readonly Type[] = ['int', 'int', 'text', 'bool', 'date', 'decimal', 'enum', 'ints'];
const isConstant = (sql: string): boolean => /^-?[\d.]+$/.test(sql);

/** An aggregate call that is nothing but that, so that OVER may follow. */
function plainAggregate(ctx: ExprContext, type: Type): string {
  const { random } = ctx;
  const of = (argument: Type): string => randomExpr({ ...ctx, subquery: undefined }, argument, 0);
  const own: Partial<Record<Type, readonly (() => string)[]>> = {
    int: [
      () => `sum(${of('int')})`,
      () => 'count(*)',
      () => `count(${of(randomType(random))})`,
      () => `count(DISTINCT ${of('int')})`,
      () => `${random.pick(['bit_or', 'bit_xor', 'bit_and'])}(${of('int')})`,
      () => `count_if(${of('bool')})`,
    ],
    double: [
      () => `avg(${of(random.pick(['int', 'double', 'decimal']))})`,
      () => `sum(${of('double')})`,
      () => `median(${of('int')})`,
      () => `${random.pick(['stddev_pop', 'var_samp'])}(${of('int')})`,
      () => `quantile_cont(${of('int')}, 0.25)`,
    ],
    decimal: [() => `sum(${of('decimal')})`],
    bool: [() => `${random.pick(['bool_and', 'bool_or'])}(${of('bool')})`],
  };
  const filter = random.percent(15) ? ` FILTER (WHERE ${of('bool')})` : '';
  const forms = own[type];
  if (forms !== undefined && random.percent(75)) return `${random.pick(forms)()}${filter}`;
  return `${random.pick(['min', 'max'])}(${of(type)})${filter}`;
}

/** A frame over values of one key: with distances. */
function rangeFrame(random: Random, ctx: ExprContext): { readonly orderBy: string; readonly frame: string } {
  const type = random.pick(['int', 'int', 'decimal', 'date', 'timestamp'] as const);
  const own = ctx.columns.filter(c => c.type === type);
  const key = own.length === 0 ? 'CAST(1 AS INTEGER)' : random.pick(own).sql;
  const distance = (): string =>
    own.length === 0 || type === 'int' || type === 'decimal'
      ? String(random.below(3))
      : `INTERVAL ${random.below(40)} DAY`;
  const start = random.pick([
    'UNBOUNDED PRECEDING',
    `${distance()} PRECEDING`,
    'CURRENT ROW',
    `${distance()} FOLLOWING`,
  ]);
  const end = random.pick(['CURRENT ROW', `${distance()} FOLLOWING`, 'UNBOUNDED FOLLOWING', `${distance()} PRECEDING`]);
  const bounds = valid(start, end) ? `BETWEEN ${start} AND ${end}` : 'BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING';
  return {
    orderBy: `ORDER BY ${key}${random.pick(['', ' DESC', ' NULLS FIRST'])}`,
    frame: ` RANGE ${bounds}${exclusion(random)}`,
  };
}

function frameText(random: Random, unit: 'ROWS' | 'GROUPS' | 'RANGE'): string {
  const n = (): number => random.below(3);
  const starts = [
    'UNBOUNDED PRECEDING',
    'CURRENT ROW',
    ...(unit === 'RANGE' ? [] : [`${n()} PRECEDING`, `${n()} FOLLOWING`]),
  ];
  const ends = [
    'CURRENT ROW',
    'UNBOUNDED FOLLOWING',
    ...(unit === 'RANGE' ? [] : [`${n()} FOLLOWING`, `${n()} PRECEDING`]),
  ];
  const start = random.pick(starts);
  const end = random.pick(ends);
  if (random.percent(8) && !start.includes('FOLLOWING')) return ` ${unit} ${start}${exclusion(random)}`;
  return ` ${unit} BETWEEN ${valid(start, end) ? `${start} AND ${end}` : 'UNBOUNDED PRECEDING AND CURRENT ROW'}${exclusion(random, unit === 'ROWS')}`;
}

/** No frame may end with an earlier kind of bound than it starts with. */
const valid = (start: string, end: string): boolean => rank(start) <= rank(end);
const rank = (bound: string): number =>
  bound === 'CURRENT ROW'
    ? 1
    : bound.startsWith('UNBOUNDED')
      ? bound.includes('PRECEDING')
        ? 0
        : 2
      : bound.includes('PRECEDING')
        ? 0
        : 2;

const exclusion = (random: Random, row = true): string =>
  random.percent(20)
    ? ` EXCLUDE ${random.pick(row ? ['CURRENT ROW', 'GROUP', 'TIES', 'NO OTHERS'] : ['GROUP', 'TIES', 'NO OTHERS'])}`
    : '';
