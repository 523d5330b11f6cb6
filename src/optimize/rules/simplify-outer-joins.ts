import { assertNever } from '../../common/errors.ts';
import { idsOf } from '../../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { inputsOf, mapInputs } from '../../plan/rewrite.ts';
import type { JoinType } from '../../types/join-type.ts';
import type { Effects } from '../effects.ts';
import { nullingColumns, rejectedColumns } from '../null-rejection.ts';
import type { Pass } from '../rule.ts';

/**
 * Where rows with NULLs from an outer join are dropped above it anyway, it need not make them.
 *
 *     filter [b.y > 1]              filter [b.y > 1]
 *       join left [a.k = b.k]   ⇒     join inner [a.k = b.k]
 */
export const simplifyOuterJoins: Pass = {
  name: 'simplify-outer-joins',
  run: (plan, { effects }) => (hasOuter(plan) ? simplify(plan, new Set(), effects) : plan),
};

/** Whether anything makes rows with NULLs for what it does not find. */
function hasOuter(plan: LogicalPlan): boolean {
  if (plan.kind === 'join' && (plan.type === 'left' || plan.type === 'right' || plan.type === 'full')) return true;
  if (plan.kind === 'asof-join' && plan.type === 'left') return true;
  return (plan.kind === 'unnest' && plan.keepsEmpty) || inputsOf(plan).some(hasOuter);
}

type Columns = ReadonlySet<ColumnId>;
const NONE: Columns = new Set();

/** `rejected`: columns whose NULLs drop a row somewhere above, before anything else can see it. */
function simplify(plan: LogicalPlan, rejected: Columns, effects: Effects): LogicalPlan {
  const into = (input: LogicalPlan, columns: Columns): LogicalPlan => simplify(input, columns, effects);
  switch (plan.kind) {
    case 'filter': {
      const all = union(rejected, rejectedColumns(plan.predicate, effects));
      return mapInputs(plan, input => into(input, all));
    }
    case 'project': {
      const below = through(plan.columns, rejected, effects);
      return mapInputs(plan, input => into(input, below));
    }
    case 'aggregate': {
      const keys = plan.groupingSets === undefined ? plan.keys : [];
      const below = through(keys, rejected, effects);
      return mapInputs(plan, input => into(input, below));
    }
    case 'join':
      return simplifyJoin(plan, rejected, effects);
    case 'asof-join': {
      const left = into(plan.left, rejected);
      const right = into(plan.right, NONE);
      const type = plan.type === 'left' && meets(rejected, idsOf(plan.right)) ? 'inner' : plan.type;
      const unchanged = left === plan.left && right === plan.right && type === plan.type;
      return unchanged ? plan : { ...plan, type, left, right };
    }
    case 'unnest': {
      // A row whose only list is NULL has no elements.
      const [only, ...others] = plan.lists;
      const own =
        !plan.keepsEmpty && only !== undefined && others.length === 0 ? nullingColumns(only.expr, effects) : NONE;
      const below = mapInputs(plan, input => into(input, union(rejected, own)));
      const dropsEmpty = plan.keepsEmpty && plan.lists.some(l => rejected.has(l.column.id));
      return dropsEmpty ? { ...(below as typeof plan), keepsEmpty: false } : below;
    }
    case 'sort':
      return mapInputs(plan, input => into(input, rejected));
    case 'shared': {
      const definition = into(plan.definition, NONE);
      const input = into(plan.input, rejected);
      return definition === plan.definition && input === plan.input ? plan : { ...plan, definition, input };
    }
    case 'scan':
    case 'values':
    case 'empty':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'window':
    case 'set-op':
    case 'recursive':
    case 'shared-ref':
    case 'insert':
    case 'copy':
      return mapInputs(plan, input => into(input, NONE));
    default:
      return assertNever(plan);
  }
}

/** The inputs of those projected columns whose NULLs are rejected. */
function through(
  columns: readonly { readonly column: { readonly id: ColumnId }; readonly expr: BoundExpr }[],
  rejected: Columns,
  effects: Effects,
): Columns {
  return new Set(columns.flatMap(c => (rejected.has(c.column.id) ? [...nullingColumns(c.expr, effects)] : [])));
}

function simplifyJoin(plan: JoinPlan, rejected: Columns, effects: Effects): LogicalPlan {
  const left = idsOf(plan.left);
  const right = idsOf(plan.right);
  const type = stricter(plan.type, meets(rejected, left), meets(rejected, right));
  const own = plan.condition === undefined ? NONE : rejectedColumns(plan.condition, effects);
  const keepsLeft = type !== 'inner' && type !== 'right' && type !== 'semi';
  const below = mapJoin(
    plan,
    simplify(plan.left, keepsLeft ? rejected : union(rejected, own), effects),
    simplify(plan.right, rejectedOnRight(type, rejected, own), effects),
  );
  return type === plan.type ? below : { ...below, type };
}

/** Rows without a match that come out are dropped only by what stands above; others by the condition as well. */
function rejectedOnRight(type: JoinType, above: Columns, own: Columns): Columns {
  switch (type) {
    case 'inner':
      return union(above, own);
    case 'right':
    case 'full':
      return above;
    case 'mark':
      return NONE;
    default:
      return own;
  }
}

function mapJoin(plan: JoinPlan, left: LogicalPlan, right: LogicalPlan): JoinPlan {
  return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
}

function stricter(type: JoinType, dropsLeftNulls: boolean, dropsRightNulls: boolean): JoinType {
  switch (type) {
    case 'left':
      return dropsRightNulls ? 'inner' : 'left';
    case 'right':
      return dropsLeftNulls ? 'inner' : 'right';
    case 'full':
      if (dropsLeftNulls && dropsRightNulls) return 'inner';
      return dropsLeftNulls ? 'left' : dropsRightNulls ? 'right' : 'full';
    default:
      return type;
  }
}

function meets(a: Columns, b: Columns): boolean {
  for (const id of a) if (b.has(id)) return true;
  return false;
}

const union = (a: Columns, b: Columns): Columns => (a.size === 0 ? b : new Set([...a, ...b]));
