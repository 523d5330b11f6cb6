import { assertNever } from '../common/errors.ts';
import { builtinFunctions } from '../functions/registry.ts';
import type { PhysicalNode } from '../operators/index.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { estimateRows } from '../plan/cardinality.ts';
import { outputOf } from '../plan/columns.ts';
import type { InputRef, PhysicalExpr } from '../plan/expr.ts';
import type { LogicalPlan, PlanOf } from '../plan/logical-plan.ts';
import { type DataType, INT64 } from '../types/data-type.ts';
import type { Lowered, Lowering } from './lower.ts';

/**
 * Set operations from operators that exist anyway: UNION is a concatenation (and grouping), INTERSECT and EXCEPT are
 * grouped semi and anti joins where NULL equals NULL; their ALL forms count each side's copies and repeat rows.
 */
export function lowerSetOp(plan: PlanOf<'set-op'>, lowering: Lowering): Lowered {
  const types = plan.columns.map(c => c.type);
  const left = inputOf(plan.left, lowering);
  const right = inputOf(plan.right, lowering);
  const rows = estimateRows(plan);
  const columns = plan.columns.map(c => c.id);
  return { columns, plan: combine() };

  function combine(): PhysicalPlan {
    switch (plan.op) {
      case 'union': {
        const all = lowering.node({ kind: 'union-all' }, [left, right], types, rows);
        return plan.all ? all : lowering.node(distinct(types), [all], types, rows);
      }
      case 'intersect':
      case 'except': {
        if (plan.all) return countedCopies(plan.op, left, right, types, rows, lowering);
        const keys = inputs(types);
        const node: PhysicalNode = {
          kind: 'hash-join',
          joinType: plan.op === 'intersect' ? 'semi' : 'anti',
          probeKeys: keys,
          buildKeys: keys,
          nullsEqual: types.map(() => true),
          probeTypes: types,
          buildTypes: types,
          output: types.map((_, i) => i),
          buildSideKept: false,
        };
        const unique = lowering.node(distinct(types), [left], types, left.estimatedRows);
        return lowering.node(node, [unique, right], types, rows);
      }
      default:
        return assertNever(plan.op);
    }
  }
}

/** One side with its columns in the plan's order. */
function inputOf(plan: LogicalPlan, lowering: Lowering): PhysicalPlan {
  const ids = outputOf(plan).map(c => c.id);
  return lowering.arrange(lowering.lower(plan, new Set(ids)), ids).plan;
}

const inputs = (types: readonly DataType[]): InputRef[] => types.map((type, index) => ({ kind: 'input', index, type }));

const distinct = (types: readonly DataType[]): PhysicalNode => ({
  kind: 'hash-aggregate',
  keys: inputs(types),
  groupingSets: undefined,
  groupingId: false,
  aggregates: [],
});

/** Marks rows by side, counts both marks per distinct row, and repeats it min(l, r) or l − r times. */
function countedCopies(
  op: 'intersect' | 'except',
  left: PhysicalPlan,
  right: PhysicalPlan,
  types: readonly DataType[],
  rows: number,
  lowering: Lowering,
): PhysicalPlan {
  const mark = (side: PhysicalPlan, l: boolean): PhysicalPlan => {
    const exprs: PhysicalExpr[] = [...inputs(types), sideMark(l), sideMark(!l)];
    return lowering.node({ kind: 'project', exprs }, [side], [...types, INT64, INT64], side.estimatedRows);
  };
  const marked = lowering.node(
    { kind: 'union-all' },
    [mark(left, true), mark(right, false)],
    [...types, INT64, INT64],
    rows,
  );
  const count = (index: number) => {
    const { key, nullable } = builtinFunctions.resolveAggregate('count', [INT64]).overload;
    const args = [{ kind: 'input', index, type: INT64 } as const];
    return { fn: 'count', overload: key, args, distinct: false, type: INT64, nullable };
  };
  const grouped = lowering.node(
    {
      kind: 'hash-aggregate',
      keys: inputs(types),
      groupingSets: undefined,
      groupingId: false,
      aggregates: [count(types.length), count(types.length + 1)],
    },
    [marked],
    [...types, INT64, INT64],
    rows,
  );
  return lowering.node({ kind: 'repeat', times: op === 'intersect' ? 'least' : 'difference' }, [grouped], types, rows);
}

/** 1 for rows of the side, NULL (not counted) for the other's. */
const sideMark = (present: boolean): PhysicalExpr => ({
  kind: 'literal',
  value: { type: INT64, value: present ? '1' : null },
});
