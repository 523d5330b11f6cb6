import type { Random } from './random.ts';

/** The types that random expressions have. */
export const TYPES = ['int', 'double', 'decimal', 'text', 'date', 'timestamp', 'bool', 'list'] as const;
export type Type = (typeof TYPES)[number];

export const SQL_TYPES: Readonly<Record<Type, string>> = {
  int: 'INTEGER',
  double: 'DOUBLE',
  decimal: 'DECIMAL(9,2)',
  text: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  bool: 'BOOLEAN',
  list: 'INTEGER[]',
};

/** Other types that columns of a kind may have. */
const COLUMN_TYPES: Partial<Record<Type, readonly string[]>> = {
  int: ['INTEGER', 'INTEGER', 'BIGINT', 'SMALLINT', 'HUGEINT'],
  decimal: ['DECIMAL(9,2)', 'DECIMAL(9,2)', 'DECIMAL(18,4)', 'DECIMAL(30,10)'],
};

/** Values that meet each other, and the odd ones. */
const VALUES: Readonly<Record<Type, readonly string[]>> = {
  int: ['0', '1', '2', '3', '4', '-1', '-7', '100'],
  double: ['0.5', '-1.25', '3.5', '0.0', '2.0', '1e10', "'nan'", "'inf'"],
  decimal: ['0.00', '1.50', '-2.25', '10.00', '1.05', '99.99'],
  text: ["''", "'a'", "'A'", "'ab'", "'it''s'", "'größe'", "'10'", "' 7 '", "'a%b'"],
  date: ["'2020-02-29'", "'1970-01-01'", "'1999-12-31'", "'2024-07-15'"],
  timestamp: [
    "'2020-02-29 12:34:56'",
    "'1970-01-01 00:00:00'",
    "'1999-12-31 23:59:59.999999'",
    "'2024-07-15 06:00:00'",
  ],
  bool: ['true', 'false'],
  list: ['[1, 2]', '[]', '[NULL]', '[3, NULL, 1]', '[1]'],
};

export type RandomTable = {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: Type; readonly sqlType: string }[];
  /** Values as SQL. */
  readonly rows: readonly (readonly string[])[];
};

/** A constant of a type, sometimes NULL. */
export function randomLiteral(random: Random, type: Type): string {
  if (random.percent(8)) return `CAST(NULL AS ${SQL_TYPES[type]})`;
  const value = random.pick(VALUES[type]);
  if (type === 'date') return `DATE ${value}`;
  if (type === 'timestamp') return `TIMESTAMP ${value}`;
  return type === 'double' || type === 'list' ? `CAST(${value} AS ${SQL_TYPES[type]})` : value;
}

/** A table of a few rows with many NULLs; its first column `k` is an integer. */
export function randomTable(random: Random, name: string): RandomTable {
  const columns = [
    { name: 'k', type: 'int' as const, sqlType: 'INTEGER' },
    ...random.several(2, 5, i => {
      const type = random.pick(TYPES);
      return { name: `c${i}`, type, sqlType: random.pick(COLUMN_TYPES[type] ?? [SQL_TYPES[type]]) };
    }),
  ];
  const value = (type: Type): string => (random.percent(25) ? 'NULL' : random.pick(VALUES[type]));
  const rows = random.several(0, random.percent(20) ? 60 : 9, () => columns.map(c => value(c.type)));
  return { name, columns, rows };
}

/** The statements that make the table. */
export function tableSql({ name, columns, rows }: RandomTable): readonly string[] {
  const create = `CREATE OR REPLACE TABLE ${name} (${columns.map(c => `${c.name} ${c.sqlType}`).join(', ')})`;
  if (rows.length === 0) return [create];
  return [create, `INSERT INTO ${name} VALUES ${rows.map(r => `(${r.join(', ')})`).join(', ')}`];
}
