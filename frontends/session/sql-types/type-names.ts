import type { Nulls } from './operators.ts';
import type { Opaque, SqlError } from './scope.ts';
import type { Group } from './token-groups.ts';

interface TypeNames {
  tinyint: 'int8';
  int1: 'int8';
  int2: 'int16';
  int4: 'int32';
  int8: 'int64';
  short: 'int16';
  long: 'int64';
  smallint: 'int16';
  int: 'int32';
  integer: 'int32';
  bigint: 'int64';
  hugeint: 'int128';
  utinyint: 'uint8';
  usmallint: 'uint16';
  uinteger: 'uint32';
  ubigint: 'uint64';
  uhugeint: 'uint128';
  real: 'float32';
  float: 'float32';
  float4: 'float32';
  float8: 'float64';
  double: 'float64';
  decimal: 'decimal';
  numeric: 'decimal';
  varchar: 'string';
  text: 'string';
  string: 'string';
  char: 'string';
  bpchar: 'string';
  character: 'string';
  date: 'date';
  timestamp: 'timestamp';
  datetime: 'timestamp';
  timestamptz: 'timestamptz';
  time: 'time';
  timetz: 'timetz';
  bit: 'bit';
  boolean: 'boolean';
  bool: 'boolean';
  uuid: 'uuid';
  interval: 'interval';
  blob: 'binary';
  bytea: 'binary';
  json: 'json';
}

/** [the type that is named at the start of `T`, the rest]. */
export type TypeName<T extends string[]> = T extends [infer Name extends string, ...infer Rest extends string[]]
  ? Rest extends ['(', ...infer Inside extends string[]]
    ? Suffixed<Name, Group<Inside>[1]>
    : Suffixed<Name, Rest>
  : [Opaque, []];

type Suffixed<Name extends string, T extends string[]> = T extends ['[', ...infer Inside extends string[]]
  ? [Opaque, ...Tail<Suffixed<Name, Group<Inside>[1]>>]
  : T extends [infer Next extends string, ...infer Rest extends string[]]
    ? Lowercase<Next> extends 'precision' | 'varying'
      ? [Named<Name>, Rest]
      : Lowercase<Next> extends 'with' | 'without'
        ? Rest extends [string, string, ...infer After extends string[]]
          ? [Lowercase<Next> extends 'with' ? Zoned<Lowercase<Name>> : Named<Name>, After]
          : [Opaque, []]
        : [Named<Name>, T]
    : [Named<Name>, T];

/** Behind it stands WITH TIME ZONE. */
type Zoned<Name extends string> = Name extends 'timestamp' ? 'timestamptz' : Name extends 'time' ? 'timetz' : Opaque;
type Tail<T> = T extends [unknown, infer Rest] ? [Rest] : never;
type Named<Name extends string> = Lowercase<Name> extends keyof TypeNames ? TypeNames[Lowercase<Name>] : Opaque;
export type Converted<A, To> = [A] extends [SqlError] ? A : To extends Opaque ? Opaque : To | Nulls<A>;
