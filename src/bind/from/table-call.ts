import type { Catalog } from '../../catalog/catalog.ts';
import { RayexecError, type Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { TableFunction } from '../../protocol/table-function.ts';
import type { Expr } from '../../query/expr.ts';
import type { TableFunctionQuery } from '../../query/query.ts';
import type { Scalar } from '../../types/scalar.ts';
import { type ConstantContext, constantOf } from '../constant-value.ts';
import type { SourceCall } from '../resolve-key.ts';

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

/** A call with the values of its arguments. @throws RayexecError `bind` for arguments that are no constants */
export function sourceCall(fn: TableFunction, call: Call, constants: ConstantContext): SourceCall {
  const argument = (expr: Expr): Scalar => {
    const value = constantOf(expr, constants);
    if (value !== undefined) return value;
    if (expr.kind === 'parameter')
      throw new RayexecError('bind', `No value was given for parameter $${expr.name}`, { span: expr.span });
    throw new RayexecError('bind', `The arguments of table function ${fn.name} must be constants`, {
      span: expr.span ?? call.span,
    });
  };
  const named = Object.fromEntries(Object.entries(call.named ?? {}).map(([k, v]) => [k.toLowerCase(), argument(v)]));
  return { fn: fn.name, positional: call.args.map(argument), named };
}
