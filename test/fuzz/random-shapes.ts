import type { Random } from './random.ts';
import { randomAggregate } from './random-aggregate.ts';
import { type ExprContext, randomExpr, type ScopeColumn } from './random-expr.ts';
import type { RandomTable } from './random-table.ts';
import { randomLiteral, randomType, type Type } from './types.ts';

/** A FROM clause of tables with their names, and the conditions that join them. */
type Source = { readonly sql: string; readonly on: string; readonly columns: readonly (readonly ScopeColumn[])[] };
type Shape = (random: Random, tables: readonly RandomTable[]) => string;

/**
 * A query as reports are written, of parts that chance puts together too seldom: alternatives over both sides of a join,
 * ranges, conditional and shifted sums, values of other queries, groups that few rows ask for, the same subquery twice.
 * @param big a table of many rows, for what is worth its while only there
 */
export function randomShape(random: Random, tables: readonly RandomTable[], big?: RandomTable): string {
  const shape = big === undefined ? random.pick(SMALL) : random.pick(LARGE);
  return shape(random, big === undefined ? tables : [big, ...tables]);
}

const alternatives: Shape = (random, tables) => {
  const { sql, on, columns } = joined(random, tables);
  const [a, b] = [test(random, columns[0]!), test(random, columns[1]!)];
  const branch = (): string => random.pick([`${a()} AND ${b()}`, `${b()} AND ${a()}`, `${on} AND ${a()} AND ${b()}`]);
  const common = test(random, columns[random.below(2)]!)();
  const either = random.several(2, 3, () => `(${random.percent(30) ? `${common} AND ` : ''}${branch()})`).join(' OR ');
  const all = columns.flat();
  return `SELECT ${items(random, all)} FROM ${sql} WHERE ${random.percent(60) ? `${on} AND ` : ''}(${either})`;
};

const ranges: Shape = (random, tables) => {
  const { sql, on, columns } = joined(random, tables);
  const column = random.pick(columns.flat().filter(c => RANGED.has(c.type)));
  const bound = (): string =>
    random.pick([
      `${column.sql} ${random.pick(['<', '<=', '>', '>=', '='])} ${randomLiteral(random, column.type)}`,
      `${column.sql} BETWEEN ${randomLiteral(random, column.type)} AND ${randomLiteral(random, column.type)}`,
      `${column.sql} IN (${random.several(1, 4, () => randomLiteral(random, column.type)).join(', ')})`,
    ]);
  const where = [on, ...random.several(2, 4, bound)].join(' AND ');
  return `SELECT ${items(random, columns.flat())} FROM ${sql} WHERE ${where}`;
};

const conditionalSums: Shape = (random, tables) => {
  const { sql, on, columns } = joined(random, tables);
  const all = columns.flat();
  const ctx: ExprContext = { random, columns: all };
  const value = random.pick(all.filter(c => c.type === 'int')).sql;
  const of = (type: Type): string => randomExpr(ctx, type, 1);
  const sums = random.several(3, 6, () =>
    random.pick([
      `sum(${value} ${random.pick(['+', '-'])} ${random.below(5)})`,
      `sum(${value} ${random.pick(['+', '-'])} ${random.below(5)})`,
      `sum(${value})`,
      `sum(CASE WHEN ${of('bool')} THEN ${of('int')} END)`,
      `sum(CASE WHEN ${of('bool')} THEN 1 ELSE 0 END)`,
      `${random.pick(['count', 'min', 'max', 'avg'])}(CASE WHEN ${of('bool')} THEN ${of('int')} ELSE NULL END)`,
      `count(*) FILTER (WHERE ${of('bool')})`,
    ]),
  );
  const key = random.percent(60) ? random.pick(all).sql : undefined;
  const list = [...(key === undefined ? [] : [key]), ...sums].map((s, i) => `${s} AS o${i}`).join(', ');
  return `SELECT ${list} FROM ${sql} WHERE ${on}${key === undefined ? '' : ` GROUP BY ${key}`}`;
};

const valueOfQuery: Shape = (random, tables) => {
  const { sql, on, columns } = joined(random, tables);
  const column = random.pick(columns.flat().filter(c => RANGED.has(c.type)));
  const from = random.pick(tables);
  const inner = scopeOf(from, 'i');
  const where = random.percent(40) ? ` WHERE ${test(random, inner)()}` : '';
  const aggregate = randomAggregate({ random, columns: inner }, column.type, ['i.id'], random.below(2)).sql;
  const value =
    column.type === 'int' && random.percent(40)
      ? `SELECT i.${random.pick(['k', 'id'])} FROM ${from.name} AS i WHERE i.id = ${1 + random.below(9)}`
      : `SELECT ${aggregate} FROM ${from.name} AS i${where}`;
  const comparison = random.pick(['=', '=', '=', '<', '>=', 'IS NOT DISTINCT FROM']);
  return `SELECT ${items(random, columns.flat())} FROM ${sql} WHERE ${on} AND ${column.sql} ${comparison} (${value})`;
};

const wantedGroups: Shape = (random, tables) => {
  const [big, small] = [tables[0]!, random.pick(tables.slice(1))];
  const ctx: ExprContext = { random, columns: scopeOf(big, 'b') };
  const types = random.several(1, 2, () => randomType(random));
  const sums = types.map((type, i) => `${randomAggregate(ctx, type, ['b.id'], 0).sql} AS o${i}`);
  const key = random.pick(['id', 'id', 'k']);
  const groups = `(SELECT b.${key} AS k, ${sums.join(', ')} FROM ${big.name} AS b GROUP BY b.${key}) AS g`;
  const outputs = ['s.id', ...types.map((_, i) => `g.o${i}`)].map((s, i) => `${s} AS o${i}`).join(', ');
  const join = random.pick(['JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'SEMI']);
  const where = random.percent(50) ? ` WHERE ${test(random, scopeOf(small, 's'))()}` : '';
  const by = random.pick(['g.k = s.id', 'g.k = s.k']);
  if (join === 'SEMI')
    return `SELECT g.k AS o0, g.o0 AS o1 FROM ${groups} WHERE g.k IN (SELECT s.${random.pick(['k', 'id'])} FROM ${small.name} AS s${where})`;
  const sides = random.percent(50) ? [`${small.name} AS s`, groups] : [groups, `${small.name} AS s`];
  return `SELECT ${outputs} FROM ${sides.join(` ${join} `)} ON ${by}${where}`;
};

const sameTwice: Shape = (random, tables) => {
  const [big, small] = [tables[0]!, random.pick(tables.slice(1))];
  const both = [...scopeOf(big, 'b'), ...scopeOf(small, 's')];
  const ctx: ExprContext = { random, columns: both };
  const sum = randomAggregate(ctx, 'int', undefined, 0).sql;
  const key = random.pick(['b.k', 's.id', 's.k']);
  const from = `FROM ${big.name} AS b JOIN ${small.name} AS s ON b.k = s.k WHERE ${test(random, both)()}`;
  const groups = `SELECT ${key} AS k, ${sum} AS v ${from} GROUP BY ${key}`;
  const other = random.percent(50) ? groups : `SELECT ${key} AS k, count(*) AS v ${from} GROUP BY ${key}`;
  return random.pick([
    `SELECT x.k AS o0, x.v AS o1, y.v AS o2 FROM (${groups}) AS x JOIN (${other}) AS y ON x.k = y.k`,
    `SELECT x.k AS o0, x.v AS o1 FROM (${groups}) AS x WHERE x.v >= (SELECT max(v) FROM (${other}))`,
    `WITH g AS (${groups}) SELECT x.k AS o0, y.v AS o1 FROM g AS x JOIN g AS y ON x.k = y.k WHERE ${random.pick(['x.k', 'y.v', 'x.v'])} > 1`,
    `SELECT count(*) AS o0, sum(v) AS o1 FROM ((${groups}) UNION ALL (${other}))`,
  ]);
};

const SMALL: readonly Shape[] = [alternatives, ranges, conditionalSums, valueOfQuery];
const LARGE: readonly Shape[] = [
  wantedGroups,
  wantedGroups,
  wantedGroups,
  sameTwice,
  sameTwice,
  conditionalSums,
  ranges,
];
/** Kinds whose literals compare with each other as constants. */
const RANGED: ReadonlySet<Type> = new Set(['int', 'decimal', 'text', 'date', 'timestamp']);

/** Two tables, the first of all among them, by an equality of keys. */
function joined(random: Random, tables: readonly RandomTable[]): Source {
  const [first, second] = [tables[0]!, random.pick(tables.length > 1 ? tables.slice(1) : tables)];
  const on = `a.${random.pick(['k', 'id'])} = b.${random.pick(['k', 'id'])}`;
  return {
    sql: `${first.name} AS a, ${second.name} AS b`,
    on,
    columns: [scopeOf(first, 'a'), scopeOf(second, 'b')],
  };
}

/** Makes conditions on one of the columns, which compare it with a constant. */
function test(random: Random, columns: readonly ScopeColumn[]): () => string {
  const column = random.pick(columns.filter(c => RANGED.has(c.type)));
  return () => `${column.sql} ${random.pick(['=', '=', '<>', '<', '>='])} ${randomLiteral(random, column.type)}`;
}

function items(random: Random, columns: readonly ScopeColumn[]): string {
  const chosen = random.several(1, 4, () => random.pick(columns).sql);
  return chosen.map((sql, i) => `${sql} AS o${i}`).join(', ');
}

const scopeOf = (table: RandomTable, alias: string): readonly ScopeColumn[] =>
  table.columns.map(c => ({ sql: `${alias}.${c.name}`, type: c.type }));
