import type { TypeRef } from '../../src/query/expr.ts';
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
  NULL,
  type StructField,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  type TimestampUnit,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
  UTF8,
  UUID,
} from '../../src/types/data-type.ts';
import type { TokenStream } from './token-stream.ts';

const timestamp = (unit: TimestampUnit): DataType => ({ kind: 'timestamp', unit, zone: false });

/** The types that are one word; DuckDB's and PostgreSQL's names, and Arrow's where these leave them free. */
const SIMPLE: ReadonlyMap<string, DataType> = new Map(
  (
    [
      ['null', NULL],
      ['boolean bool logical', BOOLEAN],
      ['tinyint int1', INT8],
      ['smallint int2 int16 short', INT16],
      ['integer int int4 int32 signed integral', INT32],
      ['bigint int8 int64 long oid', INT64],
      ['hugeint int128', INT128],
      ['utinyint uint8', UINT8],
      ['usmallint uint16', UINT16],
      ['uinteger uint32', UINT32],
      ['ubigint uint64', UINT64],
      ['uhugeint uint128', UINT128],
      ['real float float4 float32', FLOAT32],
      ['double float8 float64', FLOAT64],
      ['varchar text string char character bpchar nvarchar utf8', UTF8],
      ['blob bytea binary varbinary', BINARY],
      ['date date32', DATE],
      ['time', TIME],
      ['timestamp datetime timestamp_us', TIMESTAMP],
      ['timestamp_s', timestamp('s')],
      ['timestamp_ms', timestamp('ms')],
      ['timestamp_ns', timestamp('ns')],
      ['timestamptz', TIMESTAMPTZ],
      ['interval', INTERVAL],
      ['uuid guid', UUID],
      ['json', JSON_TYPE],
    ] as const
  ).flatMap(([names, type]) => names.split(' ').map(name => [name, type] as const)),
);

const DECIMALS: ReadonlySet<string> = new Set(['decimal', 'numeric', 'dec', 'decimal64', 'decimal128']);
const CONSTRUCTORS: ReadonlySet<string> = new Set(['struct', 'row', 'map', 'union', 'enum']);

const MAX_LIST_DEPTH = 100;

/** Whether the word starts a built-in type's name. */
export function isTypeWord(word: string): boolean {
  return SIMPLE.has(word) || DECIMALS.has(word) || CONSTRUCTORS.has(word);
}

/** A type: `DECIMAL(15, 2)`, `STRUCT(a INTEGER)[]`, `TIMESTAMP WITH TIME ZONE`, or the name of a user's type. */
export function parseTypeRef(s: TokenStream): TypeRef {
  const start = s.pos;
  let type = parseBase(s);
  for (let depth = 0; ; depth++) {
    if (depth > MAX_LIST_DEPTH) s.error(`a type nests more than ${MAX_LIST_DEPTH} lists`, s.token);
    const isArray = s.accept('array');
    if (!s.is('[')) {
      if (!isArray) return type;
      type = list(builtIn(s, type, start));
      continue;
    }
    const length = s.bracketed(() => s.take('number'), '[', ']');
    const element = builtIn(s, type, start);
    type = length === undefined ? list(element) : { kind: 'array', element, length: integer(s, length, 1, 100_000) };
  }
}

function parseBase(s: TokenStream): TypeRef {
  const start = s.pos;
  const { kind, word } = s.token;
  const followedByDot = s.peek().word === '.';
  if (kind === 'name' && !followedByDot) {
    if (DECIMALS.has(word)) return parseDecimal(s);
    if (CONSTRUCTORS.has(word) && s.peek().word === '(') return parseConstructor(s, word);
    const simple = SIMPLE.get(word);
    if (simple !== undefined) {
      s.pos++;
      return parseSuffix(s, word, simple);
    }
  }
  const quoted = kind === 'quoted' && !followedByDot ? SIMPLE.get(s.token.value.toLowerCase()) : undefined;
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
    case 'varchar':
    case 'char':
    case 'character':
    case 'bpchar':
    case 'text':
    case 'string':
    case 'nvarchar':
      s.accept('varying');
      parseArguments(s, 1); // lengths are not checked, as in DuckDB
      return type;
    case 'time':
    case 'timestamp':
    case 'datetime':
      return parseTime(s, type);
    case 'interval':
      return type;
    default:
      parseArguments(s, 1); // INT(11), BIT(1)
      return type.kind === 'int' && s.accept('unsigned') ? { ...type, signed: false } : type;
  }
}

function parseTime(s: TokenStream, type: DataType): DataType {
  const start = s.pos;
  const digits = parseArguments(s, 1)[0];
  if (s.accept('with', 'time', 'zone'))
    return type.kind === 'time' ? s.unsupported('TIME WITH TIME ZONE', start) : TIMESTAMPTZ;
  s.accept('without', 'time', 'zone');
  if (type.kind !== 'timestamp' || digits === undefined) return type;
  return timestamp(digits === 0 ? 's' : digits <= 3 ? 'ms' : digits <= 6 ? 'us' : 'ns');
}

function parseDecimal(s: TokenStream): DataType {
  const where = s.token;
  s.pos++;
  const given = parseArguments(s, 2);
  const [precision = 18, scale = given.length === 0 ? 3 : 0] = given;
  if (precision < 1 || precision > 38) s.error(`DECIMAL takes 1 to 38 digits, not ${precision}`, where);
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

function integer(s: TokenStream, digits: string, low: number, high: number): number {
  const value = Number(digits);
  if (!Number.isInteger(value) || value < low || value > high)
    s.error(`expected an integer from ${low} to ${high}, found ${digits}`, s.peek(-1));
  return value;
}

function parseConstructor(s: TokenStream, word: string): DataType {
  s.pos++;
  switch (word) {
    case 'map':
      return s.bracketed(() => {
        const key = nestedType(s);
        s.expect(',');
        return { kind: 'map', key, value: nestedType(s) };
      });
    case 'enum':
      return {
        kind: 'enum',
        values: s.bracketedList(() => s.take('string') ?? s.fail('a string, a value of the enum')),
      };
    case 'union':
      return { kind: 'union', members: parseFields(s) };
    default:
      return { kind: 'struct', fields: parseFields(s) };
  }
}

function parseFields(s: TokenStream): StructField[] {
  return s.bracketedList(() => ({ name: s.label('a field name'), type: nestedType(s) }));
}

function nestedType(s: TokenStream): DataType {
  const start = s.pos;
  return builtIn(s, s.type(), start);
}

/** Types inside types must be built in: a `DataType` cannot hold a name. */
function builtIn(s: TokenStream, type: TypeRef, start: number): DataType {
  if (type.kind === 'named') return s.unsupported(`the user's type ${type.name} inside another type`, start);
  return type;
}
