import type { TableEntry, ViewEntry } from '../../catalog/entry.ts';
import { catalogOf, schemaOf } from '../../catalog/schema-key.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { columnsOf, type Described } from '../from/described-columns.ts';

export const tables = ({ catalog }: Binder): readonly TableEntry[] =>
  catalog.entries().flatMap(e => (e.kind === 'table' ? [e] : []));

export const views = ({ catalog }: Binder): readonly ViewEntry[] =>
  catalog.entries().flatMap(e => (e.kind === 'view' ? [e] : []));

/** A column of a table or view, with what it is in. */
export type PlacedColumn = Described & {
  readonly entry: TableEntry | ViewEntry;
  readonly index: number;
  readonly comment: string | null;
};

export const allColumns = (b: Binder): readonly PlacedColumn[] =>
  b.catalog.entries().flatMap(entry =>
    columnsOf(b, entry).map((c, i) => ({
      ...c,
      entry,
      index: i + 1,
      comment:
        (entry.kind === 'table' ? entry.columns[i]!.comment : entry.columnComments?.[c.name.toLowerCase()]) ?? null,
    })),
  );

export const database = ({ schema }: { readonly schema: string }): string => catalogOf(schema);
export const schemaName = ({ schema }: { readonly schema: string }): string => schemaOf(schema);

export const precision = (type: DataType): number | null =>
  type.kind === 'decimal'
    ? type.precision
    : type.kind === 'int'
      ? type.bits
      : type.kind === 'float'
        ? type.bits === 32
          ? 24
          : 53
        : null;

export const scale = (type: DataType): number | null =>
  type.kind === 'decimal' ? type.scale : type.kind === 'int' ? 0 : null;

export const radix = (type: DataType): number | null =>
  type.kind === 'decimal' ? 10 : type.kind === 'int' || type.kind === 'float' ? 2 : null;
