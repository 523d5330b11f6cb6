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
} from './data-type.ts';

/** A point in time without zone, counted in `unit`s. */
export const timestamp = (unit: TimestampUnit): DataType => ({ kind: 'timestamp', unit, zone: false });

/** The types that are one word, in lower case; DuckDB's and PostgreSQL's names, and Arrow's where these leave them free. */
export const TYPE_NAMES: ReadonlyMap<string, DataType> = new Map(
  (
    [
      ['boolean bool logical', BOOLEAN],
      ['tinyint int1', INT8],
      ['smallint int2 int16 short', INT16],
      ['integer int int4 int32 signed integral', INT32],
      ['bigint int8 int64 long oid', INT64],
      ['hugeint int128', INT128],
      ['utinyint uint8', UINT8],
      ['usmallint uint16', UINT16],
      ['uinteger uint32 uint', UINT32],
      ['ubigint uint64', UINT64],
      ['uhugeint uint128', UINT128],
      ['real float float4 float32', FLOAT32],
      ['double float8 float64', FLOAT64],
      ['decimal numeric dec decimal64 decimal128', decimal(18, 3)],
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
