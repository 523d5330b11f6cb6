import type { Random } from './random.ts';
import { randomAggregate, type Unique } from './random-aggregate.ts';
import { randomExpr, type ScopeColumn } from './random-expr.ts';
import type { RandomTable } from './random-table.ts';
import { randomLiteral, randomType, SQL_TYPES, type Type } from './types.ts';

/** What stands in FROM: its text, the columns that it shows, and which of them tell its rows apart. */
export type Relation = { readonly sql: string; readonly columns: readonly ScopeColumn[]; readonly unique: Unique };
export type Common = { readonly name: string; readonly types: readonly Type[] };

/** What a query may read besides its own FROM. */
export type Surroundings = {
  readonly outer: readonly ScopeColumn[];
  readonly ctes: readonly Common[];
};

/** How queries inside of FROM are made: by the maker of queries. */
export type Inside = {
  readonly random: Random;
  readonly tables: readonly RandomTable[];
  readonly alias: () => string;
  /** Subqueries of the query so far that stand for themselves: they may come again. */
  readonly made: { readonly sql: string; readonly types: readonly Type[] }[];
  /** Only one table, alone: for big ones. */
  readonly single: boolean;
  /** Whether something that loses rows comes, in so many of a hundred cases: seldom in a query that is to keep many. */
  readonly loses: (percent: number) => boolean;
  /** A SELECT or set operation whose columns o0, o1, … have the given types. */
  readonly body: (types: readonly Type[], around: Surroundings, depth: number) => string;
  readonly orderBy: (count: number) => string;
  readonly limit: () => string;
  readonly subqueries: (
    visible: readonly ScopeColumn[],
    around: Surroundings,
    depth: number,
  ) => (type: Type, oneRow: boolean) => string;
};

/** What follows FROM: a relation, mostly joined with others. */
export function randomFrom(inside: Inside, around: Surroundings, depth: number): Relation {
  const { random } = inside;
  if (around.outer.length > 0 && random.percent(5)) return { sql: '', columns: [], unique: undefined };
  if (inside.single) {
    const table = tableAs(inside.tables[0]!, inside.alias());
    return { ...table, sql: ` FROM ${table.sql}` };
  }
  const joins = random.pick([0, 0, 0, 1, 1, 2]);
  let relation = random.percent(9)
    ? special(inside, depth, around, joins === 0)
    : simpleRelation(inside, around, depth);
  for (let i = 0; i < joins; i++) relation = join(inside, relation, around, depth);
  return { ...relation, sql: ` FROM ${relation.sql}` };
}

function simpleRelation(inside: Inside, around: Surroundings, depth: number): Relation {
  const { random } = inside;
  const alias = inside.alias();
  if (around.ctes.length > 0 && random.percent(40)) {
    const { name, types } = random.pick(around.ctes);
    return { sql: `${name} AS ${alias}`, columns: scopeOf(alias, types), unique: undefined };
  }
  if (depth > 0 && random.percent(18)) {
    const again = inside.made.at(-1);
    if (again !== undefined && random.percent(15))
      return {
        sql: `(${again.sql}) AS ${alias}(${columnNames(again.types)})`,
        columns: scopeOf(alias, again.types),
        unique: undefined,
      };
    const types = random.several(1, 3, () => randomType(random));
    const order = random.percent(25) ? ` ${inside.orderBy(types.length)}${inside.limit()}` : '';
    const body = inside.body(types, { ...around, outer: [] }, depth - 1);
    if (!/\bw\d AS /.test(body)) inside.made.push({ sql: body, types });
    return {
      sql: `(${body}${order}) AS ${alias}(${columnNames(types)})`,
      columns: scopeOf(alias, types),
      unique: undefined,
    };
  }
  if (random.percent(5)) {
    const types = random.several(1, 3, () => randomType(random));
    const rows = random.several(1, 3, () => `(${types.map(t => typed(random, t)).join(', ')})`);
    return {
      sql: `(VALUES ${rows.join(', ')}) AS ${alias}(${columnNames(types)})`,
      columns: scopeOf(alias, types),
      unique: undefined,
    };
  }
  if (random.percent(4)) {
    const [from, to] = [random.below(3), random.below(6)];
    const call = random.pick([
      `range(${from}, ${to})`,
      `generate_series(${from}, ${to})`,
      `range(${to})`,
      `unnest([3, NULL, ${from}, ${to}])`,
    ]);
    const series = !call.startsWith('unnest');
    return {
      sql: `${call} AS ${alias}(o0)`,
      columns: [{ sql: `${alias}.o0`, type: 'int' }],
      unique: series ? [`${alias}.o0`] : undefined,
    };
  }
  if (depth > 0 && random.percent(4)) {
    // How many rows a limit leaves is determined, if not which.
    const side = (): string => inside.body(['int'], { ...around, outer: [] }, depth - 1);
    const all = random.percent(60) ? `(${side()}) UNION ALL (${side()})` : side();
    const sql = `(SELECT count(*) FROM ((${all}) LIMIT ${random.below(8)} OFFSET ${random.below(4)}))`;
    return { sql: `${sql} AS ${alias}(o0)`, columns: scopeOf(alias, ['int']), unique: [`${alias}.o0`] };
  }
  return tableAs(random.pick(inside.tables), alias);
}

const tableAs = (table: RandomTable, alias: string): Relation => ({
  sql: `${table.name} AS ${alias}`,
  columns: table.columns.map(c => ({ sql: `${alias}.${c.name}`, type: c.type })),
  unique: [`${alias}.id`],
});

/** What only stands at the beginning of FROM, since other relations would make its names ambiguous. */
function special(inside: Inside, depth: number, around: Surroundings, alone: boolean): Relation {
  const { random, tables } = inside;
  const [l, r, out] = [inside.alias(), inside.alias(), inside.alias()];
  const left = tableAs(random.pick(tables), l);
  const right = tableAs(random.pick(tables), r);
  const both = [...left.columns, ...right.columns];
  // Beside other relations, which have one too, the name would be ambiguous.
  const k: readonly ScopeColumn[] = alone ? [{ sql: 'k', type: 'int' }] : [];
  switch (random.below(7)) {
    case 0: {
      const type = random.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']);
      return {
        sql: `${left.sql} ${type} ${right.sql} USING (k)`,
        columns: [...both, ...k],
        unique: [...left.unique!, ...right.unique!],
      };
    }
    case 1:
      return {
        sql: `${left.sql} ${random.pick(['SEMI', 'ANTI'])} JOIN ${right.sql} USING (${random.pick(['k', 'id', 'k, id'])})`,
        columns: left.columns,
        unique: left.unique,
      };
    case 2: {
      const type = random.pick(['NATURAL JOIN', 'NATURAL LEFT JOIN', 'NATURAL FULL JOIN']);
      const sql = `${left.sql} ${type} (SELECT k, CAST(id AS BIGINT) AS w FROM ${random.pick(tables).name}) AS ${r}`;
      return {
        sql,
        columns: [...left.columns, { sql: `${r}.w`, type: 'int' }, ...k],
        unique: [...left.unique!, `${r}.w`],
      };
    }
    case 3:
      return { sql: `${left.sql} POSITIONAL JOIN ${right.sql}`, columns: both, unique: undefined };
    case 4:
    case 5: {
      const types = [
        randomType(random),
        random.pick(['int', 'text', 'date'] as const),
        random.pick(['int', 'text', 'bool'] as const),
      ];
      const body = inside.body(types, { ...around, outer: [] }, Math.max(depth - 1, 0));
      const source = `(${body}) AS ${l}(o0, o1, o2)`;
      const inner: readonly ScopeColumn[] = [
        { sql: 'o0', type: types[0]! },
        { sql: 'o1', type: types[1]! },
      ];
      if (random.percent(50)) {
        const [using, type] = random.pick([
          ['count(o0)', 'int'],
          ['min(o1)', types[1]!],
          ['max(o0)', types[0]!],
          ['count(*)', 'int'],
        ] as const);
        const values = VALUES_OF[types[2] as 'int' | 'text' | 'bool'];
        const sql = `(SELECT * FROM ${source} PIVOT (${using} FOR o2 IN (${values.slice(0, 2).join(', ')}) GROUP BY o1)) AS ${out}(o0, o1, o2)`;
        return { sql, columns: scopeOf(out, [types[1]!, type, type]), unique: undefined };
      }
      const nulls = random.percent(50) ? 'INCLUDE NULLS ' : '';
      const unpivoted = `(SELECT o0, o1, ${randomExpr({ random, columns: inner }, types[1]!, 1)} AS o2 FROM ${source})`;
      const casts = `(SELECT o0, TRY_CAST(o1 AS ${SQL_TYPES[types[1]!]}) AS o1, TRY_CAST(o2 AS ${SQL_TYPES[types[1]!]}) AS o2 FROM ${unpivoted})`;
      return {
        sql: `(SELECT * FROM ${casts} UNPIVOT ${nulls}(v FOR n IN (o1, o2))) AS ${out}(o0, o1, o2)`,
        columns: scopeOf(out, [types[0]!, 'text', types[1]!]),
        unique: undefined,
      };
    }
    default: {
      const type = random.pick(['', 'LEFT ']);
      const condition = `${l}.${random.pick(['k', 'id'])} ${random.pick(['>=', '>', '<=', '<'])} ${r}.id`;
      const equal = random.percent(60) ? `${l}.k = ${r}.k AND ` : '';
      return {
        sql: `${left.sql} ASOF ${type}JOIN ${right.sql} ON ${equal}${condition}`,
        columns: both,
        unique: left.unique,
      };
    }
  }
}

const VALUES_OF = { int: ['0', '1', '2'], text: ["'a'", "''", "'ab'"], bool: ['true', 'false'] } as const;

function join(inside: Inside, left: Relation, around: Surroundings, depth: number): Relation {
  const { random } = inside;
  const lists = left.columns.filter(c => c.type === 'ints' || c.type === 'texts');
  if (lists.length > 0 && random.percent(15)) {
    const alias = inside.alias();
    const list = random.pick(lists);
    const element = { sql: `${alias}.o0`, type: list.type === 'ints' ? ('int' as const) : ('text' as const) };
    const columns = [...left.columns, element];
    if (random.percent(30) && left.unique !== undefined) {
      const sql = `${left.sql}, unnest(${list.sql}) WITH ORDINALITY AS ${alias}(o0, o1)`;
      return {
        sql,
        columns: [...columns, { sql: `${alias}.o1`, type: 'int' }],
        unique: [...left.unique, `${alias}.o1`],
      };
    }
    return { sql: `${left.sql}, unnest(${list.sql}) AS ${alias}(o0)`, columns, unique: undefined };
  }
  if (depth > 0 && random.percent(10)) {
    const types = random.several(1, 2, () => randomType(random));
    const alias = inside.alias();
    const body = inside.body(types, { ...around, outer: [...left.columns, ...around.outer] }, random.below(2));
    const limited = random.percent(25) ? ` ${inside.orderBy(types.length)} LIMIT ${1 + random.below(3)}` : '';
    const lateral = `LATERAL (${body}${limited}) AS ${alias}(${columnNames(types)})`;
    const sql = random.pick([
      `${left.sql}, ${lateral}`,
      `${left.sql} LEFT JOIN ${lateral} ON true`,
      `${left.sql} JOIN ${lateral} ON true`,
    ]);
    return { sql, columns: [...left.columns, ...scopeOf(alias, types)], unique: undefined };
  }
  const right = simpleRelation(inside, around, depth);
  const type = random.pick(JOINS);
  const half = type === 'SEMI JOIN' || type === 'ANTI JOIN';
  const columns = half ? left.columns : [...left.columns, ...right.columns];
  const unique = half ? left.unique : left.unique && right.unique && [...left.unique, ...right.unique];
  const on = type === 'CROSS JOIN' ? '' : ` ON ${condition(inside, left.columns, right.columns, around, depth)}`;
  return { sql: `${left.sql} ${type} ${right.sql}${on}`, columns, unique };
}

const JOINS = [
  'JOIN',
  'JOIN',
  'LEFT JOIN',
  'LEFT JOIN',
  'RIGHT JOIN',
  'FULL JOIN',
  'CROSS JOIN',
  'SEMI JOIN',
  'ANTI JOIN',
];

function condition(
  inside: Inside,
  left: readonly ScopeColumn[],
  right: readonly ScopeColumn[],
  around: Surroundings,
  depth: number,
): string {
  const { random } = inside;
  const both = [...left, ...right];
  const isKey = ({ sql }: ScopeColumn): boolean => /\.(?:k|id)$/.test(sql);
  const keys = left.filter(isKey).flatMap(l => right.filter(isKey).map(r => `${l.sql} = ${r.sql}`));
  if (keys.length > 0 && !inside.loses(80)) return random.pick(keys);
  const subquery = depth > 0 && random.percent(6) ? inside.subqueries(both, around, 0) : undefined;
  const equals = (): string => random.pick(['=', '=', '=', '=', 'IS NOT DISTINCT FROM', '<', '>=']);
  const pairs = left.flatMap(l => right.filter(r => r.type === l.type).map(r => [l.sql, r.sql] as const));
  const any = (): string => randomExpr({ random, columns: both, subquery }, 'bool', 1);
  if (pairs.length === 0 || random.percent(15)) return any();
  const equal = random
    .several(1, 2, () => {
      const [l, r] = random.pick(pairs);
      return `${l} ${equals()} ${r}`;
    })
    .join(' AND ');
  return random.percent(30) ? `${equal} AND ${any()}` : equal;
}

/** A recursive CTE of an integer that counts the rounds and another value. */
export function recursiveCommon(inside: Inside, name: string): { readonly sql: string; readonly common: Common } {
  const { random, tables } = inside;
  const type = randomType(random);
  const table = tableAs(random.pick(tables), 's');
  const cast = (text: string): string => `CAST(${text} AS ${SQL_TYPES[type]})`;
  const anchor = `SELECT CAST(0 AS INTEGER), ${cast(randomExpr({ random, columns: table.columns }, type, 1))} FROM ${table.sql}`;
  const own: readonly ScopeColumn[] = [
    { sql: 'r.o0', type: 'int' },
    { sql: 'r.o1', type },
  ];
  const joined = random.percent(40);
  const columns = joined ? [...own, ...tableAs(random.pick(tables), 'j').columns.slice(0, 2)] : own;
  const from = joined
    ? ` JOIN ${random.pick(tables).name} AS j ON ${random.pick(['j.id = r.o0', 'j.id = r.o0 + 1', 'j.k = r.o0 AND j.id < 4'])}`
    : '';
  const where = random.percent(40) ? ` AND ${randomExpr({ random, columns }, 'bool', 1)}` : '';
  const step = `SELECT CAST(r.o0 + 1 AS INTEGER), ${cast(randomExpr({ random, columns }, type, 1))} FROM ${name} AS r${from} WHERE r.o0 < ${1 + random.below(4)}${where}`;
  const sql = `${name}(o0, o1) AS (${anchor} ${random.pick(['UNION', 'UNION ALL'])} ${step})`;
  return { sql, common: { name, types: ['int', type] } };
}

/** The subquery of one row that an aggregate makes. */
export function aggregateQuery(inside: Inside, type: Type, around: Surroundings): string {
  const { random } = inside;
  const { sql, columns, unique } = randomFrom(inside, around, 0);
  const ctx = { random, columns: [...columns, ...around.outer] };
  const where = inside.loses(70) ? ` WHERE ${randomExpr(ctx, 'bool', 1)}` : '';
  return `SELECT ${randomAggregate({ random, columns }, type, unique).sql}${sql}${where}`;
}

/** A constant that has its type also where it is NULL. */
const typed = (random: Random, type: Type): string => {
  const value = randomLiteral(random, type);
  return value.startsWith('CAST(NULL') ? typed(random, type) : value;
};

export const columnNames = (types: readonly Type[]): string => types.map((_, i) => `o${i}`).join(', ');
const scopeOf = (alias: string, types: readonly Type[]): readonly ScopeColumn[] =>
  types.map((type, i) => ({ sql: `${alias}.o${i}`, type }));
