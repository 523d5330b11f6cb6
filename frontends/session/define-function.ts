import { RayexecError } from '../../src/common/errors.ts';
import { keepCode } from '../../src/functions/user/user-code.ts';
import type { UserCode, UserFunction } from '../../src/functions/user/user-function.ts';
import { wrap } from '../dataframe/expr-impl.ts';
import { call, nodeOf } from '../dataframe/expr-node.ts';
import { type ColumnLiteral, columnOfLiteral } from '../dataframe/schema-literal.ts';
import type { AnyCode, FunctionOptions, ModuleCode } from '../dataframe/user-function-types.ts';
import { RESERVED } from '../sql/keywords.ts';
import type { Provided } from './provided.ts';

/**
 * Adds a function of the program to a database. Returns what makes calls of it.
 * @throws RayexecError `invalid-argument`; for a name that SQL has, with the first query when there was none before
 */
export function defineFunction(
  provided: Provided,
  name: string,
  args: readonly ColumnLiteral[],
  returns: ColumnLiteral,
  code: AnyCode | ModuleCode,
  { vectorized = false, volatile = false, int64 = 'number' }: FunctionOptions = {},
): (...values: unknown[]) => unknown {
  const key = checkedName(name);
  const types = { args: args.map(columnOfLiteral), returns: columnOfLiteral(returns) };
  const fn: UserFunction = { name: key, ...types, vectorized, volatile, int64, code: codeOf(name, code) };
  provided.addFunction(fn);
  return (...values) => wrap(call(key, ...values.map(nodeOf)));
}

/** The name in lower case, as SQL looks it up. */
function checkedName(name: string): string {
  const key = name.toLowerCase();
  if (!/^[a-z_][a-z0-9_]*$/.test(key) || RESERVED.has(key)) {
    throw new RayexecError('invalid-argument', `'${name}' is no name for a function`, {
      hint: 'letters, digits and underscores, and no word of SQL',
    });
  }
  return key;
}

function codeOf(name: string, code: AnyCode | ModuleCode): UserCode {
  if (typeof code === 'function') return { kind: 'local', id: keepCode(code) };
  const { module, export: exported = 'default' } = code;
  const url = String(module);
  if (URL.canParse(url)) return { kind: 'module', url, export: exported };
  throw new RayexecError('invalid-argument', `${name}: '${url}' is no URL of a module`, {
    hint: "new URL('./functions.js', import.meta.url)",
  });
}
