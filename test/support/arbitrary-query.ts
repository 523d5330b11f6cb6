import fc from 'fast-check';
import type { Expr } from '../../src/query/expr.ts';
import type {
  CommonTable,
  GroupBy,
  GroupingElement,
  JoinCondition,
  JoinQuery,
  LimitClause,
  NamedExpr,
  Query,
  SelectItem,
} from '../../src/query/query.ts';
import { innerExprs, leafExpr, maybe, names, path, record, sortKeys, star, windowSpec } from './arbitrary-expr.ts';
import { arbitraryName as name } from './arbitrary-literal.ts';

/** How deep the generated trees go: the recursion's arbitraries get lighter with each level. */
type Depth = { readonly depthIdentifier: fc.DepthIdentifier };

/**
 * Expressions in the form in which the parser gives them, without spans: where two trees have one spelling
 * (`x IN (query)`, AND of many) the parser's is generated.
 */
export function arbitraryExpr(): fc.Arbitrary<Expr> {
  return trees().expr;
}

/** Queries in the form in which the parser gives them, without spans. */
export function arbitraryQuery(): fc.Arbitrary<Query> {
  return trees().query;
}

function trees(): { expr: fc.Arbitrary<Expr>; query: fc.Arbitrary<Query> } {
  const depth: Depth = { depthIdentifier: fc.createDepthIdentifier() };
  return fc.letrec<{ expr: Expr; query: Query }>(tie => {
    const expr = tie('expr');
    const query = tie('query');
    return {
      expr: fc.oneof({ ...depth, maxDepth: 4, depthSize: 'small' }, leafExpr, ...innerExprs(expr, query)),
      query: fc.oneof({ ...depth, maxDepth: 4, depthSize: 'small' }, leafQuery, ...innerQueries(expr, query)),
    };
  });
}

const leafQuery: fc.Arbitrary<Query> = fc.oneof(
  { weight: 4, arbitrary: path.map((p): Query => ({ kind: 'table', path: p })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Query>({ kind: 'table', path: ['data/a*.parquet'] }, { kind: 'relation', id: 3 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Query>(
      { kind: 'show', what: 'tables' },
      { kind: 'show', what: 'all-tables' },
      { kind: 'show', what: 'settings' },
      { kind: 'show', what: 'setting', name: 'threads' },
    ),
  },
);

function limit(expr: fc.Arbitrary<Expr>): fc.Arbitrary<LimitClause> {
  const count = expr.filter(e => e.kind !== 'literal' || e.value.value !== null);
  return fc
    .record({
      count: maybe(count),
      offset: maybe(expr),
      percent: maybe(fc.constant(true)),
      ties: maybe(fc.constant(true)),
    })
    .map(l => ({ ...l, percent: l.count && l.percent, ties: l.count && l.ties }));
}

function groupBy(expr: fc.Arbitrary<Expr>): fc.Arbitrary<GroupBy> {
  const plain = expr.filter(e => e.kind !== 'scalar-query');
  const element = (few: number, inSets: boolean): fc.Arbitrary<GroupingElement> =>
    fc.oneof(
      plain.map((e): GroupingElement => ({ kind: 'expr', expr: e })),
      fc.array(plain, { minLength: 2, maxLength: 3 }).map((exprs): GroupingElement => ({ kind: 'set', exprs })),
      fc.array(plain, { maxLength: inSets ? 1 : 0 }).map((exprs): GroupingElement => ({ kind: 'set', exprs })),
      fc.record({
        kind: fc.constantFrom('rollup' as const, 'cube' as const),
        sets: fc.array(fc.array(plain, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
      }),
      ...(few > 0
        ? [
            fc
              .array(element(few - 1, true), { minLength: 1, maxLength: 2 })
              .map((elements): GroupingElement => ({ kind: 'grouping-sets', elements })),
          ]
        : []),
    );
  return fc.oneof(
    fc.constant<GroupBy>({ kind: 'all' }),
    fc
      .array(element(2, false), { minLength: 1, maxLength: 3 })
      .map((elements): GroupBy => ({ kind: 'elements', elements })),
  );
}

function join(expr: fc.Arbitrary<Expr>, query: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  const conditional: JoinQuery['type'][] = [
    'inner',
    'left',
    'right',
    'full',
    'semi',
    'anti',
    'asof',
    'asof-left',
    'asof-right',
    'asof-full',
    'asof-semi',
    'asof-anti',
  ];
  const on: fc.Arbitrary<JoinCondition> = fc.oneof(
    expr.map((predicate): JoinCondition => ({ kind: 'on', predicate })),
    names.map((columns): JoinCondition => ({ kind: 'using', columns })),
    fc.constant<JoinCondition>({ kind: 'natural' }),
    fc.record({
      kind: fc.constant('pairs' as const),
      pairs: fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 2 }),
      nullsEqual: maybe(fc.constant(true)),
    }),
    fc.record({ kind: fc.constant('predicate' as const), left: name, right: name, predicate: expr }),
  );
  const right = fc.oneof(
    { weight: 4, arbitrary: query },
    { weight: 1, arbitrary: query.map((input): Query => ({ kind: 'lateral', input })) },
  );
  const suffix = maybe(fc.constantFrom('_right', "'"));
  const kind = fc.constant('join' as const);
  return fc.oneof(
    fc.record({ kind, left: query, right, type: fc.constantFrom(...conditional), on, suffix }),
    fc.record({ kind, left: query, right, type: fc.constantFrom('cross' as const, 'positional' as const), suffix }),
  );
}

function select(expr: fc.Arbitrary<Expr>, query: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  const item: fc.Arbitrary<SelectItem> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ expr, alias: maybe(name) }) },
    { weight: 1, arbitrary: star(expr).map((e): SelectItem => ({ expr: e })) },
  );
  return fc.record({
    kind: fc.constant('select' as const),
    from: maybe(query),
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
    distinct: maybe(fc.oneof(fc.constant<true>(true), fc.array(expr, { minLength: 1, maxLength: 2 }))),
    where: maybe(expr),
    groupBy: maybe(groupBy(expr)),
    having: maybe(expr),
    windows: maybe(fc.array(fc.record({ name, spec: windowSpec(expr) }), { minLength: 1, maxLength: 2 })),
    qualify: maybe(expr),
    orderBy: maybe(sortKeys(expr)),
    limit: maybe(limit(expr)),
  });
}

function innerQueries(expr: fc.Arbitrary<Expr>, input: fc.Arbitrary<Query>): fc.Arbitrary<Query>[] {
  const kind = <K extends string>(k: K): fc.Arbitrary<K> => fc.constant(k);
  const named: fc.Arbitrary<NamedExpr[]> = fc.array(fc.record({ name, expr }), { minLength: 1, maxLength: 2 });
  const few = fc.array(expr, { minLength: 1, maxLength: 2 });
  const aliased = fc.array(fc.record({ expr, alias: maybe(name) }), { minLength: 1, maxLength: 2 });
  const cte: fc.Arbitrary<CommonTable> = fc.record({
    name,
    columns: maybe(names),
    query: input,
    materialized: maybe(fc.boolean()),
  });
  const notRow = expr.filter(e => e.kind !== 'scalar-query');
  const group = fc.array(notRow, { minLength: 1, maxLength: 2 });
  const verbs: fc.Arbitrary<Query>[] = [
    fc.record({ kind: kind('filter'), input, predicate: expr }),
    fc.record({ kind: kind('extend'), input, columns: named }),
    fc.record({ kind: kind('drop'), input, columns: names }),
    fc.record({
      kind: kind('rename'),
      input,
      columns: fc.array(fc.record({ from: name, to: name }), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ kind: kind('aggregate'), input, keys: fc.oneof(named, fc.constant([])), aggregates: named }),
    fc.record({ kind: kind('aggregate'), input, keys: named, aggregates: fc.constant([]) }),
    fc.record({ kind: kind('sort'), input, keys: sortKeys(expr) }),
    fc.tuple(input, limit(expr)).map(([q, l]): Query => ({ kind: 'limit', input: q, ...l })),
    fc.record({ kind: kind('distinct'), input, on: maybe(few) }),
    fc.record({ kind: kind('unnest'), input, column: name, prefix: maybe(fc.constantFrom('p_', '')) }),
    fc.record({ kind: fc.constantFrom('describe' as const, 'summarize' as const), input }),
    join(expr, input),
  ];
  return [
    ...verbs,
    ...[1, 2, 3].map(() => select(expr, input)),
    fc.record({
      kind: kind('table-function'),
      name: fc.constantFrom('read_csv', 'Odd', 'main.f', 'select'),
      args: fc.array(expr, { maxLength: 2 }),
      named: maybe(record(expr)),
      ordinality: maybe(fc.constant(true)),
    }),
    fc.integer({ min: 1, max: 3 }).chain(width =>
      fc.record({
        kind: kind('values'),
        rows: fc.array(fc.array(expr, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 2 }),
      }),
    ),
    fc.record({ kind: kind('alias'), input, name, columns: maybe(names) }),
    fc.record({
      kind: kind('set-op'),
      op: fc.constantFrom('union' as const, 'intersect' as const, 'except' as const),
      all: fc.boolean(),
      byName: fc.boolean(),
      left: input,
      right: input,
    }),
    fc.record({
      kind: kind('with'),
      recursive: fc.boolean(),
      ctes: fc.array(cte, { minLength: 1, maxLength: 2 }),
      input,
    }),
    fc.record({
      kind: kind('sample'),
      input,
      size: expr,
      unit: fc.constantFrom('rows' as const, 'percent' as const),
      method: maybe(fc.constantFrom('reservoir' as const, 'bernoulli' as const, 'system' as const)),
      seed: maybe(fc.nat()),
    }),
    fc.record({
      kind: kind('pivot'),
      input,
      on: fc.array(fc.record({ exprs: group, in: maybe(fc.oneof(aliased, input)) }), { maxLength: 2 }),
      using: fc.oneof(aliased, fc.constant([])),
      groupBy: maybe(few),
    }),
    fc.record({
      kind: kind('unpivot'),
      input,
      on: fc.array(fc.record({ exprs: group, alias: maybe(name) }), { minLength: 1, maxLength: 2 }),
      name,
      values: names,
      includeNulls: fc.boolean(),
    }),
  ];
}
