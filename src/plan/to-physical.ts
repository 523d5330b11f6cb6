import { invariant } from '../common/errors.ts';
import type { AnyExpr, BoundExpr, ColumnId, ColumnRef, InputRef, PhysicalExpr } from './expr.ts';

/** Where each column stands in an operator's input. */
export type Positions = ReadonlyMap<ColumnId, number>;

/** An expression over positions. @throws RayexecError `internal` when a column is not among the inputs */
export function toPhysical(expr: BoundExpr, at: Positions): PhysicalExpr {
  return withRefs(expr, ref => {
    const { id, type } = ref as ColumnRef;
    const index = at.get(id);
    invariant(index !== undefined, `column ${id} is not among the operator's inputs`);
    return { kind: 'input', index, type };
  }) as PhysicalExpr;
}

/** The inverse: an expression over columns, `columns[i]` for the input i. */
export function toBound(expr: PhysicalExpr, columns: readonly ColumnRef[]): BoundExpr {
  return withRefs(expr, ref => columns[(ref as InputRef).index]!) as BoundExpr;
}

type Ref = ColumnRef | InputRef;

/** The expression with other references, all of one kind. */
function withRefs(expr: AnyExpr, replace: (ref: Ref) => Ref): AnyExpr {
  const map = (e: AnyExpr): AnyExpr => withRefs(e, replace);
  switch (expr.kind) {
    case 'column':
    case 'input':
      return replace(expr);
    case 'literal':
      return expr;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
      return { ...expr, args: expr.args.map(map) };
    case 'cast':
    case 'in':
      return { ...expr, input: map(expr.input) };
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map(b => ({ when: map(b.when), result: map(b.result) })),
        otherwise: map(expr.otherwise),
      };
  }
}
