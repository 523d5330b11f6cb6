import {
  type DataType,
  decimal,
  FLOAT64,
  list,
  type StructField,
  struct,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  TIMETZ,
  UTF8,
} from './data-type.ts';
import { MAX_PRECISION } from './physical.ts';
import { TYPE_NAMES } from './type-names.ts';

const OF_SEVERAL_WORDS: ReadonlyMap<string, DataType> = new Map([
  ['double precision', FLOAT64],
  ['character varying', UTF8],
  ['time without time zone', TIME],
  ['time with time zone', TIMETZ],
  ['timestamp without time zone', TIMESTAMP],
  ['timestamp with time zone', TIMESTAMPTZ],
]);

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
  const plain = TYPE_NAMES.get(key) ?? OF_SEVERAL_WORDS.get(key);
  if (plain !== undefined) return plain;
  const [, name, inner] = /^(\w+)\s*\((.*)\)$/s.exec(trimmed) ?? [];
  return name === undefined ? undefined : parameterised(name.toLowerCase(), inner!);
}

function parameterised(name: string, inner: string): DataType | undefined {
  const parts = splitTopLevel(inner);
  switch (name) {
    case 'struct':
    case 'row': {
      const fields = parts.map(fieldOf);
      return fields.every(f => f !== undefined) ? struct(fields) : undefined;
    }
    case 'union': {
      const members = parts.map(fieldOf);
      return members.every(m => m !== undefined) ? { kind: 'union', members } : undefined;
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
      return withNumbers(TYPE_NAMES.get(name), parts);
  }
}

/** `DECIMAL(15,2)`, `VARCHAR(10)`: lengths of texts are not checked, as in DuckDB. */
function withNumbers(plain: DataType | undefined, parts: readonly string[]): DataType | undefined {
  if (!parts.every(part => /^\s*\d+\s*$/.test(part))) return undefined;
  if (plain?.kind === 'utf8') return parts.length === 1 ? plain : undefined;
  if (plain?.kind !== 'decimal' || parts.length > 2) return undefined;
  const [precision, scale = 0] = parts.map(Number) as [number, number?];
  return precision >= 1 && precision <= MAX_PRECISION && scale <= precision ? decimal(precision, scale) : undefined;
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
