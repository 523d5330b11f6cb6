import { describe, expect, test } from 'vitest';
import { parse, printQuery } from '../../../frontends/sql/index.ts';
import type { Expr, StarExpr } from '../../../src/query/expr.ts';
import type { GroupingElement, JoinQuery, Query, SelectItem } from '../../../src/query/query.ts';
import { call, literal, name, select, table } from '../../support/query-nodes.ts';
import { withoutSpans } from '../../support/without-spans.ts';

const [a, b, c] = ['a', 'b', 'c'].map(n => name(n)) as [Expr, Expr, Expr];
const [one, two, three] = [literal(1), literal(2), literal(3)];
const [t, u, v] = [table('t'), table('u'), table('v')];
const items = (...exprs: Expr[]): SelectItem[] => exprs.map(expr => ({ expr }) as SelectItem);
const selectA = select({ items: items(a) });
const selectOne: Query = { kind: 'select', items: items(one) };
const join = (type: JoinQuery['type'], left: Query, right: Query, on?: JoinQuery['on']): Query => ({
  kind: 'join',
  type,
  left,
  right,
  on,
});
const onA: JoinQuery['on'] = { kind: 'using', columns: ['a'] };
const alias = (input: Query, as: string, columns?: string[]): Query => ({ kind: 'alias', input, name: as, columns });
const star = (parts: Partial<StarExpr>): SelectItem[] => [{ expr: { kind: 'star', ...parts } }];
const grouped = (...elements: GroupingElement[]): Query =>
  select({ items: items(a), groupBy: { kind: 'elements', elements } });
const union = (left: Query, right: Query, all = false): Query => ({
  kind: 'set-op',
  op: 'union',
  all,
  byName: false,
  left,
  right,
});

function check(cases: [sql: string, expected: Query][]): void {
  test.each(cases)('%s', (sql, expected) => {
    const parsed = parse(sql);
    expect(withoutSpans(parsed)).toEqual(withoutSpans(expected));
    expect(withoutSpans(parse(printQuery(parsed))), printQuery(parsed)).toEqual(withoutSpans(expected));
  });
}

describe('SELECT', () => {
  check([
    ['select 1', selectOne],
    ['select a from t;', selectA],
    ['SELECT a, FROM t', selectA],
    ['from t', select()],
    ['from t select a', selectA],
    ['from t select distinct a where b', select({ items: items(a), distinct: true, where: b })],
    ['from t where a order by b limit 1', select({ where: a, orderBy: [{ expr: b }], limit: { count: one } })],
    [
      'select all a as x, b y, z: c, "a b" as "order" from t',
      select({
        items: [
          { expr: a, alias: 'x' },
          { expr: b, alias: 'y' },
          { expr: c, alias: 'z' },
          { expr: name('a b'), alias: 'order' },
        ],
      }),
    ],
    [
      "select a as select, b 'x' from t",
      select({
        items: [
          { expr: a, alias: 'select' },
          { expr: { kind: 'cast', input: literal('x'), type: { kind: 'named', name: 'b' }, try: false } },
        ],
      }),
    ],
    [
      'select value, name, year, filter from t',
      select({ items: items(name('value'), name('name'), name('year'), name('filter')) }),
    ],
    ['select distinct on (a, b) c from t', select({ distinct: [a, b], items: items(c) })],
    ['select t.* exclude (a, b) from t', select({ items: star({ qualifier: ['t'], exclude: [['a'], ['b']] }) })],
    ['select * except (a) from t', select({ items: star({ exclude: [['a']] }) })],
    [
      'select * replace (a + 1 as a) rename (b as c) from t',
      select({ items: star({ replace: [{ name: 'a', value: call('+', a, one) }], rename: [{ from: 'b', to: 'c' }] }) }),
    ],
    [
      "select * like 'x%' from t",
      select({
        items: items({
          kind: 'columns',
          pattern: { kind: 'lambda', params: ['name'], body: call('like', name('name'), literal('x%')) },
        }),
      }),
    ],
    [
      'select a from t where b having c window w as (order by a) qualify a > 1',
      select({
        items: items(a),
        where: b,
        having: c,
        windows: [{ name: 'w', spec: { orderBy: [{ expr: a }] } }],
        qualify: call('>', a, one),
      }),
    ],
    [
      'select a from t order by a desc nulls first, b asc, 2',
      select({
        items: items(a),
        orderBy: [{ expr: a, direction: 'desc', nulls: 'first' }, { expr: b, direction: 'asc' }, { expr: two }],
      }),
    ],
    ['from t order by all desc', select({ orderBy: [{ expr: { kind: 'star' }, direction: 'desc' }] })],
    ['from t limit 1 offset 2', select({ limit: { count: one, offset: two } })],
    ['from t offset 2 rows fetch first 1 rows only', select({ limit: { count: one, offset: two } })],
    ['from t limit 3%', select({ limit: { count: three, percent: true } })],
    ['from t fetch first 3 rows with ties', select({ limit: { count: three, ties: true } })],
    ['from t limit 3 percent', select({ limit: { count: three, percent: true } })],
    ['from t limit 3 % 2', select({ limit: { count: call('%', three, two) } })],
    ['from t limit all', select({ limit: {} })],
  ]);
});

describe('GROUP BY', () => {
  check([
    ['select a from t group by all', select({ items: items(a), groupBy: { kind: 'all' } })],
    [
      'select a from t group by 1, a + b',
      grouped({ kind: 'expr', expr: one }, { kind: 'expr', expr: call('+', a, b) }),
    ],
    ['select a from t group by (a, b), ()', grouped({ kind: 'set', exprs: [a, b] }, { kind: 'set', exprs: [] })],
    ['select a from t group by (a)', grouped({ kind: 'expr', expr: a })],
    ['select a from t group by rollup (a, (b, c))', grouped({ kind: 'rollup', sets: [[a], [b, c]] })],
    [
      'select a from t group by grouping sets (a, (b), (), cube (a, b), grouping sets ((a, b)))',
      grouped({
        kind: 'grouping-sets',
        elements: [
          { kind: 'expr', expr: a },
          { kind: 'set', exprs: [b] },
          { kind: 'set', exprs: [] },
          { kind: 'cube', sets: [[a], [b]] },
          { kind: 'grouping-sets', elements: [{ kind: 'set', exprs: [a, b] }] },
        ],
      }),
    ],
  ]);
});

describe('FROM', () => {
  const from = (q: Query): Query => select({ from: q });
  check([
    ['from s.t as x(a, b)', from(alias(table('s', 't'), 'x', ['a', 'b']))],
    ["from 'a.parquet' x", from(alias(table('a.parquet'), 'x'))],
    [
      "from ['a.csv', 'b.csv']",
      from({
        kind: 'table-function',
        name: 'read_csv',
        args: [call('list_value', literal('a.csv'), literal('b.csv'))],
      }),
    ],
    ['from x: t', from(alias(t, 'x'))],
    ['from (select a from t) x', from(alias(selectA, 'x'))],
    [
      'from (values (1, 2), (3, 1)) x(a, b)',
      from(
        alias(
          {
            kind: 'values',
            rows: [
              [one, two],
              [three, one],
            ],
          },
          'x',
          ['a', 'b'],
        ),
      ),
    ],
    ['from (t)', from(t)],
    ['from ((select a from t) union (select 1)) x', from(alias(union(selectA, selectOne), 'x'))],
    [
      'from READ_CSV(a, header = 1, sep := 2, q => 3)',
      from({ kind: 'table-function', name: 'read_csv', args: [a], named: { header: one, sep: two, q: three } }),
    ],
    [
      'from unnest(a) with ordinality x',
      from(alias({ kind: 'table-function', name: 'unnest', args: [a], ordinality: true }, 'x')),
    ],
    ['from t tablesample 3', from({ kind: 'sample', input: t, size: three, unit: 'rows' })],
    [
      'from t x tablesample bernoulli (3 percent) repeatable (42)',
      from({ kind: 'sample', input: alias(t, 'x'), size: three, unit: 'percent', method: 'bernoulli', seed: 42 }),
    ],
    [
      'from t where a using sample 3% (system, 7)',
      select({ from: { kind: 'sample', input: t, size: three, unit: 'percent', method: 'system', seed: 7 }, where: a }),
    ],
    ['from t, u', from(join('cross', t, u))],
    ['from t cross join u', from(join('cross', t, u))],
    ['from t join u on a = b', from(join('inner', t, u, { kind: 'on', predicate: call('=', a, b) }))],
    ['from t left outer join u using (a) right join v using (a)', from(join('right', join('left', t, u, onA), v, onA))],
    ['from t full join u using (a)', from(join('full', t, u, onA))],
    ['from t natural left join u', from(join('left', t, u, { kind: 'natural' }))],
    ['from t semi join u using (a) anti join v using (a)', from(join('anti', join('semi', t, u, onA), v, onA))],
    ['from t left semi join u using (a)', from(join('semi', t, u, onA))],
    ['from t right anti join u using (a)', from(join('anti', u, t, onA))],
    ['from t positional join u', from(join('positional', t, u))],
    ['from t asof join u on a >= b', from(join('asof', t, u, { kind: 'on', predicate: call('>=', a, b) }))],
    ['from t asof left join u using (a)', from(join('asof-left', t, u, onA))],
    ['from t asof full outer join u using (a)', from(join('asof-full', t, u, onA))],
    ['from t join u join v using (a) using (a)', from(join('inner', t, join('inner', u, v, onA), onA))],
    ['from t, (u join v using (a))', from(join('cross', t, join('inner', u, v, onA)))],
    ['from t, lateral (select a from t) x', from(join('cross', t, alias({ kind: 'lateral', input: selectA }, 'x')))],
    [
      'from t, lateral unnest(a)',
      from(join('cross', t, { kind: 'lateral', input: { kind: 'table-function', name: 'unnest', args: [a] } })),
    ],
    ['from (describe t)', from({ kind: 'describe', input: t })],
    ['from (show tables) x', from(alias({ kind: 'show', what: 'tables' }, 'x'))],
    ['from @3', from({ kind: 'relation', id: 3 })],
  ]);
});

describe('whole queries', () => {
  const intersect: Query = { kind: 'set-op', op: 'intersect', all: true, byName: false, left: u, right: v };
  check([
    ['table t union table u intersect all table v', union(t, intersect)],
    ['table t union all table u union distinct table v', union(union(t, u, true), v)],
    [
      'table t except (table u union table v)',
      { kind: 'set-op', op: 'except', all: false, byName: false, left: t, right: union(u, v) },
    ],
    [
      'from t union all by name from u',
      { kind: 'set-op', op: 'union', all: true, byName: true, left: select(), right: select({ from: u }) },
    ],
    [
      'table t union table u order by 1 limit 2',
      { kind: 'limit', input: { kind: 'sort', input: union(t, u), keys: [{ expr: one }] }, count: two },
    ],
    ['(select a from t) order by a', { kind: 'sort', input: selectA, keys: [{ expr: a }] }],
    ['values (1), (2) limit 1', { kind: 'limit', input: { kind: 'values', rows: [[one], [two]] }, count: one }],
    [
      'with recursive x(a) as (select 1), y as not materialized (table t), z as materialized (table u) table x',
      {
        kind: 'with',
        recursive: true,
        ctes: [
          { name: 'x', columns: ['a'], query: selectOne },
          { name: 'y', query: t, materialized: false },
          { name: 'z', query: u, materialized: true },
        ],
        input: table('x'),
      },
    ],
    ['describe t', { kind: 'describe', input: t }],
    ['desc select a from t', { kind: 'describe', input: selectA }],
    ["summarize 'a.csv'", { kind: 'summarize', input: table('a.csv') }],
    ['show all tables', { kind: 'show', what: 'all-tables' }],
    ['show databases', { kind: 'show', what: 'databases' }],
    ['show all', { kind: 'show', what: 'settings' }],
    ['show threads', { kind: 'show', what: 'setting', name: 'threads' }],
    [
      'pivot t on a, (b, c) in (1 as x, 2) using sum(a) as s, count(*) group by b',
      {
        kind: 'pivot',
        input: t,
        on: [{ exprs: [a] }, { exprs: [b, c], in: [{ expr: one, alias: 'x' }, { expr: two }] }],
        using: [{ expr: call('sum', a), alias: 's' }, { expr: call('count') }],
        groupBy: [b],
      },
    ],
    [
      'pivot t on a in mood',
      { kind: 'pivot', input: t, on: [{ exprs: [a], in: { kind: 'named', name: 'mood' } }], using: [] },
    ],
    [
      'from t pivot (sum(a) for b in (1, 2) c in (select 1) group by a) x',
      select({
        from: alias(
          {
            kind: 'pivot',
            input: t,
            using: [{ expr: call('sum', a) }],
            on: [
              { exprs: [b], in: [{ expr: one }, { expr: two }] },
              { exprs: [c], in: selectOne },
            ],
            groupBy: [a],
          },
          'x',
        ),
      }),
    ],
    [
      'unpivot include nulls t on a, (b, c) as d into name n value v, w',
      {
        kind: 'unpivot',
        input: t,
        on: [{ exprs: [a] }, { exprs: [b, c], alias: 'd' }],
        name: 'n',
        values: ['v', 'w'],
        includeNulls: true,
      },
    ],
    [
      'from t unpivot (v for n in (a, b as x))',
      select({
        from: {
          kind: 'unpivot',
          input: t,
          on: [{ exprs: [a] }, { exprs: [b], alias: 'x' }],
          name: 'n',
          values: ['v'],
          includeNulls: false,
        },
      }),
    ],
  ]);
});

describe('pipe steps', () => {
  const filter: Query = { kind: 'filter', input: t, predicate: a };
  check([
    ['from t |> where a', filter],
    ['select a from t |> where a', { kind: 'filter', input: selectA, predicate: a }],
    ['from t |> where a |> select b', select({ from: filter, items: items(b) })],
    ['from t |> extend a + 1 as b', select({ items: [...star({}), { expr: call('+', a, one), alias: 'b' }] })],
    [
      'from t |> extend or replace a + 1 as b',
      { kind: 'extend', input: t, columns: [{ name: 'b', expr: call('+', a, one) }] },
    ],
    ['from t |> set a = 1', select({ items: star({ replace: [{ name: 'a', value: one }] }) })],
    ['from t |> drop a, b', { kind: 'drop', input: t, columns: ['a', 'b'] }],
    ['from t |> rename a as b', { kind: 'rename', input: t, columns: [{ from: 'a', to: 'b' }] }],
    [
      'from t |> aggregate sum(a) as s group by b',
      {
        kind: 'aggregate',
        input: t,
        keys: [{ name: 'b', expr: b }],
        aggregates: [{ name: 's', expr: call('sum', a) }],
      },
    ],
    [
      'from t |> aggregate count(*)',
      { kind: 'aggregate', input: t, keys: [], aggregates: [{ name: 'count(*)', expr: call('count') }] },
    ],
    ['from t |> left join u using (a)', join('left', t, u, onA)],
    [
      "from t |> join u using (a = b, c) nulls equal suffix '_r'",
      {
        kind: 'join',
        type: 'inner',
        left: t,
        right: u,
        on: {
          kind: 'pairs',
          pairs: [
            ['a', 'b'],
            ['c', 'c'],
          ],
          nullsEqual: true,
        },
        suffix: '_r',
      },
    ],
    [
      'from t |> join u on lambda l, r: l.a < r.b',
      join('inner', t, u, {
        kind: 'predicate',
        left: 'l',
        right: 'r',
        predicate: call('<', name('l', 'a'), name('r', 'b')),
      }),
    ],
    [
      'from t |> order by a |> limit 1',
      { kind: 'limit', input: { kind: 'sort', input: t, keys: [{ expr: a }] }, count: one },
    ],
    ['from t |> distinct', { kind: 'distinct', input: t }],
    ['from t |> distinct on (a)', { kind: 'distinct', input: t, on: [a] }],
    ['from t |> union all (table u), (table v)', union(union(t, u, true), v, true)],
    ['from t |> as x |> where a', { kind: 'filter', input: alias(t, 'x'), predicate: a }],
    ["from t |> unnest a prefix 'p_'", { kind: 'unnest', input: t, column: 'a', prefix: 'p_' }],
    ['from t |> tablesample 3 rows', { kind: 'sample', input: t, size: three, unit: 'rows' }],
    ['from t |> summarize', { kind: 'summarize', input: t }],
  ]);
});

test('the builder’s verbs print as pipe steps', () => {
  const filter: Query = { kind: 'filter', input: t, predicate: call('>', a, one) };
  const q: Query = {
    kind: 'sort',
    input: {
      kind: 'aggregate',
      input: { kind: 'extend', input: filter, columns: [{ name: 'b', expr: call('+', a, one) }] },
      keys: [{ name: 'b', expr: b }],
      aggregates: [{ name: 'n', expr: call('count') }],
    },
    keys: [{ expr: name('n'), direction: 'desc' }],
  };
  expect(printQuery(q)).toBe(
    'FROM t |> WHERE a > 1 |> EXTEND OR REPLACE a + 1 AS b |> AGGREGATE count(*) AS n GROUP BY b AS b |> ORDER BY n DESC',
  );
});
