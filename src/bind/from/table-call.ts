import type { Catalog } from '../../catalog/catalog.ts';
import { RayexecError, type Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { TableFunction } from '../../protocol/table-function.ts';
import type { Expr } from '../../query/expr.ts';
import type { TableFunctionQuery } from '../../query/query.ts';
import type { Scalar } from '../../types/scalar.ts';
import { type ConstantContext, constantOf } from '../constant-value.ts';
import type { SourceCall } from '../resolve-key.ts';
import { EXPECT } from './expected-columns.ts';

type Call = Pick<TableFunctionQuery, 'name' | 'args' | 'named'> & { readonly span?: Span | undefined };

/** The table function that a call names. @throws RayexecError `bind` with near names */
export function calledFunction(catalog: Catalog, { name, span }: Call): TableFunction {
  const found = catalog.tableFunction(name);
  if (found !== undefined) return found;
  throw new RayexecError('bind', `Table function with name ${name} does not exist!`, {
    span,
    hint: didYouMean(name, catalog.tableFunctionNames()),
  });
}

/** A call with the values of its arguments, all but what is expected of its columns. @throws RayexecError `bind` for arguments that are no constants */
export function sourceCall(fn: TableFunction, call: Call, constants: ConstantContext): SourceCall {
  const argument = (expr: Expr): Scalar => argumentValue(fn, call, expr, constants);
  const given = Object.entries(call.named ?? {}).map(([k, v]) => [k.toLowerCase(), v] as const);
  const named = Object.fromEntries(given.filter(([k]) => k !== EXPECT).map(([k, v]) => [k, argument(v)]));
  return { fn: fn.name, positional: call.args.map(argument), named };
}

/** What a call says of its source's columns, if it does. @throws RayexecError `bind` for what is no constant */
export function expectation(fn: TableFunction, call: Call, constants: ConstantContext): Scalar | undefined {
  const given = Object.entries(call.named ?? {}).find(([k]) => k.toLowerCase() === EXPECT);
  return given && argumentValue(fn, call, given[1], constants);
}

function argumentValue(fn: TableFunction, call: Call, expr: Expr, constants: ConstantContext): Scalar {
  const value = constantOf(expr, constants);
  if (value !== undefined) return value;
  if (expr.kind === 'parameter')
    throw new RayexecError('bind', `No value was given for parameter $${expr.name}`, { span: expr.span });
  throw new RayexecError('bind', `The arguments of table function ${fn.name} must be constants`, {
    span: expr.span ?? call.span,
  });
}
