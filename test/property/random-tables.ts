import type { Choices } from './choices.ts';

/** Types of columns. `average` is a double that is no multiple of a small power of two: its sums depend on the order. */
export type ColumnType = 'int32' | 'int64' | 'decimal' | 'double' | 'average' | 'string' | 'date' | 'boolean';
export type RandomColumn = { readonly name: string; readonly type: ColumnType };
export type RandomTable = { readonly name: string; readonly columns: readonly RandomColumn[] };

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  int32: 'INTEGER',
  int64: 'BIGINT',
  decimal: 'DECIMAL(9,2)',
  double: 'DOUBLE',
  average: 'DOUBLE',
  string: 'VARCHAR',
  date: 'DATE',
  boolean: 'BOOLEAN',
};

/** Few values, so that keys meet and groups have several rows; edges of their types. */
const VALUES: Readonly<Record<ColumnType, readonly string[]>> = {
  int32: ['0', '1', '2', '3', '-1', '7', '100', '-40000'],
  int64: ['0', '1', '2', '3', '-1', '5', '3000000000', '-9007199254740993'],
  decimal: ['0', '1', '1.50', '-0.01', '2.25', '99.99', '-1234567.89'],
  double: ['0', '1', '0.5', '-2.25', '1e6', '3', '-0.125'],
  average: ['0'],
  string: ["''", "'a'", "'b'", "'A'", "'ab'", "'größe'", "'a longer text than twelve bytes'", "'%_'", "'it''s'"],
  date: ["'2020-01-01'", "'2020-02-29'", "'1969-12-31'", "'2024-12-31'", "'0001-01-01'"],
  boolean: ['true', 'false'],
};

const TYPES = ['int32', 'string', 'int64', 'decimal', 'double', 'date', 'boolean'] as const;

/** Three small tables that are rich in NULLs, and the script that makes them. */
export function randomTables(choices: Choices): { readonly tables: readonly RandomTable[]; readonly script: string } {
  const tables: RandomTable[] = [];
  const statements: string[] = [];
  for (const name of ['t0', 't1', 't2']) {
    const count = 2 + choices.below(5);
    const columns: RandomColumn[] = [{ name: 'k', type: 'int32' }];
    while (columns.length < count) columns.push({ name: `c${columns.length}`, type: choices.pick(TYPES) });
    tables.push({ name, columns });
    const list = columns.map(c => `${c.name} ${SQL_TYPES[c.type]}`).join(', ');
    statements.push(`CREATE OR REPLACE TABLE ${name} (${list})`);
    // Several inserts make several splits, which partitions share.
    for (let part = choices.below(4); part >= 0; part--) {
      const rows = Array.from(
        { length: choices.below(6) },
        () => `(${columns.map(c => value(choices, c.type)).join(', ')})`,
      );
      if (rows.length > 0) statements.push(`INSERT INTO ${name} VALUES ${rows.join(', ')}`);
    }
  }
  return { tables, script: statements.join(';\n') };
}

const value = (choices: Choices, type: ColumnType): string => (choices.once(4) ? 'NULL' : choices.pick(VALUES[type]));
