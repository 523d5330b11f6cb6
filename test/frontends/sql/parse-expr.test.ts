import { expect, test } from 'vitest';
import { parseExpr, printExpr } from '../../../frontends/sql/index.ts';
import type { Expr } from '../../../src/query/expr.ts';
import { FLOAT64, INT32, INTERVAL, list } from '../../../src/types/data-type.ts';
import { call, literal, name, select, table } from '../../support/query-nodes.ts';
import { withoutSpans } from '../../support/without-spans.ts';

const [a, b, c, x] = ['a', 'b', 'c', 'x'].map(n => name(n)) as [Expr, Expr, Expr, Expr];
const [one, two] = [literal(1), literal(2)];
const nothing: Expr = { kind: 'literal', value: { type: { kind: 'null' }, value: null } };
const query = select({ items: [{ expr: a }] });
const lambda = (body: Expr, ...params: string[]): Expr => ({ kind: 'lambda', params, body });
const interval = (months: number, days: number, micros: string): Expr => ({
  kind: 'literal',
  value: { type: INTERVAL, value: { months, days, micros } },
});

const cases: [sql: string, expected: Expr][] = [
  // precedence
  ['a + b * c', call('+', a, call('*', b, c))],
  ['(a + b) * c', call('*', call('+', a, b), c)],
  ['a - b - c', call('-', call('-', a, b), c)],
  ['a or b and not c', call('or', a, call('and', b, call('not', c)))],
  ['not a = b', call('not', call('=', a, b))],
  ['a = b is null', call('is null', call('=', a, b))],
  ['a || b + c', call('||', a, call('+', b, c))],
  ['a < b || c', call('<', a, call('||', b, c))],
  ['-a ^ b', call('^', call('negate', a), b)],
  ['-1', literal(-1)],
  ['- -1', call('negate', literal(-1))],
  ['-1::int', call('negate', { kind: 'cast', input: one, type: INT32, try: false })],
  ['+a', a],
  ['a -> b = c', call('=', call('->', a, b), c)],
  ['a between b and c and x', call('and', { kind: 'between', input: a, low: b, high: c, negated: false }, x)],
  // operators
  ['a != b', call('<>', a, b)],
  ['a == b', call('=', a, b)],
  ['a // b ** c', call('//', a, call('^', b, c))],
  ['~a & b << c', call('<<', call('&', call('~', a), b), c)],
  ['@a', call('@', a)],
  ['a !', call('factorial', a)],
  ['a xor b', call('xor', a, b)],
  ['a operator(pg_catalog.+) b', call('+', a, b)],
  ['a is not distinct from b', call('is not distinct from', a, b)],
  [
    'a isnull or b notnull or c not null',
    call('or', call('or', call('is null', a), call('is not null', b)), call('is not null', c)),
  ],
  ['a is true and b is not unknown', call('and', call('is true', a), call('is not unknown', b))],
  ['a not like b', call('not like', a, b)],
  ['a !~~* b', call('not ilike', a, b)],
  ["a ilike b escape '#'", call('ilike_escape', a, b, literal('#'))],
  ['a not similar to b', call('not similar to', a, b)],
  ['a not glob b', call('not', call('glob', a, b))],
  ['a !~ b', call('!~', a, b)],
  ['a not in (1, 2,)', { kind: 'in-list', input: a, items: [one, two], negated: true }],
  ['a in b', call('list_contains', b, a)],
  ['a in (select a from t)', { kind: 'in-query', input: a, query, negated: false }],
  ['a in ((select a from t))', { kind: 'in-query', input: a, query, negated: false }],
  [
    'a in ((select a from t), 1)',
    { kind: 'in-list', input: a, items: [{ kind: 'scalar-query', query }, one], negated: false },
  ],
  [
    '(a, b) in (values (1, 2))',
    {
      kind: 'in-query',
      input: { kind: 'row', items: [a, b] },
      query: { kind: 'values', rows: [[one, two]] },
      negated: false,
    },
  ],
  ['a < all (select a from t)', { kind: 'quantified', input: a, op: '<', quantifier: 'all', query }],
  ['a = some (from t select a)', { kind: 'quantified', input: a, op: '=', quantifier: 'any', query }],
  [
    'a = any([1])',
    {
      kind: 'quantified',
      input: a,
      op: '=',
      quantifier: 'any',
      query: { kind: 'select', items: [{ expr: call('unnest', call('list_value', one)) }] },
    },
  ],
  ['exists (select a from t)', { kind: 'exists', query }],
  ['(select a from t) + 1', call('+', { kind: 'scalar-query', query }, one)],
  ['((select a from t) + 1)', call('+', { kind: 'scalar-query', query }, one)],
  [
    '((select a from t) union table t)',
    {
      kind: 'scalar-query',
      query: { kind: 'set-op', op: 'union', all: false, byName: false, left: query, right: table('t') },
    },
  ],
  // special syntax
  ['cast(a as double)', { kind: 'cast', input: a, type: FLOAT64, try: false }],
  ['try_cast(a as int[])', { kind: 'cast', input: a, type: list(INT32), try: true }],
  ['a::mood', { kind: 'cast', input: a, type: { kind: 'named', name: 'mood' }, try: false }],
  ['extract(YEAR from a)', call('date_part', literal('year'), a)],
  ['position(a in b)', call('strpos', b, a)],
  ['substring(a from 1 for 2)', call('substring', a, one, two)],
  ['substring(a for 2)', call('substring', a, one, two)],
  ['overlay(a placing b from 1 for 2)', call('overlay', a, b, one, two)],
  ["trim(both 'x' from a)", call('trim', a, literal('x'))],
  ['trim(leading from a)', call('ltrim', a)],
  ["trim(trailing 'x' from a)", call('rtrim', a, literal('x'))],
  ["a at time zone 'UTC'", call('timezone', literal('UTC'), a)],
  ['a collate nocase = b', call('=', { kind: 'collate', input: a, collation: 'nocase' }, b)],
  ['current_date', call('current_date')],
  ['case when a then 1 else 2 end', { kind: 'case', branches: [{ when: a, result: one }], otherwise: two }],
  ['case a when 1 then b end', { kind: 'case', operand: a, branches: [{ when: one, result: b }] }],
  ['and(a, b, c)', call('and', call('and', a, b), c)],
  ['grouping_id(a, b)', call('grouping', a, b)],
  ['#2', call('#', two)],
  // parameters and names
  ['$1 + $min', call('+', { kind: 'parameter', name: '1' }, { kind: 'parameter', name: 'min' })],
  ['? + ?', call('+', { kind: 'parameter', name: '1' }, { kind: 'parameter', name: '2' })],
  ['S.t."a b"', name('S', 't', 'a b')],
  ['t.order', name('t', 'order')],
  ['(a).b', { kind: 'field', input: a, name: 'b' }],
  ['f(a).b', { kind: 'field', input: call('f', a), name: 'b' }],
  ['t.*', { kind: 'star', qualifier: ['t'] }],
  ['(a).*', call('unnest', a)],
  ["columns('a.*') + 1", call('+', { kind: 'columns', pattern: literal('a.*') }, one)],
  ["columns(c -> c like 'x')", { kind: 'columns', pattern: lambda(call('like', c, literal('x')), 'c') }],
  ['columns(* exclude (a))', { kind: 'columns', pattern: { kind: 'star', exclude: [['a']] } }],
  ['f(*columns(a))', call('f', call('unpack', { kind: 'columns', pattern: a }))],
  // calls
  ['COUNT(*)', call('count')],
  ['a.upper()', { kind: 'call', fn: 'upper', qualifier: ['a'], args: [] }],
  ["'x'.upper().replace(a, b)", call('replace', call('upper', literal('x')), a, b)],
  ['f(a, n := 1, m => 2)', { kind: 'call', fn: 'f', args: [a], named: { n: one, m: two } }],
  ['sum(distinct a) filter (where b)', { kind: 'call', fn: 'sum', args: [a], distinct: true, filter: b }],
  [
    'list(a order by b desc nulls last)',
    { kind: 'call', fn: 'list', args: [a], orderBy: [{ expr: b, direction: 'desc', nulls: 'last' }] },
  ],
  [
    'mode() within group (order by a)',
    { kind: 'call', fn: 'mode', args: [], withinGroup: true, orderBy: [{ expr: a }] },
  ],
  ['first(a ignore nulls) over w', { kind: 'call', fn: 'first', args: [a], nulls: 'ignore', over: 'w' }],
  [
    'sum(a) over (w partition by b order by c rows between 1 preceding and current row exclude ties)',
    {
      kind: 'call',
      fn: 'sum',
      args: [a],
      over: {
        base: 'w',
        partitionBy: [b],
        orderBy: [{ expr: c }],
        frame: {
          unit: 'rows',
          start: { kind: 'preceding', offset: one },
          end: { kind: 'current-row' },
          exclude: 'ties',
        },
      },
    },
  ],
  [
    'sum(a) over (range unbounded preceding)',
    {
      kind: 'call',
      fn: 'sum',
      args: [a],
      over: { frame: { unit: 'range', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } } },
    },
  ],
  // lambdas and JSON's arrow
  ['list_transform(a, x -> x + 1)', call('list_transform', a, lambda(call('+', x, one), 'x'))],
  ["list_filter(a, x -> 'y')", call('list_filter', a, lambda(literal('y'), 'x'))],
  ['list_reduce(a, (x, b) -> x + b)', call('list_reduce', a, lambda(call('+', x, b), 'x', 'b'))],
  ['list_transform(a, lambda x, b: x + b)', call('list_transform', a, lambda(call('+', x, b), 'x', 'b'))],
  ["f(a -> 'key')", call('f', call('->', a, literal('key')))],
  ["a ->> 'key' -> 1", call('->', call('->>', a, literal('key')), one)],
  // nested values
  ['[1, 2,]', call('list_value', one, two)],
  ['array[1]', call('list_value', one)],
  ['a[1]', call('array_extract', a, one)],
  ['a[1:2]', call('array_slice', a, one, two)],
  ['a[:2]', call('array_slice', a, one, two)],
  ['a[2:]', call('array_slice', a, two, literal(-1))],
  ['a[:-:2]', call('array_slice', a, one, literal(-1), two)],
  [
    "{'k': 1, b: 2}",
    {
      kind: 'struct',
      fields: [
        { name: 'k', value: one },
        { name: 'b', value: two },
      ],
    },
  ],
  ["struct(1 as 'k')", { kind: 'struct', fields: [{ name: 'k', value: one }] }],
  ["map {'k': 1}", call('map', call('list_value', literal('k')), call('list_value', one))],
  ['map {}', call('map')],
  ['row(a, b)', { kind: 'row', items: [a, b] }],
  ['(a, b)', { kind: 'row', items: [a, b] }],
  [
    '[x + 1 for x in a if x]',
    call('list_transform', call('list_filter', a, lambda(x, 'x')), lambda(call('+', x, one), 'x')),
  ],
  // intervals
  ["interval '1 year 2 days 03:04:05'", interval(12, 2, '11045000000')],
  ["interval '90' day (3)", interval(0, 90, '0')],
  ['interval 3 months', interval(3, 0, '0')],
  ["interval '1.5' seconds", interval(0, 0, '1500000')],
  ["interval '-1' quarter", interval(-3, 0, '0')],
  ["interval '1-2' year to month", interval(14, 0, '0')],
  ['interval (a) day', parseExpr('to_days(cast(trunc(cast(a as double)) as int))')],
  ['interval a hours', parseExpr('to_hours(cast(trunc(cast(a as double)) as bigint))')],
  ['interval (a + 1) second', parseExpr('to_seconds(cast(a + 1 as double))')],
  ["interval 'x'", { kind: 'cast', input: literal('x'), type: INTERVAL, try: false }],
  ['interval + 1', call('+', name('interval'), one)],
  ['null', nothing],
];

test.each(cases)('%s', (sql, expected) => {
  const parsed = parseExpr(sql);
  expect(withoutSpans(parsed)).toEqual(withoutSpans(expected));
  expect(withoutSpans(parseExpr(printExpr(parsed))), printExpr(parsed)).toEqual(withoutSpans(expected));
});

test('spans cover the text of each node', () => {
  const sql = 'f(a) + "b c"::int';
  const parsed = parseExpr(sql) as Extract<Expr, { kind: 'call' }>;
  const texts = [parsed, ...parsed.args].map(e => sql.slice(e.span!.start, e.span!.end));
  expect(texts).toEqual([sql, 'f(a)', '"b c"::int']);
});

test('long chains of AND become balanced trees', () => {
  const terms = Array.from({ length: 10_000 }, (_, i) => `a = ${i}`);
  const height = (e: Expr): number => (e.kind === 'call' ? 1 + Math.max(0, ...e.args.map(height)) : 0);
  expect(height(parseExpr(terms.join(' and ')))).toBeLessThan(20);
});
