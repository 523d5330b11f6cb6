import { type Field, UTF8 } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { type HiveColumn, hiveColumns } from './parquet/hive-partitions.ts';

export type ConstantColumns = {
  readonly schema: readonly Field[];
  /** By file: values that are the same for all its rows, by column. */
  readonly constants: readonly Readonly<Record<number, Scalar>>[];
};

/** Adds the columns that the paths give: partitions (which stand for columns of that name), and the path itself. */
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
  return { schema, constants };
}
