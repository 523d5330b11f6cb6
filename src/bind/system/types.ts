/** A name of a built-in type. */
export type BuiltInType = {
  readonly name: string;
  /** The type as `typeof` says it. */
  readonly logical: string;
  readonly category: 'NUMERIC' | 'STRING' | 'DATETIME' | 'BOOLEAN' | 'COMPOSITE' | null;
  /** Bytes of a value; null when they differ. */
  readonly size: number | null;
  /** PostgreSQL's number, if it has one. */
  readonly oid: number | null;
  /** PostgreSQL's name, where it is another. */
  readonly pgName?: string | undefined;
  /** The first of a type's names. */
  readonly isMain: boolean;
};

function named(
  logical: string,
  category: BuiltInType['category'],
  size: number | null,
  oid: number | null,
  names: string,
  pgName?: string,
): readonly BuiltInType[] {
  return names.split(' ').map((name, i) => ({ name, logical, category, size, oid, pgName, isMain: i === 0 }));
}

/** The names that casts and column definitions take for the built-in types. */
export const BUILT_IN_TYPES: readonly BuiltInType[] = [
  ...named('BOOLEAN', 'BOOLEAN', 1, 16, 'boolean bool logical', 'bool'),
  ...named('TINYINT', 'NUMERIC', 1, null, 'tinyint int1'),
  ...named('SMALLINT', 'NUMERIC', 2, 21, 'smallint int2 short int16', 'int2'),
  ...named('INTEGER', 'NUMERIC', 4, 23, 'integer int4 int signed int32', 'int4'),
  ...named('BIGINT', 'NUMERIC', 8, 20, 'bigint int8 long int64', 'int8'),
  ...named('HUGEINT', 'NUMERIC', 16, null, 'hugeint int128'),
  ...named('UTINYINT', 'NUMERIC', 1, null, 'utinyint uint8'),
  ...named('USMALLINT', 'NUMERIC', 2, null, 'usmallint uint16'),
  ...named('UINTEGER', 'NUMERIC', 4, null, 'uinteger uint32'),
  ...named('UBIGINT', 'NUMERIC', 8, null, 'ubigint uint64'),
  ...named('UHUGEINT', 'NUMERIC', 16, null, 'uhugeint uint128'),
  ...named('FLOAT', 'NUMERIC', 4, 700, 'float float4 real', 'float4'),
  ...named('DOUBLE', 'NUMERIC', 8, 701, 'double float8', 'float8'),
  ...named('DECIMAL', 'NUMERIC', null, 1700, 'decimal dec numeric', 'numeric'),
  ...named('VARCHAR', 'STRING', null, 1043, 'varchar char bpchar text string'),
  ...named('BLOB', null, null, 17, 'blob bytea binary varbinary', 'bytea'),
  ...named('DATE', 'DATETIME', 4, 1082, 'date'),
  ...named('TIME', 'DATETIME', 8, 1083, 'time'),
  ...named('TIMESTAMP', 'DATETIME', 8, 1114, 'timestamp datetime timestamp_us'),
  ...named('TIMESTAMP_S', 'DATETIME', 8, null, 'timestamp_s'),
  ...named('TIMESTAMP_MS', 'DATETIME', 8, null, 'timestamp_ms'),
  ...named('TIMESTAMP_NS', 'DATETIME', 8, null, 'timestamp_ns'),
  ...named('TIMESTAMP WITH TIME ZONE', 'DATETIME', 8, 1184, 'timestamptz'),
  ...named('INTERVAL', 'DATETIME', 16, 1186, 'interval'),
  ...named('UUID', null, 16, 2950, 'uuid guid'),
  ...named('JSON', 'STRING', null, 114, 'json'),
  ...named('ENUM', null, null, null, 'enum'),
  ...named('LIST', 'COMPOSITE', null, null, 'list'),
  ...named('ARRAY', 'COMPOSITE', null, null, 'array'),
  ...named('STRUCT', 'COMPOSITE', null, null, 'struct row'),
  ...named('MAP', 'COMPOSITE', null, null, 'map'),
  ...named('UNION', 'COMPOSITE', null, null, 'union'),
];
