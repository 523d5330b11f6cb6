import type { Random } from './random.ts';
import { COLUMN_TYPES, EDGE_COLUMNS, randomType, SQL_TYPES, type Type, VALUES } from './types.ts';

export type RandomTable = {
  readonly name: string;
  /** First `k`, an integer that repeats, then `id`, which does not. */
  readonly columns: readonly { readonly name: string; readonly type: Type; readonly sqlType: string }[];
  /** Values as SQL. */
  readonly rows: readonly (readonly string[])[];
  /** How often all rows are there, with other ids: absent means once. */
  readonly copies?: number | undefined;
};

/** A table of a few rows with many NULLs. */
export function randomTable(random: Random, name: string): RandomTable {
  const columns = [
    ...KEYS,
    ...random.several(2, 5, i => {
      const type = randomType(random);
      return { name: `c${i}`, type, sqlType: random.pick(COLUMN_TYPES[type] ?? [SQL_TYPES[type]]) };
    }),
  ];
  const nulls = random.pick([0, 25, 25, 60]);
  const value = (type: Type): string => (random.percent(nulls) ? 'NULL' : random.pick(VALUES[type]));
  return {
    name,
    columns,
    rows: numbered(random.several(0, random.percent(20) ? 60 : 9, () => columns.map(c => value(c.type)))),
  };
}

/** A table with values at the edges of their types. */
export function edgeTable(random: Random, name: string): RandomTable {
  const picked = random.several(3, 6, i => {
    const type = random.pick(EDGE_KINDS);
    const [sqlType, values] = random.pick(EDGE_COLUMNS[type]!);
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
  // Several statements make several splits, which partitions share.
  const inserts = Array.from({ length: Math.ceil(rows.length / ROWS_PER_INSERT) }, (_, i) => {
    const some = rows.slice(i * ROWS_PER_INSERT, (i + 1) * ROWS_PER_INSERT);
    return `INSERT INTO ${name} VALUES ${some.map(r => `(${r.join(', ')})`).join(', ')}`;
  });
  if (copies === 1) return [create, ...inserts];
  const again = `INSERT INTO ${name} SELECT ${columns.map(c => (c.name === 'id' ? `id + ${rows.length} * i` : c.name)).join(', ')} FROM ${name}, range(1, ${copies}) AS r(i)`;
  return [create, ...inserts, again];
}

const ROWS_PER_INSERT = 4;

const KEYS = [
  { name: 'k', type: 'int', sqlType: 'INTEGER' },
  { name: 'id', type: 'int', sqlType: 'INTEGER' },
] as const;
const EDGE_KINDS = Object.keys(EDGE_COLUMNS) as Type[];

/** Rows whose second value is their number. */
const numbered = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.map((row, i) => row.with(1, String(i + 1)));
