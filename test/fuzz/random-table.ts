import type { Random } from './random.ts';
import { COLUMN_TYPES, EDGE_COLUMNS, randomType, SQL_TYPES, TYPES, type Type, VALUES } from './types.ts';

export type RandomTable = {
  readonly name: string;
  /** First `k`, an integer that repeats, then `id`, which does not. */
  readonly columns: readonly { readonly name: string; readonly type: Type; readonly sqlType: string }[];
  /** Values as SQL. */
  readonly rows: readonly (readonly string[])[];
  /** How often all rows are there, with other ids: absent means once. */
  readonly copies?: number | undefined;
};

/**
 * A table of a few rows with many NULLs.
 * @param common kinds that most of the columns have, so that there is something to join tables by
 */
export function randomTable(random: Random, name: string, common: readonly Type[] = TYPES): RandomTable {
  const columns = [
    ...KEYS,
    ...random.several(2, 5, i => {
      const type = random.percent(60) ? random.pick(common) : randomType(random);
      return { name: `c${i}`, type, sqlType: random.pick(COLUMN_TYPES[type] ?? [SQL_TYPES[type]]) };
    }),
  ];
  const nulls = random.pick([0, 25, 25, 60]);
  const [fewest, most] = random.pick(ROWS);
  const value = (type: Type): string => (random.percent(nulls) ? 'NULL' : random.pick(VALUES[type]));
  return {
    name,
    columns,
    rows: numbered(random.several(fewest, most, () => columns.map(c => value(c.type)))),
  };
}

/** A table with values at the edges of their types; often of one kind, or one type, so that these meet. */
export function edgeTable(random: Random, name: string): RandomTable {
  const kind = random.pick(EDGE_KINDS);
  const form = random.pick(EDGE_COLUMNS[kind]!);
  const [sameKind, sameForm] = [random.percent(50), random.percent(60)];
  const picked = random.several(3, 6, i => {
    const type = sameKind ? kind : random.pick(EDGE_KINDS);
    const [sqlType, values] = sameKind && sameForm ? form : random.pick(EDGE_COLUMNS[type]!);
    return { column: { name: `c${i}`, type, sqlType }, values };
  });
  const rows = random.several(1, 3, () => [
    random.pick(VALUES.int),
    '0',
    ...picked.map(p => (random.percent(12) ? 'NULL' : random.pick(p.values))),
  ]);
  return { name, columns: [...KEYS, ...picked.map(p => p.column)], rows: numbered(rows) };
}

/** The statements that make the table; `reversed`: with its rows the other way round. */
export function tableSql(table: RandomTable, reversed = false): readonly string[] {
  const { name, columns, copies = 1 } = table;
  const rows = reversed ? table.rows.toReversed() : table.rows;
  const create = `CREATE OR REPLACE TABLE ${name} (${columns.map(c => `${c.name} ${c.sqlType}`).join(', ')})`;
  if (rows.length === 0) return [create];
  const inserts = partsOf(rows).map(
    some => `INSERT INTO ${name} VALUES ${some.map(r => `(${r.join(', ')})`).join(', ')}`,
  );
  if (copies === 1) return [create, ...inserts];
  const again = (from: number, to: number): string =>
    `INSERT INTO ${name} SELECT ${columns.map(c => (c.name === 'id' ? `id + ${rows.length} * i` : c.name)).join(', ')} FROM (SELECT * FROM ${name} WHERE id <= ${rows.length}), range(${from}, ${to}) AS r(i)`;
  const most = Math.ceil(copies * 0.7);
  return [create, ...inserts, again(1, most), ...(most < copies ? [again(most, copies)] : [])];
}

/** More than half of the rows, of the rest again, and so on: fewer rows than a table's last ones stay a split of their own. */
function partsOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  if (rows.length === 0) return [];
  const first = (rows.length >> 1) + 1;
  return [rows.slice(0, first), ...partsOf(rows.slice(first))];
}

/** How many rows a table has, at least and at most. */
const ROWS = [
  [0, 3],
  [2, 9],
  [4, 14],
  [8, 24],
] as const;
const KEYS = [
  { name: 'k', type: 'int', sqlType: 'INTEGER' },
  { name: 'id', type: 'int', sqlType: 'INTEGER' },
] as const;
const EDGE_KINDS: readonly Type[] = [...(Object.keys(EDGE_COLUMNS) as Type[]), 'int', 'int', 'decimal'];

/** Rows whose second value is their number. */
const numbered = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.map((row, i) => row.with(1, String(i + 1)));
