import type { Catalog } from '../../catalog/catalog.ts';
import type { SequenceEntry, TableEntry, ViewEntry } from '../../catalog/entry.ts';
import type { DataType } from '../../types/data-type.ts';

/** Numbers for what the catalog's relations are joined by. They are those of one state of the catalog. */
export const databaseId = (catalog: Catalog, name: string): number =>
  1 + catalog.catalogNames.findIndex(c => c.toLowerCase() === name.toLowerCase());

export const schemaId = (catalog: Catalog, key: string): number => 100 + catalog.schemaKeys().indexOf(key);

export const relationId = (catalog: Catalog, entry: TableEntry | ViewEntry): number =>
  1000 + catalog.entries().indexOf(entry);

export const sequenceId = (catalog: Catalog, entry: SequenceEntry): number =>
  500_000 + catalog.sequences().indexOf(entry);

export const indexId = (catalog: Catalog, table: TableEntry, i: number): number =>
  600_000 + relationId(catalog, table) * 100 + i;

/** Users' types, by their places. */
export const userTypeId = (i: number): number => 700_000 + i;

/** PostgreSQL's number of a type, if it has one. */
export function typeId(type: DataType): number | null {
  switch (type.kind) {
    case 'boolean':
      return 16;
    case 'int':
      return type.signed ? ({ 16: 21, 32: 23, 64: 20 }[type.bits as number] ?? null) : null;
    case 'float':
      return type.bits === 32 ? 700 : 701;
    case 'decimal':
      return 1700;
    case 'utf8':
      return 1043;
    case 'binary':
      return 17;
    case 'date':
      return 1082;
    case 'time':
      return 1083;
    case 'timestamp':
      return type.zone ? 1184 : 1114;
    case 'interval':
      return 1186;
    case 'uuid':
      return 2950;
    case 'json':
      return 114;
    default:
      return null;
  }
}
