import fc from 'fast-check';
import type { CallExpr, Expr, FrameBound, SortKey, StarExpr, TypeRef, WindowSpec } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { arbitraryLiteral, arbitraryType, arbitraryName as name } from './arbitrary-literal.ts';

/** Names of columns or parameters. */
export const names = fc.array(name, { minLength: 1, maxLength: 3 });
/** A name with up to two qualifiers. */
export const path = fc.array(name, { minLength: 1, maxLength: 3 });
/** A value, or more rarely none. */
export const maybe = <T>(a: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(a, { nil: undefined, freq: 2 });

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

const nameExpr: fc.Arbitrary<Expr> = path.map(p => ({ kind: 'name', path: p }));

/** Expressions without parts. */
export const leafExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 3, arbitrary: nameExpr },
  { weight: 3, arbitrary: arbitraryLiteral().map((value): Expr => ({ kind: 'literal', value })) },
  { weight: 1, arbitrary: fc.constantFrom('1', '2', 'min', '_x').map((p): Expr => ({ kind: 'parameter', name: p })) },
);

/** ORDER BY over the given expressions. */
export function sortKeys(expr: fc.Arbitrary<Expr>): fc.Arbitrary<SortKey[]> {
  const key = fc.record({
    expr: fc.oneof({ weight: 9, arbitrary: expr }, { weight: 1, arbitrary: fc.constant<Expr>({ kind: 'star' }) }),
    direction: maybe(fc.constantFrom('asc' as const, 'desc' as const)),
    nulls: maybe(fc.constantFrom('first' as const, 'last' as const)),
  });
  return fc.array(key, { minLength: 1, maxLength: 2 });
}

/** What stands in OVER (…). */
export function windowSpec(expr: fc.Arbitrary<Expr>): fc.Arbitrary<WindowSpec> {
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

/** Named arguments. */
export const record = (expr: fc.Arbitrary<Expr>): fc.Arbitrary<Record<string, Expr>> =>
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

/** `*` with its qualifier and modifiers. */
export const star = (expr: fc.Arbitrary<Expr>): fc.Arbitrary<StarExpr> =>
  fc.record({
    kind: fc.constant('star' as const),
    qualifier: maybe(path),
    exclude: maybe(fc.array(path, { minLength: 1, maxLength: 2 })),
    replace: maybe(fc.array(fc.record({ name, value: expr }), { minLength: 1, maxLength: 2 })),
    rename: maybe(fc.array(fc.record({ from: name, to: name }), { minLength: 1, maxLength: 2 })),
  });

const userType = fc.record({
  kind: fc.constant('named' as const),
  name: fc.constantFrom('mood', 'Odd Type', 'order', 'row', 'enum'),
});

/** A type made of a user's type. */
const composedType: fc.Arbitrary<TypeRef> = fc.oneof(
  userType.map(type => ({ kind: 'composed' as const, of: 'list' as const, parts: [type] })),
  userType.map(type => ({ kind: 'composed' as const, of: 'array' as const, parts: [type], length: 3 })),
  fc.tuple(arbitraryType(), userType).map(parts => ({ kind: 'composed' as const, of: 'map' as const, parts })),
  fc.tuple(fc.constantFrom('struct' as const, 'union' as const), arbitraryType(), userType).map(([of, a, b]) => ({
    kind: 'composed' as const,
    of,
    parts: [
      { name: 'a', type: a },
      { name: 'Odd Name', type: b },
    ],
  })),
);

/** Every kind of expression that has parts. */
export function innerExprs(expr: fc.Arbitrary<Expr>, query: fc.Arbitrary<Query>): fc.Arbitrary<Expr>[] {
  const negated = fc.boolean();
  return [
    ...calls(expr),
    fc.record({ kind: fc.constant('columns'), pattern: fc.oneof(expr, star(expr)) }),
    fc.record({
      kind: fc.constant('cast'),
      input: expr,
      type: fc.oneof(arbitraryType(), userType, composedType),
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
