export { formatRaw } from '../../src/types/format-raw.ts';
export { valueReader } from '../../src/types/raw-to-js.ts';
export type { RawInterval, RawValue } from '../../src/types/raw-value.ts';
export type { Interval, ValueOptions } from '../../src/types/value-options.ts';
export type { Any, Columns, ColumnType, Dynamic, Enum, List, MapOf, Struct, Tag } from './column-types.ts';
export { DataFrame, frameOf } from './data-frame.ts';
export type {
  ArrowTableLike,
  Executor,
  ExplainMode,
  FileFormat,
  RunOptions,
  StreamOptions,
  WriteOptions,
} from './executor.ts';
export type {
  AnyExpr,
  BoolExpr,
  Expr,
  ExprOf,
  ListExpr,
  NumExpr,
  StrExpr,
  StructExpr,
  TimeExpr,
  When,
  WindowFunction,
} from './expr.ts';
export type { FrameBatch } from './frame-batch.ts';
export type { CollectOptions } from './frame-results.ts';
export {
  add,
  and,
  coalesce,
  col,
  count,
  cumeDist,
  denseRank,
  div,
  lit,
  mul,
  not,
  ntile,
  or,
  percentRank,
  rank,
  rowNumber,
  sub,
  when,
} from './functions.ts';
export type { GroupBy } from './group-by.ts';
export type { FromJs, Js, RowValues, SchemaOf } from './js-values.ts';
export type { Kind, Value } from './operands.ts';
export type { ResultBatch, ResultSet } from './result.ts';
export type { Row } from './row.ts';
export type { Cols } from './row-columns.ts';
export type { ColumnLiteral, ColumnsOfLiteral, SchemaLiteral } from './schema-literal.ts';
export { asc, desc } from './sort-key.ts';
export { fn } from './sql-functions.ts';
export type { StandardSchema } from './standard-schema.ts';
export { textTable } from './text-table.ts';
export type { ValidatedFrame } from './validated-frame.ts';
export type { Over } from './window.ts';
