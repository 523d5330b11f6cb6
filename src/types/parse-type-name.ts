import {
  BINARY,
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  INTERVAL,
  JSON_TYPE,
  list,
  type StructField,
  struct,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
  UTF8,
  UUID,
} from './data-type.ts';
import { MAX_PRECISION } from './physical.ts';

const NAMED: Readonly<Record<string, DataType>> = {
  bool: BOOLEAN,
  boolean: BOOLEAN,
  tinyint: INT8,
  int1: INT8,
  smallint: INT16,
  int2: INT16,
  short: INT16,
  integer: INT32,
  int: INT32,
  int4: INT32,
  bigint: INT64,
  int8: INT64,
  long: INT64,
  hugeint: INT128,
  utinyint: UINT8,
  usmallint: UINT16,
  uinteger: UINT32,
  ubigint: UINT64,
  uhugeint: UINT128,
  float: FLOAT32,
  float4: FLOAT32,
  real: FLOAT32,
  double: FLOAT64,
  'double precision': FLOAT64,
  float8: FLOAT64,
  decimal: decimal(18, 3),
  numeric: decimal(18, 3),
  varchar: UTF8,
  text: UTF8,
  string: UTF8,
  char: UTF8,
  blob: BINARY,
  bytea: BINARY,
  date: DATE,
  time: TIME,
  timestamp: TIMESTAMP,
  datetime: TIMESTAMP,
  timestamp_us: TIMESTAMP,
  timestamp_s: { kind: 'timestamp', unit: 's', zone: false },
  timestamp_ms: { kind: 'timestamp', unit: 'ms', zone: false },
  timestamp_ns: { kind: 'timestamp', unit: 'ns', zone: false },
  timestamptz: TIMESTAMPTZ,
  'timestamp with time zone': TIMESTAMPTZ,
  interval: INTERVAL,
  uuid: UUID,
  json: JSON_TYPE,
};

/** The type that a text names, as `typeName` prints it and SQL spells it; undefined when it names none. */
export function parseTypeName(text: string): DataType | undefined {
  const trimmed = text.trim();
  const suffix = /\[(\d*)\]$/.exec(trimmed);
  if (suffix !== null) {
    const element = parseTypeName(trimmed.slice(0, suffix.index));
    if (element === undefined) return undefined;
    return suffix[1] === '' ? list(element) : { kind: 'array', element, length: Number(suffix[1]) };
  }
  const key = trimmed.toLowerCase().replace(/\s+/g, ' ');
  if (Object.hasOwn(NAMED, key)) return NAMED[key];
  const [, name, inner] = /^(\w+)\s*\((.*)\)$/s.exec(trimmed) ?? [];
  return name === undefined ? undefined : parameterised(name.toLowerCase(), inner!);
}

function parameterised(name: string, inner: string): DataType | undefined {
  const parts = splitTopLevel(inner);
  switch (name) {
    case 'decimal':
    case 'numeric': {
      const [precision, scale = 0] = parts.map(Number);
      const isValid = precision !== undefined && precision >= 1 && precision <= MAX_PRECISION;
      return isValid && scale >= 0 && scale <= precision && parts.length <= 2 ? decimal(precision, scale) : undefined;
    }
    case 'varchar':
    case 'char':
      return /^\d+$/.test(inner.trim()) ? UTF8 : undefined;
    case 'struct': {
      const fields = parts.map(fieldOf);
      return fields.every(f => f !== undefined) ? struct(fields) : undefined;
    }
    case 'map': {
      const [key, value] = parts.map(parseTypeName);
      return key !== undefined && value !== undefined && parts.length === 2 ? { kind: 'map', key, value } : undefined;
    }
    case 'enum': {
      const values = parts.map(p => /^'((?:[^']|'')*)'$/s.exec(p.trim())?.[1]?.replaceAll("''", "'"));
      return values.every(v => v !== undefined) ? { kind: 'enum', values } : undefined;
    }
    default:
      return undefined;
  }
}

function fieldOf(text: string): StructField | undefined {
  const [, quoted, plain, typeText] = /^\s*(?:"((?:[^"]|"")*)"|(\w+))\s+(.*)$/s.exec(text) ?? [];
  const type = typeText === undefined ? undefined : parseTypeName(typeText);
  return type === undefined ? undefined : { name: quoted?.replaceAll('""', '"') ?? plain!, type };
}

/** The parts between commas that are in no parentheses or quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
