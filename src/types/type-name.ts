import { assertNever } from '../common/errors.ts';
import type { DataType, StructField } from './data-type.ts';

/** The SQL spelling of a type, as DuckDB prints it: `DECIMAL(15,2)`, `STRUCT(a INTEGER)`, `INTEGER[]`. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'null':
      return 'NULL';
    case 'boolean':
      return 'BOOLEAN';
    case 'int':
      return `${type.signed ? '' : 'U'}${INT_NAMES[type.bits]}`;
    case 'float':
      return type.bits === 32 ? 'FLOAT' : 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'utf8':
      return 'VARCHAR';
    case 'binary':
      return 'BLOB';
    case 'bit':
      return 'BIT';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timetz':
      return 'TIME WITH TIME ZONE';
    case 'timestamp':
      return type.zone ? 'TIMESTAMP WITH TIME ZONE' : TIMESTAMP_NAMES[type.unit];
    case 'interval':
      return 'INTERVAL';
    case 'uuid':
      return 'UUID';
    case 'json':
      return 'JSON';
    case 'enum':
      return `ENUM(${type.values.map(v => `'${v.replaceAll("'", "''")}'`).join(', ')})`;
    case 'list':
      return `${typeName(type.element)}[]`;
    case 'array':
      return `${typeName(type.element)}[${type.length}]`;
    case 'struct':
      return `STRUCT(${fieldNames(type.fields)})`;
    case 'map':
      return `MAP(${typeName(type.key)}, ${typeName(type.value)})`;
    case 'union':
      return `UNION(${fieldNames(type.members)})`;
    default:
      return assertNever(type);
  }
}

const INT_NAMES = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT', 128: 'HUGEINT' } as const;
const TIMESTAMP_NAMES = { s: 'TIMESTAMP_S', ms: 'TIMESTAMP_MS', us: 'TIMESTAMP', ns: 'TIMESTAMP_NS' } as const;

function fieldNames(fields: readonly StructField[]): string {
  return fields.map(f => `${quoteIfNeeded(f.name)} ${typeName(f.type)}`).join(', ');
}

function quoteIfNeeded(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
