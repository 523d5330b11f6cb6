import { describe, expect, it } from 'vitest';
import {
  add,
  and,
  type Cols,
  coalesce,
  col,
  count,
  cumeDist,
  denseRank,
  div,
  type Expr,
  fn,
  type List,
  lit,
  mul,
  not,
  ntile,
  or,
  percentRank,
  rank,
  rowNumber,
  type Struct,
  sub,
  when,
} from '../../../frontends/dataframe/index.ts';
import type { Expr as Node } from '../../../src/query/expr.ts';
import { DATE, decimal, INT64, INTERVAL, UTF8 } from '../../../src/types/data-type.ts';
import { sql } from './expr-text.ts';
import { frameOver } from './frame-over.ts';

type T = {
  i: 'int32';
  x: 'float64';
  m: 'decimal';
  s: 'string';
  b: 'boolean';
  d: 'date';
  ts: 'timestamp';
  l: List<'int32'>;
  st: Struct<{ f: 'string' }>;
};

/** The plain data of an expression in a callback. */
function node(callback: (t: Cols<T>) => Expr): Node {
  const { query } = frameOver<T>('t').select(t => ({ e: callback(t) as Expr<'int32', 'row'> }));
  return (query as unknown as { items: [{ expr: Node }] }).items[0].expr;
}
/** The same as text, for short expectations. */
const text = (callback: (t: Cols<T>) => Expr): string => sql(node(callback));

describe('methods', () => {
  it.each<[string, (t: Cols<T>) => Expr]>([
    ['(i = 1)', t => t.i.eq(1)],
    ['(i <> x)', t => t.i.ne(t.x)],
    ['(i < 1)', t => t.i.lt(1)],
    ['(i <= 1)', t => t.i.lte(1)],
    ['(i > 1)', t => t.i.gt(1)],
    ['(i >= 1)', t => t.i.gte(1)],
    ['(i between 1 and 2)', t => t.i.between(1, 2)],
    ['(i in (1, 2))', t => t.i.in([1, 2])],
    ["(s not in ('a'))", t => t.s.notIn(['a'])],
    ['(i is null)', t => t.i.isNull()],
    ['(i is not null)', t => t.i.isNotNull()],
    ['(i is distinct from NULL)', t => t.i.isDistinctFrom(null)],
    ['(i is not distinct from 1)', t => t.i.isNotDistinctFrom(1)],
    ['coalesce(i, 0)', t => t.i.fillNull(0)],
    ['nullif(i, 0)', t => t.i.nullIf(0)],
    ['cast(i as VARCHAR)', t => t.i.cast('string')],
    ['cast(s as DECIMAL(15,2))', t => t.s.cast('decimal(15,2)')],
    ['try_cast(s as DATE)', t => t.s.tryCast('date')],
    ['(i + 1)', t => t.i.add(1)],
    ['(i - 1)', t => t.i.sub(1)],
    ['(i * 1)', t => t.i.mul(1)],
    ['(i / 2)', t => t.i.div(2)],
    ['(i // 2)', t => t.i.intDiv(2)],
    ['(i % 2)', t => t.i.mod(2)],
    ['negate(i)', t => t.i.neg()],
    ['abs(i)', t => t.i.abs()],
    ['round(x)', t => t.x.round()],
    ['round(x, 2)', t => t.x.round(2)],
    ['floor(x)', t => t.x.floor()],
    ['ceil(x)', t => t.x.ceil()],
    ['sqrt(x)', t => t.x.sqrt()],
    ['ln(x)', t => t.x.ln()],
    ['pow(x, 2)', t => t.x.pow(2)],
    ['lower(s)', t => t.s.lower()],
    ['upper(s)', t => t.s.upper()],
    ['trim(s)', t => t.s.trim()],
    ['length(s)', t => t.s.length()],
    ['substring(s, 1)', t => t.s.substring(1)],
    ['substring(s, 1, 2)', t => t.s.substring(1, 2)],
    ["starts_with(s, 'a')", t => t.s.startsWith('a')],
    ["ends_with(s, 'a')", t => t.s.endsWith('a')],
    ["contains(s, 'a')", t => t.s.contains('a')],
    ["(s like 'a%')", t => t.s.like('a%')],
    ["(s not like 'a%')", t => t.s.notLike('a%')],
    ["(s ilike 'a%')", t => t.s.ilike('a%')],
    ["regexp_matches(s, 'a+')", t => t.s.matches('a+')],
    ["regexp_matches(s, 'a+')", t => t.s.matches(/a+/g)],
    ["regexp_matches(s, 'a+', 'i')", t => t.s.matches(/a+/i)],
    ["replace(s, 'a', 'b')", t => t.s.replace('a', 'b')],
    ["regexp_replace(s, '(a)', '\\1b', 'g')", t => t.s.replace(/(a)/g, '$1b')],
    ["string_split(s, ' ')", t => t.s.split(' ')],
    ["concat(s, '-', i)", t => t.s.concat('-', t.i)],
    ['((b and b) and b)', t => t.b.and(t.b, t.b)],
    ['(b or b)', t => t.b.or(t.b)],
    ['(not b)', t => t.b.not()],
    ['case when b then 1 else 0 end', t => t.b.ifElse(1, 0)],
    ["date_part('year', d)", t => t.d.year()],
    ["date_part('quarter', d)", t => t.d.quarter()],
    ["date_part('month', d)", t => t.d.month()],
    ["date_part('day', d)", t => t.d.day()],
    ["date_part('hour', ts)", t => t.ts.hour()],
    ["date_part('minute', ts)", t => t.ts.minute()],
    ["date_part('second', ts)", t => t.ts.second()],
    ["date_part('dow', d)", t => t.d.dayOfWeek()],
    ["date_trunc('month', d)", t => t.d.trunc('month')],
    ["date_diff('day', ts, d)", t => t.d.diff(t.ts, 'day')],
    ["strftime(d, '%Y')", t => t.d.format('%Y')],
    ['len(l)', t => t.l.len()],
    ['array_extract(l, 1)', t => t.l.at(0)],
    ['array_extract(l, -1)', t => t.l.at(-1)],
    ['contains(l, 1)', t => t.l.contains(1)],
    ["array_to_string(l, ',')", t => t.l.join(',')],
    ['list_transform(l, x0 -> (x0 + 1))', t => t.l.map(x => x.add(1))],
    ['list_filter(l, x0 -> (x0 > 1))', t => t.l.filter(x => x.gt(1))],
    ['list_transform(l, x0 -> list_filter(l, x1 -> (x1 > x0)))', t => t.l.map(x => t.l.filter(y => y.gt(x)))],
    ['(st).f', t => t.st.field('f')],
    ['count(i)', t => t.i.count()],
    ['count(distinct i)', t => t.i.countDistinct()],
    ['sum(i)', t => t.i.sum()],
    ['avg(i)', t => t.i.avg()],
    ['min(i)', t => t.i.min()],
    ['max(i)', t => t.i.max()],
    ['first(i)', t => t.i.first()],
    ['last(i)', t => t.i.last()],
    ['list(i)', t => t.i.collectList()],
    ['stddev_samp(i)', t => t.i.std()],
    ['var_samp(i)', t => t.i.variance()],
    ['median(i)', t => t.i.median()],
    ['quantile_cont(i, 0.9)', t => t.i.quantile(0.9)],
    ['bool_or(b)', t => t.b.any()],
    ['bool_and(b)', t => t.b.all()],
    ['sum(i) filter (where b)', t => t.i.sum().filterWhere(t.b)],
  ])('%s', (expected, callback) => {
    expect(text(callback)).toBe(expected);
  });
});

describe('free functions', () => {
  it.each<[string, (t: Cols<T>) => Expr]>([
    ['(1 - i)', t => sub(1, t.i)],
    ['(1 + i)', t => add(1, t.i)],
    ['(2 * i)', t => mul(2, t.i)],
    ['(1 / i)', t => div(1, t.i)],
    ["'x'", () => lit('x')],
    ['i', t => lit(t.i)],
    ['anything', () => col('anything')],
    ['other', t => t.$('other')],
    ['count()', () => count()],
    ['(b and (i > 1))', t => and(t.b, t.i.gt(1))],
    ['(b or (i > 1))', t => or(t.b, t.i.gt(1))],
    ['(not b)', t => not(t.b)],
    ['coalesce(i, x, 0)', t => coalesce(t.i, t.x, 0)],
    [
      "case when b then 'a' when (i > 1) then s else NULL end",
      t => when(t.b, 'a').when(t.i.gt(1), t.s).otherwise(null),
    ],
    ['case when b then 1 end', t => when(t.b, 1).end()],
    ["levenshtein(s, 'x')", t => fn.levenshtein(t.s, 'x')],
    ['my_function(1)', () => fn['My_Function']!(1)],
  ])('%s', (expected, callback) => {
    expect(text(callback)).toBe(expected);
  });
});

describe('windows', () => {
  it.each<[string, (t: Cols<T>) => Expr]>([
    ['sum(i) over (partition by s)', t => t.i.sum().over(t.s)],
    ['sum(i) over (partition by s, d)', t => t.i.sum().over(t.s, t.d)],
    ['count() over ()', () => count().over()],
    ['row_number() over (order by d desc)', t => rowNumber().over({ orderBy: t.d.desc() })],
    [
      'rank() over (partition by s order by d, i asc nulls first)',
      t => rank().over({ partitionBy: t.s, orderBy: [t.d, t.i.asc({ nulls: 'first' })] }),
    ],
    ['dense_rank() over (order by d)', t => denseRank().over({ orderBy: t.d })],
    ['percent_rank() over (order by d)', t => percentRank().over({ orderBy: t.d })],
    ['cume_dist() over (order by d)', t => cumeDist().over({ orderBy: t.d })],
    ['ntile(4) over (order by d)', t => ntile(4).over({ orderBy: t.d })],
    ['lag(i) over (order by d)', t => t.i.lag().over({ orderBy: t.d })],
    ['lead(i, 2) over (order by d)', t => t.i.lead(2).over({ orderBy: t.d })],
    ['avg(x) over (order by d rows 2 preceding to current-row)', t => t.x.avg().over({ orderBy: t.d, rows: [-2, 0] })],
    [
      'avg(x) over (order by d rows unbounded-preceding to 1 following)',
      t => t.x.avg().over({ orderBy: t.d, rows: [null, 1] }),
    ],
    [
      'avg(x) over (order by i range 0.5 preceding to unbounded-following)',
      t => t.x.avg().over({ orderBy: t.i, range: [-0.5, null] }),
    ],
    ['lag(i, 1, 0) over (order by d)', t => t.i.lag(1, 0).over({ orderBy: t.d })],
    ['lag(i ignore nulls) over (order by d)', t => t.i.lag().ignoreNulls().over({ orderBy: t.d })],
    ['nth_value(i, 2) over (order by d)', t => t.i.nth(2).over({ orderBy: t.d, partitionBy: [] })],
    [
      'avg(x) over (order by d groups 1 preceding to 1 following exclude ties)',
      t => t.x.avg().over({ orderBy: t.d, groups: [-1, 1], exclude: 'ties' }),
    ],
    [
      'avg(x) over (order by d range unbounded-preceding to current-row exclude current-row)',
      t => t.x.avg().over({ orderBy: t.d, exclude: 'current-row' }),
    ],
  ])('%s', (expected, callback) => {
    expect(text(callback)).toBe(expected);
  });
});

describe('literals', () => {
  it('compare decimals as decimals, and dates at midnight as dates', () => {
    expect(node(t => t.m.between(0.05, 0.07))).toMatchObject({
      low: { value: { type: decimal(3, 2), value: '5' } },
      high: { value: { type: decimal(3, 2), value: '7' } },
    });
    expect(node(t => t.d.lte(new Date('1998-09-02')))).toMatchObject({
      args: [{}, { value: { type: DATE, value: 10471 } }],
    });
    expect(node(t => t.d.lte('1998-09-02'))).toMatchObject({
      args: [{}, { value: { type: UTF8, value: '1998-09-02' } }],
    });
    expect(node(t => t.i.eq(5n))).toMatchObject({ args: [{}, { value: { type: INT64, value: '5' } }] });
  });

  it('compare intervals with durations', () => {
    const frame = frameOver<{ iv: 'interval' }>('t').filter(t => t.iv.gt({ days: 1 }));
    expect(frame.query).toMatchObject({ predicate: { args: [{}, { value: { type: INTERVAL, value: { days: 1 } } }] } });
    expect(() => frame.filter(t => t.iv.gt({ dayz: 1 } as never))).toThrow('an object of Object is not a value');
  });

  it('add up durations to intervals', () => {
    expect(node(t => t.d.plus({ years: 1, months: 2, weeks: 1, days: 3, hours: 1, seconds: 0.5 }))).toMatchObject({
      fn: '+',
      args: [{}, { value: { type: INTERVAL, value: { months: 14, days: 10, micros: '3600500000' } } }],
    });
    expect(node(t => t.d.minus({ quarters: 1 }))).toMatchObject({
      fn: '-',
      args: [{}, { value: { value: { months: 3 } } }],
    });
    expect(() => text(t => t.d.plus({ days: 0.5 }))).toThrow('0.5 days: a duration has whole days');
  });
});

describe('mistakes that only show at run time', () => {
  it.each<[string, (t: Cols<T>) => Expr]>([
    ['JavaScript operators do not work on column expressions', t => ((t.i as never as number) > 5) as never],
    ["there is no type 'strin'", t => t.i.cast('strin' as never)],
    ['in() wants a list of values', t => t.i.in(5 as never)],
    ['undefined is not a value', t => t.i.eq(undefined as never)],
    ['.over() wants an aggregate', t => t.i.over(t.s)],
    ['the flag y of /a/y has no counterpart', t => t.s.matches(/a/y)],
  ])('%s', (message, callback) => {
    expect(() => text(callback)).toThrow(message);
  });
});
