import { invariant } from '../common/errors.ts';
import type { BoundExpr, ColumnId, ColumnRef, PhysicalExpr } from './expr.ts';

/** Where each column stands in an operator's input. */
export type Positions = ReadonlyMap<ColumnId, number>;

/** An expression over positions. @throws RayexecError `internal` when a column is not among the inputs */
export function toPhysical(expr: BoundExpr, at: Positions): PhysicalExpr {
  const map = (e: BoundExpr): PhysicalExpr => toPhysical(e, at);
  switch (expr.kind) {
    case 'column': {
      const index = at.get(expr.id);
      invariant(index !== undefined, `column ${expr.id} is not among the operator's inputs`);
      return { kind: 'input', index, type: expr.type };
    }
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

/** The inverse: an expression over columns, `columns[i]` for the input i. */
export function toBound(expr: PhysicalExpr, columns: readonly ColumnRef[]): BoundExpr {
  const map = (e: PhysicalExpr): BoundExpr => toBound(e, columns);
  switch (expr.kind) {
    case 'input':
      return columns[expr.index]!;
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
