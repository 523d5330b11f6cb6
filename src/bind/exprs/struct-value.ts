import type { Span } from '../../common/errors.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { sameName } from '../scope.ts';

/** A struct value; the fields' names are in the call's type. */
export function structOf(
  b: Binder,
  values: readonly BoundExpr[],
  names: readonly string[],
  span: Span | undefined,
  what = 'struct_pack',
): BoundExpr {
  const fn = b.catalog.functions.scalar(what) ?? b.catalog.functions.scalar('struct_pack');
  if (fn === undefined) throw notYet('struct values are', span);
  const twice = names.find((name, i) => names.slice(0, i).some(n => sameName(n, name)));
  if (twice !== undefined)
    throw bindError(`Two fields of the struct are called "${twice}"`, span, 'fields are told apart by their names');
  const fields = values.map((v, i) => ({ name: names[i]!, type: typeOf(v) }));
  return {
    kind: 'call',
    fn: fn.name,
    overload: fn.overloads[0]!.key,
    args: values,
    type: { kind: 'struct', fields },
    span,
  };
}
