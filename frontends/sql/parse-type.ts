import { isBuiltIn, type TypeRef } from '../../src/query/expr.ts';
import {
  type DataType,
  decimal,
  FLOAT64,
  list,
  NULL,
  type StructField,
  TIMESTAMPTZ,
  TIMETZ,
} from '../../src/types/data-type.ts';
import { MAX_PRECISION } from '../../src/types/physical.ts';
import { TYPE_NAMES, timestamp } from '../../src/types/type-names.ts';
import type { TokenStream } from './token-stream.ts';

const CONSTRUCTORS: ReadonlySet<string> = new Set(['struct', 'row', 'map', 'union', 'enum']);

const MAX_LIST_DEPTH = 100;

/** Whether the word starts a built-in type's name. */
export function isTypeWord(word: string): boolean {
  return simpleType(word) !== undefined || CONSTRUCTORS.has(word);
}

/** The type that is this one word. */
const simpleType = (word: string): DataType | undefined => (word === 'null' ? NULL : TYPE_NAMES.get(word));

/** A type: `DECIMAL(15, 2)`, `STRUCT(a INTEGER)[]`, `TIMESTAMP WITH TIME ZONE`, or the name of a user's type. */
export function parseTypeRef(s: TokenStream): TypeRef {
  let type = parseBase(s);
  for (let depth = 0; ; depth++) {
    if (depth > MAX_LIST_DEPTH) s.error(`a type nests more than ${MAX_LIST_DEPTH} lists`, s.token);
    const isArray = s.accept('array');
    if (!s.is('[')) {
      if (!isArray) return type;
      type = listOf(type);
      continue;
    }
    const length = s.bracketed(() => s.take('number'), '[', ']');
    type =
      length === undefined
        ? listOf(type)
        : arrayOf(type, integer(s, length, 1, 100_000, 'a list has no fixed length: INTEGER[]'));
  }
}

function parseBase(s: TokenStream): TypeRef {
  const start = s.pos;
  const { kind, word } = s.token;
  const followedByDot = s.peek().word === '.';
  if (kind === 'name' && !followedByDot) {
    if (CONSTRUCTORS.has(word) && s.peek().word === '(') return parseConstructor(s, word);
    const simple = simpleType(word);
    if (simple?.kind === 'decimal') return parseDecimal(s, simple);
    if (simple !== undefined) {
      s.pos++;
      return parseSuffix(s, word, simple);
    }
  }
  const quoted = kind === 'quoted' && !followedByDot ? simpleType(s.token.value.toLowerCase()) : undefined;
  if (quoted !== undefined) {
    s.pos++;
    return quoted;
  }
  const name = s.path('a type').join('.');
  return { kind: 'named', name, span: s.span(start) };
}

/** What may follow a simple type's name: lengths, precisions, time zones. */
function parseSuffix(s: TokenStream, word: string, type: DataType): DataType {
  switch (word) {
    case 'double':
      s.accept('precision');
      return type;
    case 'float': {
      const bits = parseArguments(s, 1)[0];
      return bits !== undefined && bits > 24 ? FLOAT64 : type;
    }
    case 'time':
    case 'timestamp':
    case 'datetime':
      return parseTime(s, type);
    case 'interval':
      return type;
    default:
      if (type.kind === 'utf8') s.accept('varying');
      parseArguments(s, 1); // INT(11), VARCHAR(10): lengths are not checked, as in DuckDB
      return type.kind === 'int' && s.accept('unsigned') ? { ...type, signed: false } : type;
  }
}

function parseTime(s: TokenStream, type: DataType): DataType {
  const digits = parseArguments(s, 1)[0];
  if (s.accept('with', 'time', 'zone')) return type.kind === 'time' ? TIMETZ : TIMESTAMPTZ;
  s.accept('without', 'time', 'zone');
  if (type.kind !== 'timestamp' || digits === undefined) return type;
  return timestamp(digits === 0 ? 's' : digits <= 3 ? 'ms' : digits <= 6 ? 'us' : 'ns');
}

/** @param plain the type without digits */
function parseDecimal(s: TokenStream, plain: DataType): DataType {
  const where = s.token;
  s.pos++;
  const given = parseArguments(s, 2);
  const [precision, scale = 0] = given;
  if (precision === undefined) return plain;
  if (precision < 1 || precision > MAX_PRECISION)
    s.error(`DECIMAL takes 1 to ${MAX_PRECISION} digits, not ${precision}`, where);
  if (scale > precision) s.error(`DECIMAL's scale ${scale} is larger than its precision ${precision}`, where);
  return decimal(precision, scale);
}

/** `(12)`, `(15, 2)`, or nothing. */
function parseArguments(s: TokenStream, most: number): number[] {
  if (!s.is('(') || s.peek().kind !== 'number') return [];
  return s.bracketed(() => {
    const values = s.list(() => integer(s, s.take('number') ?? s.fail('a number'), 0, 2 ** 31));
    if (values.length > most) s.error(`this type takes at most ${most} ${most === 1 ? 'number' : 'numbers'}`, s.token);
    return values;
  });
}

function integer(s: TokenStream, digits: string, low: number, high: number, hint?: string): number {
  const value = Number(digits);
  if (!Number.isInteger(value) || value < low || value > high)
    s.error(`expected an integer from ${low} to ${high}, found ${digits}`, s.peek(-1), hint);
  return value;
}

function parseConstructor(s: TokenStream, word: string): TypeRef {
  s.pos++;
  switch (word) {
    case 'map':
      return s.bracketed(() => {
        const key = s.type();
        s.expect(',');
        const value = s.type();
        if (isBuiltIn(key) && isBuiltIn(value)) return { kind: 'map', key, value };
        return { kind: 'composed', of: 'map', parts: [key, value] };
      });
    case 'enum':
      return {
        kind: 'enum',
        values: s.bracketedList(() => s.take('string') ?? s.fail('a string, a value of the enum')),
      };
    case 'union':
      return parseFields(s, 'union', members => ({ kind: 'union', members }));
    default:
      return parseFields(s, 'struct', fields => ({ kind: 'struct', fields }));
  }
}

function parseFields(
  s: TokenStream,
  of: 'struct' | 'union',
  make: (fields: readonly StructField[]) => DataType,
): TypeRef {
  const parts = s.bracketedList(() => ({ name: s.label('a field name'), type: s.type() }));
  return parts.every(hasBuiltIn) ? make(parts) : { kind: 'composed', of, parts };
}

const hasBuiltIn = (field: { readonly name: string; readonly type: TypeRef }): field is StructField =>
  isBuiltIn(field.type);

const listOf = (type: TypeRef): TypeRef =>
  isBuiltIn(type) ? list(type) : { kind: 'composed', of: 'list', parts: [type] };

const arrayOf = (type: TypeRef, length: number): TypeRef =>
  isBuiltIn(type) ? { kind: 'array', element: type, length } : { kind: 'composed', of: 'array', parts: [type], length };
