import { assertNever } from '../../common/errors.ts';
import { aggregateExprs, collectColumns, idsOf, outputOf, windowCallExprs } from '../../plan/columns.ts';
import type { BoundExpr, BoundSortKey, ColumnId } from '../../plan/expr.ts';
import { columnRef } from '../../plan/literals.ts';
import type {
  AggregatePlan,
  Column,
  JoinPlan,
  LogicalPlan,
  PlanOf,
  SetOpPlan,
  SharedId,
  WindowPlan,
} from '../../plan/logical-plan.ts';
import { mapInputs } from '../../plan/rewrite.ts';
import { hasAtMostOneMatch } from '../../plan/unique-keys.ts';
import type { Pass } from '../rule.ts';

/**
 * Nothing reads or computes a column that nothing needs.
 *
 *     project [a]                    project [a]
 *       project [a, b + 1 as c]   ⇒    project [a]
 *         scan t [a, b, d]               scan t [a]
 */
export const pruneColumns: Pass = {
  name: 'prune-columns',
  run: (plan, _ctx, output) => new Pruning().prune(plan, output),
};

type Columns = ReadonlySet<ColumnId>;

class Pruning {
  /** Of each shared subplan, the columns that its references need; complete once the plan below `shared` is done. */
  readonly #shared = new Map<SharedId, Set<ColumnId>>();

  /** The plan without what the required columns don't need. It may hand up a few more. */
  prune(plan: LogicalPlan, required: Columns): LogicalPlan {
    switch (plan.kind) {
      case 'scan': {
        const columns = kept(plan.columns, c => c.column.id, withColumns(required, plan.filters));
        return columns === plan.columns ? plan : { ...plan, columns };
      }
      case 'values': {
        const wanted = plan.columns.map(c => required.has(c.id));
        if (wanted.every(Boolean)) return plan;
        const rows = plan.rows.map(row => row.filter((_, i) => wanted[i]));
        return { ...plan, columns: plan.columns.filter((_, i) => wanted[i]), rows };
      }
      case 'empty': {
        const columns = kept(plan.columns, c => c.id, required);
        return columns === plan.columns ? plan : { ...plan, columns };
      }
      case 'filter':
        return this.#above(plan, withColumns(required, [plan.predicate]));
      case 'sort':
      case 'top-k':
        return this.#above(plan, withColumns(required, exprsOf(plan.keys)));
      case 'distinct-on':
        return this.#above(plan, withColumns(required, [...plan.on, ...exprsOf(plan.orderBy)]));
      case 'limit':
        return this.#above(plan, required);
      case 'limit-by':
        return this.#above(
          plan,
          withColumns(
            required,
            [plan.count, plan.offset].filter(e => e !== undefined),
          ),
        );
      case 'project': {
        const columns = kept(plan.columns, c => c.column.id, required);
        const input = this.prune(
          plan.input,
          withColumns(
            new Set(),
            columns.map(c => c.expr),
          ),
        );
        return columns === plan.columns && input === plan.input ? plan : { ...plan, columns, input };
      }
      case 'unnest': {
        // Every list counts for the number of rows.
        const ordinality = plan.ordinality && required.has(plan.ordinality.id) ? plan.ordinality : undefined;
        const needed = withColumns(
          restricted(required, plan.input),
          plan.lists.map(l => l.expr),
        );
        const input = this.prune(plan.input, needed);
        return input === plan.input && ordinality === plan.ordinality ? plan : { ...plan, input, ordinality };
      }
      case 'aggregate':
        return this.#aggregate(plan, required);
      case 'window':
        return this.#window(plan, required);
      case 'join':
        return this.#join(plan, required);
      case 'asof-join': {
        // What only the right side has needs no join: no left row comes out twice.
        if (plan.type === 'left' && !outputOf(plan.right).some(c => required.has(c.id)))
          return this.prune(plan.left, required);
        const keys = [...plan.keys, plan.match].flatMap(k => [k.left, k.right]);
        const needed = withColumns(required, keys);
        const left = this.prune(plan.left, restricted(needed, plan.left));
        const right = this.prune(plan.right, restricted(needed, plan.right));
        return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
      }
      case 'set-op':
        return this.#setOp(plan, required);
      case 'recursive': {
        // What a round reads of the one before is not known to be all that is needed.
        const side = (input: LogicalPlan): LogicalPlan => exactly(this.prune(input, idsOf(input)), outputOf(input));
        return mapInputs(plan, side);
      }
      case 'shared': {
        const needed = new Set<ColumnId>();
        this.#shared.set(plan.id, needed);
        const input = this.prune(plan.input, required);
        const definition = this.prune(plan.definition, needed);
        return input === plan.input && definition === plan.definition ? plan : { ...plan, input, definition };
      }
      case 'shared-ref':
        return this.#sharedRef(plan, required);
      case 'insert':
      case 'copy':
        return this.#above(plan, idsOf(plan.input));
      default:
        return assertNever(plan);
    }
  }

  #above<P extends LogicalPlan & { readonly input: LogicalPlan }>(plan: P, required: Columns): P {
    const input = this.prune(plan.input, required);
    return input === plan.input ? plan : { ...plan, input };
  }

  #aggregate(plan: AggregatePlan, required: Columns): LogicalPlan {
    const aggregates = kept(plan.aggregates, a => a.column.id, required);
    const groupingId = plan.groupingId && required.has(plan.groupingId.id) ? plan.groupingId : undefined;
    if (plan.keys.length === 0 && plan.groupingSets === undefined && aggregates.length === 0) {
      return { kind: 'values', columns: [], rows: [[]] };
    }
    const exprs = [...plan.keys.map(k => k.expr), ...aggregates.flatMap(a => aggregateExprs(a.aggregate))];
    const input = this.prune(plan.input, withColumns(new Set(), exprs));
    const unchanged = aggregates === plan.aggregates && input === plan.input && groupingId === plan.groupingId;
    return unchanged ? plan : { ...plan, aggregates, input, groupingId };
  }

  #window(plan: WindowPlan, required: Columns): LogicalPlan {
    const functions = kept(plan.functions, w => w.column.id, required);
    if (functions.length === 0) return this.prune(plan.input, required);
    const exprs = [...plan.partitionBy, ...exprsOf(plan.orderBy), ...functions.flatMap(w => windowCallExprs(w.call))];
    const input = this.prune(plan.input, withColumns(required, exprs));
    return functions === plan.functions && input === plan.input ? plan : { ...plan, functions, input };
  }

  #join(plan: JoinPlan, required: Columns): LogicalPlan {
    // A mark that nobody asks for was not worth a join: it keeps every left row once.
    if (plan.type === 'mark' && plan.mark !== undefined && !required.has(plan.mark.id))
      return this.prune(plan.left, required);
    if (isIdle(plan, required)) return this.prune(plan.left, required);
    const needed = plan.condition === undefined ? required : withColumns(required, [plan.condition]);
    const left = this.prune(plan.left, restricted(needed, plan.left));
    const right = this.prune(plan.right, restricted(needed, plan.right));
    return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
  }

  /** Columns go by position, so both sides hand up exactly the same ones. */
  #setOp(plan: SetOpPlan, required: Columns): LogicalPlan {
    const all = plan.op === 'union' && plan.all;
    const wanted = plan.columns.map(c => !all || required.has(c.id));
    const side = (input: LogicalPlan): LogicalPlan => {
      const columns = outputOf(input).filter((_, i) => wanted[i]);
      return exactly(this.prune(input, new Set(columns.map(c => c.id))), columns);
    };
    const left = side(plan.left);
    const right = side(plan.right);
    const columns = wanted.every(Boolean) ? plan.columns : plan.columns.filter((_, i) => wanted[i]);
    const unchanged = left === plan.left && right === plan.right && columns === plan.columns;
    return unchanged ? plan : { ...plan, left, right, columns };
  }

  #sharedRef(plan: PlanOf<'shared-ref'>, required: Columns): LogicalPlan {
    const needed = this.#shared.get(plan.id);
    const wanted = plan.columns.map(c => required.has(c.id));
    plan.source.forEach((id, i) => {
      if (wanted[i]) needed?.add(id);
    });
    if (wanted.every(Boolean)) return plan;
    return {
      ...plan,
      columns: plan.columns.filter((_, i) => wanted[i]),
      source: plan.source.filter((_, i) => wanted[i]),
    };
  }
}

/** A left join of which only the left side is read, and which makes no row of it two. */
function isIdle(plan: JoinPlan, required: Columns): boolean {
  if (plan.type !== 'left' || outputOf(plan.right).some(c => required.has(c.id))) return false;
  return hasAtMostOneMatch(plan);
}

function kept<T>(items: readonly T[], idOf: (item: T) => ColumnId, required: Columns): readonly T[] {
  return items.every(i => required.has(idOf(i))) ? items : items.filter(i => required.has(idOf(i)));
}

function withColumns(columns: Columns, exprs: readonly BoundExpr[]): Columns {
  const result = new Set(columns);
  for (const e of exprs) collectColumns(e, result);
  return result;
}

const exprsOf = (keys: readonly BoundSortKey[]): readonly BoundExpr[] => keys.map(k => k.expr);

function restricted(columns: Columns, plan: LogicalPlan): Columns {
  const ids = idsOf(plan);
  const result = new Set<ColumnId>();
  for (const id of columns) if (ids.has(id)) result.add(id);
  return result;
}

function exactly(plan: LogicalPlan, columns: readonly Column[]): LogicalPlan {
  const output = outputOf(plan);
  if (output.length === columns.length && output.every((c, i) => c.id === columns[i]!.id)) return plan;
  return { kind: 'project', input: plan, columns: columns.map(column => ({ column, expr: columnRef(column) })) };
}
