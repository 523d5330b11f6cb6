import fc from 'fast-check';
import type { CallExpr, Expr, FrameBound, SortKey, StarExpr, WindowSpec } from '../../src/query/expr.ts';
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
import { arbitraryLiteral, arbitraryName, arbitraryType } from './arbitrary-literal.ts';

const name = arbitraryName;
const names = fc.array(name, { minLength: 1, maxLength: 3 });
const path = fc.array(name, { minLength: 1, maxLength: 3 });
const maybe = <T>(a: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(a, { nil: undefined, freq: 2 });

const INFIX = [
  ...[
    'or',
    'and',
    '=',
    '<>',
    '<',
    '<=',
    '>',
    '>=',
    'is distinct from',
    'is not distinct from',
    'like',
    'not like',
    'ilike',
  ],
  ...[
    'not ilike',
    'similar to',
    'not similar to',
    'glob',
    '~',
    '!~',
    '~*',
    '!~*',
    '||',
    '|',
    '&',
    'xor',
    '<<',
    '>>',
    '+',
    '-',
  ],
  ...['*', '/', '//', '%', '^', '->', '->>', '@>', '<@', '&&', 'like_escape', 'timezone', 'Odd Name'],
];
const UNARY = [
  'not',
  'negate',
  '~',
  '@',
  'is null',
  'is not null',
  'is true',
  'is not false',
  'is unknown',
  'factorial',
  'abs',
];
const FUNCTIONS = [
  ...[
    'count',
    'sum',
    'f',
    'coalesce',
    'list_value',
    'array_extract',
    'left',
    'replace',
    'date_part',
    'trim',
    'substring',
    'row',
  ],
  ...[
    'extract',
    'cast',
    'struct',
    'map',
    'interval',
    'values',
    'rollup',
    'current_date',
    'grouping',
    'select',
    'default',
    'Upper',
  ],
];

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

const nameExpr: fc.Arbitrary<Expr> = path.map(p => ({ kind: 'name', path: p }));

const leafExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 3, arbitrary: nameExpr },
  { weight: 3, arbitrary: arbitraryLiteral().map((value): Expr => ({ kind: 'literal', value })) },
  { weight: 1, arbitrary: fc.constantFrom('1', '2', 'min', '_x').map((p): Expr => ({ kind: 'parameter', name: p })) },
);

function sortKeys(expr: fc.Arbitrary<Expr>): fc.Arbitrary<SortKey[]> {
  const key = fc.record({
    expr: fc.oneof({ weight: 9, arbitrary: expr }, { weight: 1, arbitrary: fc.constant<Expr>({ kind: 'star' }) }),
    direction: maybe(fc.constantFrom('asc' as const, 'desc' as const)),
    nulls: maybe(fc.constantFrom('first' as const, 'last' as const)),
  });
  return fc.array(key, { minLength: 1, maxLength: 2 });
}

function windowSpec(expr: fc.Arbitrary<Expr>): fc.Arbitrary<WindowSpec> {
  const bound = (side: 'preceding' | 'following'): fc.Arbitrary<FrameBound> =>
    fc.oneof(
      fc.constant<FrameBound>({ kind: 'current-row' }),
      fc.constant<FrameBound>({ kind: `unbounded-${side}` }),
      expr.map((offset): FrameBound => ({ kind: side, offset })),
    );
  return fc.record({
    base: maybe(fc.constantFrom('w', 'rows', 'partition')),
    partitionBy: maybe(fc.array(expr, { minLength: 1, maxLength: 2 })),
    orderBy: maybe(sortKeys(expr)),
    frame: maybe(
      fc.record({
        unit: fc.constantFrom('rows' as const, 'range' as const, 'groups' as const),
        start: bound('preceding'),
        end: bound('following'),
        exclude: maybe(fc.constantFrom('current-row' as const, 'group' as const, 'ties' as const)),
      }),
    ),
  });
}

const record = (expr: fc.Arbitrary<Expr>): fc.Arbitrary<Record<string, Expr>> =>
  fc
    .array(fc.tuple(fc.constantFrom('a', 'Sep', 'header', 'order'), expr), { minLength: 1, maxLength: 2 })
    .map(entries => Object.fromEntries(entries));

function calls(expr: fc.Arbitrary<Expr>): fc.Arbitrary<Expr>[] {
  const few = fc.array(expr, { maxLength: 3 });
  const lambda = fc.record({ kind: fc.constant('lambda' as const), params: names, body: expr });
  const full: fc.Arbitrary<CallExpr> = fc
    .record({
      kind: fc.constant('call' as const),
      fn: fc.constantFrom('count', 'sum', 'f', 'first_value', 'Odd'),
      qualifier: maybe(path),
      args: few,
      named: maybe(record(expr)),
      distinct: maybe(fc.constant(true)),
      orderBy: maybe(sortKeys(expr)),
      withinGroup: maybe(fc.constant(true)),
      filter: maybe(expr),
      nulls: maybe(fc.constantFrom('ignore' as const, 'respect' as const)),
      over: maybe(fc.oneof(name, windowSpec(expr))),
    })
    .map(call => ({
      ...call,
      distinct: call.args.length === 0 && call.named === undefined ? undefined : call.distinct,
      withinGroup: call.orderBy === undefined ? undefined : call.withinGroup,
    }));
  return [
    fc.record({ kind: fc.constant('call'), fn: fc.constantFrom(...INFIX), args: fc.tuple(expr, expr) }),
    fc.record({ kind: fc.constant('call'), fn: fc.constantFrom(...UNARY), args: fc.tuple(expr) }),
    fc.record({ kind: fc.constant('call'), fn: fc.constantFrom(...FUNCTIONS), args: few }),
    fc.record({ kind: fc.constant('call'), fn: fc.constantFrom('list_transform', 'g'), args: fc.tuple(expr, lambda) }),
    full,
  ];
}

const star = (expr: fc.Arbitrary<Expr>): fc.Arbitrary<StarExpr> =>
  fc.record({
    kind: fc.constant('star' as const),
    qualifier: maybe(path),
    exclude: maybe(fc.array(path, { minLength: 1, maxLength: 2 })),
    replace: maybe(fc.array(fc.record({ name, value: expr }), { minLength: 1, maxLength: 2 })),
    rename: maybe(fc.array(fc.record({ from: name, to: name }), { minLength: 1, maxLength: 2 })),
  });

function innerExprs(expr: fc.Arbitrary<Expr>, query: fc.Arbitrary<Query>): fc.Arbitrary<Expr>[] {
  const negated = fc.boolean();
  return [
    ...calls(expr),
    fc.record({ kind: fc.constant('columns'), pattern: fc.oneof(expr, star(expr)) }),
    fc.record({
      kind: fc.constant('cast'),
      input: expr,
      type: fc.oneof(
        arbitraryType(),
        fc.record({ kind: fc.constant('named'), name: fc.constantFrom('mood', 'Odd Type', 'order', 'row', 'enum') }),
      ),
      try: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('case'),
      operand: maybe(expr),
      branches: fc.array(fc.record({ when: expr, result: expr }), { minLength: 1, maxLength: 2 }),
      otherwise: maybe(expr),
    }),
    fc.record({
      kind: fc.constant('between'),
      input: expr,
      low: expr,
      high: expr,
      negated,
      symmetric: maybe(fc.constant(true as const)),
    }),
    fc.record({
      kind: fc.constant('in-list'),
      input: expr,
      items: fc.array(expr, { minLength: 1, maxLength: 3 }),
      negated,
    }),
    fc.record({ kind: fc.constant('in-query'), input: expr, query, negated }),
    fc.record({ kind: fc.constant('exists'), query }),
    fc.record({ kind: fc.constant('scalar-query'), query }),
    fc.record({
      kind: fc.constant('quantified'),
      input: expr,
      op: fc.constantFrom('=', '<>', '<', '>=', 'like', 'not ilike'),
      quantifier: fc.constantFrom('any' as const, 'all' as const),
      query,
    }),
    fc.record({ kind: fc.constant('row'), items: fc.array(expr, { maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('struct'),
      fields: fc.array(fc.record({ name: fc.oneof(name, fc.string()), value: expr }), { maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('field'), input: expr, name }),
    fc.record({ kind: fc.constant('collate'), input: expr, collation: fc.constantFrom('nocase', 'de') }),
    fc.constantFrom<Expr>({
      kind: 'call',
      fn: '#',
      args: [{ kind: 'literal', value: { type: { kind: 'int', bits: 32, signed: true }, value: 2 } }],
    }),
  ] as fc.Arbitrary<Expr>[];
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
    .record({ count: maybe(count), offset: maybe(expr), percent: maybe(fc.constant(true)) })
    .map(l => ({ ...l, percent: l.count && l.percent }));
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
