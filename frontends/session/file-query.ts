import { RayexecError } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { BOOLEAN, FLOAT64, INT64, UTF8 } from '../../src/types/data-type.ts';

/** A table function's call over files, with options as its named arguments. */
export function fileQuery(
  fn: string,
  path: string | readonly string[],
  options: Readonly<Record<string, unknown>>,
): Query {
  const named = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    kind: 'table-function',
    name: fn,
    args: [optionExpr('path', path)],
    named: Object.fromEntries(named.map(([name, value]) => [snakeCase(name), optionExpr(name, value)])),
  };
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
