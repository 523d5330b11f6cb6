import { RayexecError } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { BOOLEAN, FLOAT64, INT64, UTF8 } from '../../src/types/data-type.ts';
import { typeName } from '../../src/types/type-name.ts';
import { type ColumnLiteral, columnOfLiteral, type SchemaLiteral } from '../dataframe/schema-literal.ts';

/** Options of a file source: what its columns are, and those of the table function that reads it. */
export type FileOptions = {
  /** The columns: compared with the file when a query over it is bound. CSV and JSON are read as these types. */
  readonly schema?: SchemaLiteral | undefined;
  readonly [option: string]: unknown;
};

/** A table function's call over files, with options as its named arguments. */
export function fileQuery(
  fn: string,
  path: string | readonly string[],
  { schema, ...options }: FileOptions,
): Query & { readonly kind: 'table-function' } {
  const expected = schema === undefined ? {} : expectedColumns(fn, schema);
  const named = Object.entries({ ...options, ...expected }).filter(([, value]) => value !== undefined);
  return {
    kind: 'table-function',
    name: fn,
    args: [optionExpr('path', path)],
    named: Object.fromEntries(named.map(([name, value]) => [snakeCase(name), optionExpr(name, value)])),
  };
}

/** What says of a source's columns what a schema says: SQL types by name. */
function expectedColumns(fn: string, schema: SchemaLiteral): Readonly<Record<string, unknown>> {
  const columns = Object.entries(schema).map(([name, literal]) => ({ name, ...columnText(literal) }));
  const expect = Object.fromEntries(columns.map(c => [c.name, c.nullable ? c.text : `${c.text} NOT NULL`]));
  // Files of text have the types that they are read as.
  const option = fn === 'read_csv' ? 'types' : fn === 'read_json' ? 'columns' : undefined;
  if (option === undefined) return { expect };
  return { expect, [option]: Object.fromEntries(columns.filter(c => c.text !== ANY).map(c => [c.name, c.text])) };
}

const ANY = 'ANY';

function columnText(literal: ColumnLiteral): { readonly text: string; readonly nullable: boolean } {
  if (literal === 'unknown') return { text: ANY, nullable: true };
  const { type, nullable } = columnOfLiteral(literal);
  const isAnyDecimal = literal === 'decimal' || literal === 'decimal?';
  return { text: isAnyDecimal ? 'DECIMAL' : typeName(type), nullable };
}

/** An option's value as a SQL constant. */
function optionExpr(name: string, value: unknown): Expr {
  switch (typeof value) {
    case 'string':
      return { kind: 'literal', value: { type: UTF8, value } };
    case 'boolean':
      return { kind: 'literal', value: { type: BOOLEAN, value } };
    case 'bigint':
      return { kind: 'literal', value: { type: INT64, value: value.toString() } };
    case 'number':
      if (Number.isSafeInteger(value)) return { kind: 'literal', value: { type: INT64, value: String(value) } };
      return { kind: 'literal', value: { type: FLOAT64, value } };
    case 'object':
      if (Array.isArray(value)) return { kind: 'call', fn: 'list_value', args: value.map(v => optionExpr(name, v)) };
      if (value !== null) {
        const fields = Object.entries(value).map(([field, v]) => ({ name: field, value: optionExpr(field, v) }));
        return { kind: 'struct', fields };
      }
      break;
    default:
      break;
  }
  throw new RayexecError('invalid-argument', `option '${name}' can't be ${String(value)}`);
}

/** `rowGroupSize` and `row_group_size` are the same option. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`);
