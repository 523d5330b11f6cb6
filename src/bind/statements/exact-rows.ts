import type { BoundQuery } from '../../plan/logical-plan.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { castTo } from '../coerce.ts';
import type { Bound } from '../scope.ts';
import { projected } from '../select/select-output.ts';

/** A query's rows as a table takes them: each column once, in order, in the table's types. */
export function exactRows(
  b: Binder,
  source: Bound,
  columns: readonly { readonly name: string; readonly type: DataType }[],
): BoundQuery {
  const items = columns.map(({ name, type }, i) => ({
    name,
    expr: castTo(b, b.ref(source.scope.columns[i]!.column), type),
  }));
  const { plan, columns: output } = projected(b, source.plan, items);
  return { plan, output };
}
