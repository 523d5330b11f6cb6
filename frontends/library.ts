export { RayexecError } from '../src/common/errors.ts';
export type { DataType, Field, Schema } from '../src/types/data-type.ts';
export * from './dataframe/index.ts';
export type { ConnectOptions } from './session/connect-options.ts';
export { Database, type FileOptions, type Tables } from './session/database.ts';
export type { Parameters } from './session/parameters.ts';
export type { SchemaLiteral } from './session/relation.ts';
export { Result } from './session/result.ts';
export { sql } from './session/sql-template.ts';
