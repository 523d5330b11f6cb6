import { crc32 } from 'node:zlib';
import type { TpchColumn, TpchTable } from '../../../src/sources/tpch/tpch-table.ts';
import { tpchTables } from '../../../src/sources/tpch/tpch-tables.ts';
import type { DataType } from '../../../src/types/data-type.ts';

/** The table of this name. @throws Error if there is none. */
export function tableNamed(name: string): TpchTable {
  const table = tpchTables.find(candidate => candidate.name === name);
  if (!table) throw new Error(`no table ${name}`);
  return table;
}

/** Indexes of all columns of a table. */
export const allColumns = (table: TpchTable): number[] => table.schema.map((_, i) => i);

/** The rows of a range of units in the reference's text form: `|` between the values. */
export function readRows(
  table: TpchTable,
  scale: number,
  fromUnit = 0,
  toUnit = table.units(scale),
  columns = allColumns(table),
): string[] {
  const rows: string[] = [];
  table.generate(scale, fromUnit, toUnit, columns, batch => {
    for (let row = 0; row < batch.rows; row++) {
      rows.push(batch.columns.map((c, i) => textOf(c, row, table.schema[columns[i]!]!.type)).join('|'));
    }
  });
  return rows;
}

function textOf(column: TpchColumn, row: number, type: DataType): string {
  switch (column.kind) {
    case 'int32': {
      const value = column.values[row]!;
      return type.kind === 'date' ? new Date(value * 86_400_000).toISOString().slice(0, 10) : String(value);
    }
    case 'int64': {
      const value = column.words[2 * row + 1]! * 2 ** 32 + (column.words[2 * row]! >>> 0);
      return type.kind === 'decimal' ? (value / 100).toFixed(2) : String(value);
    }
    case 'utf8':
      return new TextDecoder().decode(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]));
  }
}

/** The CRC-32 of each column's values, see `golden.ts`, and the number of rows. */
export function readChecksums(table: TpchTable, scale: number): { rows: number; columns: Record<string, number> } {
  const sums = table.schema.map(() => 0);
  let rows = 0;
  table.generate(scale, 0, table.units(scale), allColumns(table), batch => {
    rows += batch.rows;
    batch.columns.forEach((column, i) => {
      sums[i] = crc32(bytesOf(column, batch.rows), sums[i]);
    });
  });
  return { rows, columns: Object.fromEntries(table.schema.map((field, i) => [field.name, sums[i]!])) };
}

function bytesOf(column: TpchColumn, rows: number): Uint8Array {
  switch (column.kind) {
    case 'int32':
      return new Uint8Array(column.values.buffer, 0, 4 * rows);
    case 'int64':
      return new Uint8Array(column.words.buffer, 0, 8 * rows);
    case 'utf8': {
      const bytes = new Uint8Array(column.offsets[rows]! + rows).fill(10);
      for (let row = 0; row < rows; row++) {
        bytes.set(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]), column.offsets[row]! + row);
      }
      return bytes;
    }
  }
}
