import type { ColumnRange, HiddenField } from '../plan/logical-plan.ts';
import { type Field, INT64, UTF8 } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { type HiveColumn, hiveColumns } from './parquet/hive-partitions.ts';

export type ConstantColumns = {
  readonly schema: readonly Field[];
  readonly hidden: readonly HiddenField[];
  /** By file: values that are the same for all its rows, by column. */
  readonly constants: readonly Readonly<Record<number, Scalar>>[];
};

/** The hidden column with the path of each row's file, right behind the schema's columns. */
export const FILE_NAME: HiddenField = { name: '_filename', otherName: 'filename', type: UTF8, nullable: false };

/** The hidden column with the number of each row in its file, from 0; DuckDB has it by the other name. */
export const ROW_NUMBERS: HiddenField = { name: '_rowid', otherName: 'file_row_number', type: INT64, nullable: false };

/**
 * Adds the columns that the paths give: partitions (which stand for columns of that name), the path itself where it is
 * asked for, and hidden in any case.
 */
export function addConstantColumns(
  fields: readonly Field[],
  paths: readonly string[],
  options: { readonly hivePartitioning: boolean | undefined; readonly filename: string | undefined },
): ConstantColumns {
  const schema = [...fields];
  const constants: Record<number, Scalar>[] = paths.map(() => ({}));
  const add = ({ name, type, values }: HiveColumn): void => {
    const known = schema.findIndex(f => f.name.toLowerCase() === name.toLowerCase());
    const column = known < 0 ? schema.length : known;
    schema[column] = { name: schema[column]?.name ?? name, type, nullable: values.some(v => v.value === null) };
    values.forEach((value, i) => {
      constants[i]![column] = value;
    });
  };
  for (const column of options.hivePartitioning === false ? [] : hiveColumns(paths)) add(column);
  if (options.filename !== undefined) {
    add({ name: options.filename, type: UTF8, values: paths.map(value => ({ type: UTF8, value })) });
  }
  paths.forEach((path, i) => {
    constants[i]![schema.length] = { type: UTF8, value: path };
  });
  return { schema, hidden: [FILE_NAME], constants };
}

/** What is known of the columns of a file that are the same for all rows. NULLs are left out: rows may be estimated. */
export function constantRanges(constants: Readonly<Record<number, Scalar>>): Readonly<Record<number, ColumnRange>> {
  const known = Object.entries(constants).filter(([, { value }]) => value !== null);
  return Object.fromEntries(known.map(([column, value]) => [column, { min: value, max: value, nullCount: 0 }]));
}
