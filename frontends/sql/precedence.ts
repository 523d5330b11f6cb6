/**
 * How tightly the operators bind, loosest first: PostgreSQL's order, with DuckDB's `->` beside the other operators
 * (as a lambda's arrow it is no operator). Parser and printer share it.
 */
export const LEVEL = {
  lambda: 0,
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  like: 6,
  operator: 7,
  additive: 8,
  multiplicative: 9,
  power: 10,
  zone: 11,
  collate: 12,
  unary: 13,
  postfix: 14,
  primary: 15,
} as const;

/** The infix operators that are one token: their function's name and level. All are left-associative. */
export const INFIX: ReadonlyMap<string, { readonly fn: string; readonly level: number }> = new Map(
  (
    [
      [LEVEL.comparison, { '=': '=', '==': '=', '<>': '<>', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }],
      [LEVEL.like, { like: 'like', ilike: 'ilike', glob: 'glob', '~~': 'like', '!~~': 'not like', '~~*': 'ilike' }],
      [LEVEL.like, { '!~~*': 'not ilike', '~~~': 'glob' }],
      [LEVEL.operator, { '||': '||', '|': '|', '&': '&', '<<': '<<', '>>': '>>', '~': '~', '!~': '!~', '~*': '~*' }],
      [LEVEL.operator, { '!~*': '!~*', '->': '->', '->>': '->>', '@>': '@>', '<@': '<@', '&&': '&&' }],
      [LEVEL.operator, { '^@': 'starts_with', '<->': 'list_distance', '<=>': 'list_cosine_distance', '#': 'xor' }],
      [LEVEL.additive, { '+': '+', '-': '-' }],
      [LEVEL.multiplicative, { '*': '*', '/': '/', '//': '//', '%': '%' }],
      [LEVEL.power, { '^': '^', '**': '^' }],
    ] as const
  ).flatMap(([level, ops]) => Object.entries(ops).map(([op, fn]) => [op, { fn, level }] as const)),
);

/** The comparisons that may stand before ANY and ALL. */
export const QUANTIFIABLE: ReadonlySet<string> = new Set([
  ...['=', '<>', '<', '<=', '>', '>=', 'like', 'not like', 'ilike', 'not ilike', '~', '!~', '~*', '!~*'],
]);
