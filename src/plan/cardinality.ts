import { assertNever } from '../common/errors.ts';
import { outputOf } from './columns.ts';
import { type ColumnEstimate, distinctAmong, type Estimate } from './estimate.ts';
import { filteredEstimate } from './estimate-filter.ts';
import { estimateJoin } from './estimate-join.ts';
import { estimateScan } from './estimate-scan.ts';
import type { BoundExpr, ColumnId } from './expr.ts';
import type { AggregatePlan, Column, LogicalPlan, PlanOf, SetOpPlan, SharedId } from './logical-plan.ts';
import { inputsOf } from './rewrite.ts';
import { estimateExpr } from './selectivity.ts';

/** Rows of a plan of which nothing is known. */
const UNKNOWN_ROWS = 1000;
/** Elements of a list of which nothing is known. */
const ELEMENTS_PER_LIST = 5;

const estimates = new WeakMap<LogicalPlan, Estimate>();
const definitions = new WeakMap<PlanOf<'shared-ref'>, LogicalPlan>();

/** How many rows a plan is expected to hand up; at least 0, not an integer. */
export function estimateRows(plan: LogicalPlan): number {
  return estimateOf(plan).rows;
}

/** What is expected of a plan's rows and columns, from the statistics of its scans. */
export function estimateOf(plan: LogicalPlan): Estimate {
  const known = estimates.get(plan);
  if (known !== undefined) return known;
  const estimate = compute(plan);
  estimates.set(plan, estimate);
  return estimate;
}

/**
 * Tells the references to shared subplans below `plan` what they read, so that a reference can be estimated though
 * its definition stands elsewhere. Without it a reference counts as unknown.
 */
export function noteSharedPlans(plan: LogicalPlan, known: ReadonlyMap<SharedId, LogicalPlan> = new Map()): void {
  if (plan.kind === 'shared-ref') {
    const definition = known.get(plan.id);
    if (definition === undefined || definitions.get(plan) === definition) return;
    definitions.set(plan, definition);
    estimates.delete(plan);
  } else if (plan.kind === 'shared') {
    noteSharedPlans(plan.definition, known);
    noteSharedPlans(plan.input, new Map(known).set(plan.id, plan.definition));
  } else {
    for (const input of inputsOf(plan)) noteSharedPlans(input, known);
  }
}

function compute(plan: LogicalPlan): Estimate {
  switch (plan.kind) {
    case 'scan':
      return estimateScan(plan);
    case 'values':
      return {
        rows: plan.rows.length,
        columns: new Map(plan.columns.map(c => [c.id, unknownColumn(plan.rows.length)])),
      };
    case 'empty':
      return { rows: 0, columns: new Map() };
    case 'filter':
      return filteredEstimate(estimateOf(plan.input), plan.predicate);
    case 'project': {
      const input = estimateOf(plan.input);
      return { rows: input.rows, columns: projected(plan.columns, input) };
    }
    case 'aggregate':
      return aggregated(plan);
    case 'join':
      return estimateJoin(plan, estimateOf(plan.left), estimateOf(plan.right));
    case 'asof-join': {
      // Rows without a match are rare: mostly there is something before.
      const left = estimateOf(plan.left);
      if (plan.type === 'semi') return left;
      if (plan.type === 'anti') return { rows: left.rows / 10, columns: left.columns };
      return { rows: left.rows, columns: new Map([...left.columns, ...estimateOf(plan.right).columns]) };
    }
    case 'sort':
    case 'window':
    case 'limit-by':
      return estimateOf(plan.input);
    case 'limit':
    case 'top-k': {
      const input = estimateOf(plan.input);
      const rows = Math.min(plan.count ?? Number.POSITIVE_INFINITY, Math.max(0, input.rows - plan.offset));
      return { rows, columns: input.columns };
    }
    case 'distinct-on': {
      const input = estimateOf(plan.input);
      return { rows: groupsOf(plan.on, input), columns: input.columns };
    }
    case 'unnest': {
      const input = estimateOf(plan.input);
      return { rows: input.rows * ELEMENTS_PER_LIST, columns: input.columns };
    }
    case 'set-op':
      return setOp(plan);
    case 'recursive':
      return { rows: Math.max(UNKNOWN_ROWS, estimateOf(plan.anchor).rows), columns: new Map() };
    case 'shared':
      noteSharedPlans(plan);
      return estimateOf(plan.input);
    case 'shared-ref':
      return referenced(plan);
    case 'insert':
    case 'copy':
      return { rows: 1, columns: new Map() };
    default:
      return assertNever(plan);
  }
}

/** How many groups rows have by these keys. Further keys count less: they often depend on the first ones. */
function groupsOf(keys: readonly BoundExpr[], input: Estimate): number {
  if (input.rows <= 0) return 0;
  const distincts = keys
    .filter(k => k.kind !== 'literal')
    .map(k => estimateExpr(k, input)?.distinct ?? unknownDistinct(input.rows))
    .sort((a, b) => b - a);
  let product = 1;
  let exponent = 1;
  for (const d of distincts) {
    product *= d ** exponent;
    exponent /= 2;
  }
  return distinctAmong(Math.max(1, product), input.rows);
}

function aggregated(plan: AggregatePlan): Estimate {
  const input = estimateOf(plan.input);
  const columns = new Map(projected(plan.keys, input));
  if (plan.keys.length === 0 && plan.groupingSets === undefined) return { rows: 1, columns };
  const sets = plan.groupingSets ?? [plan.keys.map((_, i) => i)];
  let rows = 0;
  for (const set of sets)
    rows +=
      set.length === 0
        ? 1
        : groupsOf(
            set.map(i => plan.keys[i]!.expr),
            input,
          );
  for (const a of plan.aggregates) columns.set(a.column.id, unknownColumn(rows));
  return { rows, columns };
}

function projected(
  columns: readonly { readonly column: Column; readonly expr: BoundExpr }[],
  input: Estimate,
): Map<ColumnId, ColumnEstimate> {
  const result = new Map<ColumnId, ColumnEstimate>();
  for (const { column, expr } of columns) {
    const estimate = estimateExpr(expr, input);
    if (estimate !== undefined) result.set(column.id, estimate);
  }
  return result;
}

function setOp(plan: SetOpPlan): Estimate {
  const left = estimateOf(plan.left);
  const right = estimateOf(plan.right);
  const columns = new Map<ColumnId, ColumnEstimate>();
  const leftOutput = outputOf(plan.left);
  const rightOutput = outputOf(plan.right);
  plan.columns.forEach((c, i) => {
    const l = left.columns.get(leftOutput[i]!.id);
    const r = right.columns.get(rightOutput[i]!.id);
    if (l !== undefined && r !== undefined) columns.set(c.id, plan.op === 'union' ? united(l, r) : l);
  });
  const distinctLeft = plan.all ? left.rows : groupsOf(columnRefs(leftOutput), left);
  switch (plan.op) {
    case 'union': {
      const rows = plan.all ? left.rows + right.rows : distinctLeft + groupsOf(columnRefs(rightOutput), right);
      return { rows, columns };
    }
    case 'intersect':
      return { rows: Math.min(distinctLeft, right.rows) / 2, columns };
    case 'except':
      return { rows: distinctLeft / 2, columns };
    default:
      return assertNever(plan.op);
  }
}

const columnRefs = (columns: readonly Column[]): BoundExpr[] =>
  columns.map(c => ({ kind: 'column', id: c.id, type: c.type }));

const united = (a: ColumnEstimate, b: ColumnEstimate): ColumnEstimate => ({
  distinct: Math.max(a.distinct, b.distinct),
  bound: true,
  tableRows: a.tableRows + b.tableRows,
  min: a.min === undefined || b.min === undefined ? undefined : Math.min(a.min, b.min),
  max: a.max === undefined || b.max === undefined ? undefined : Math.max(a.max, b.max),
  nulls: Math.max(a.nulls, b.nulls),
});

function referenced(plan: PlanOf<'shared-ref'>): Estimate {
  const definition = definitions.get(plan);
  if (definition === undefined) return { rows: UNKNOWN_ROWS, columns: new Map() };
  const { rows, columns } = estimateOf(definition);
  const renamed = new Map<ColumnId, ColumnEstimate>();
  plan.columns.forEach((c, i) => {
    const estimate = columns.get(plan.source[i]!);
    if (estimate !== undefined) renamed.set(c.id, estimate);
  });
  return { rows, columns: renamed };
}

const unknownDistinct = (rows: number): number => Math.max(1, Math.min(rows, Math.max(25, rows ** 0.6)));

const unknownColumn = (rows: number): ColumnEstimate => ({
  distinct: Math.max(1, rows),
  bound: true,
  tableRows: rows,
  nulls: 0,
});
