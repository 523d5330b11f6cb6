import { batchOf, type Rows } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import { AdaptiveOrder } from '../functions/adaptive-order.ts';
import { ExprEvaluator } from '../functions/evaluate.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { type BoundSource, sourceColumnName } from '../plan/logical-plan.ts';
import { explainExpr, inputIndexes } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Source } from '../protocol/operator.ts';
import { EXHAUSTED, ready, type Step } from '../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../protocol/table-function.ts';
import { tableFunction } from '../sources/index.ts';
import type { DataType } from '../types/data-type.ts';
import type { AppliedFilter } from './lib/filters/filter-slot.ts';
import { ScanFilters } from './lib/filters/scan-filters.ts';
import type { KeyBounds } from './lib/key-ranges.ts';

/** Reads a table function's splits; clones claim them one at a time from a shared counter, so skew costs nothing. */
export type ScanNode = {
  readonly kind: 'scan';
  readonly source: BoundSource;
  /** Indexes into the source's schema. */
  readonly columns: readonly number[];
  readonly types: readonly DataType[];
  /** Conjuncts over the columns read; all are applied. */
  readonly filters: readonly PhysicalExpr[];
  /** What joins find out before the scan begins, and the bounds of a top-k; never together with `limit`. */
  readonly runtimeFilters?: readonly AppliedFilter[] | undefined;
  /** In plans for separate memories: each task reads a range of a column's values, rather than a share of the splits. */
  readonly ranges?: ScanRanges | undefined;
  /** There, each task reads all splits. */
  readonly isWhole?: boolean | undefined;
  /** At most this many rows are needed. */
  readonly limit?: number | undefined;
};

/** The column, as a position among those read, and bounds: where its splits' statistics tell where its values are. */
export type ScanRanges = { readonly column: number; readonly bounds: KeyBounds };

type ScanState = {
  readonly node: ScanNode;
  readonly ctx: OpenContext;
  readonly evaluators: readonly ExprEvaluator[];
  readonly runtime: ScanFilters;
  readonly order: AdaptiveOrder;
  readonly reader: SplitReader;
  current: number;
  rows: number;
};

const source: Source<ScanNode, ScanState> = {
  open(node, ctx) {
    const evaluators = node.filters.map(f => new ExprEvaluator(f, ctx));
    const runtime = new ScanFilters(node.runtimeFilters ?? [], ctx);
    const conditions = conditionsOf(node, evaluators, runtime);
    const order = new AdaptiveOrder(conditions.map(c => c.isSteady));
    const state: ScanState = {
      node,
      ctx,
      evaluators,
      runtime,
      order,
      reader: tableFunction(node.source.fn).open(requestOf(node, conditions, order, runtime), ctx),
      current: -1,
      rows: 0,
    };
    return state;
  },

  pull(state): Step {
    const { node, ctx, reader } = state;
    for (;;) {
      if (node.limit !== undefined && state.rows >= node.limit) return EXHAUSTED;
      if (state.current < 0 && !claim(state)) return EXHAUSTED;
      const step = reader.pull();
      if (step.status === 'exhausted') {
        state.current = -1;
        continue;
      }
      if (step.status !== 'ready') return step;
      const { batch } = step;
      if (batch.selected === 0) {
        if (ctx.cancelled()) return EXHAUSTED;
        ctx.arena.reset();
        continue;
      }
      state.rows += batch.selected;
      return batch.split === state.current ? step : ready(batchOf(batch, batch.columns, state.current));
    }
  },

  close(state) {
    state.reader.close();
    for (const e of state.evaluators) e.close();
    state.runtime.close();
  },

  counts: ({ runtime, order, reader }) => ({
    ...runtime.counts,
    ...reader.counts?.(),
    ...(order.changes > 0 ? { 'changes of order': order.changes } : {}),
  }),

  partitions: ({ source: { splits } }) => (splits.length <= 1 ? 1 : undefined),
};

/** Takes the next split, if one is left. */
function claim(state: ScanState): boolean {
  const { node, ctx, runtime, reader } = state;
  for (;;) {
    const index = Atomics.add(ctx.memory.i32, ctx.shared >> 2, 1);
    const split = node.source.splits[index];
    if (split === undefined) return false;
    if (runtime.skips(split, position => node.columns[position]!)) continue;
    state.current = index;
    reader.start(split, index);
    return true;
  }
}

/** One of the filters of a scan, and the positions of the columns that it reads. */
type Condition = {
  readonly columns: readonly number[];
  readonly select: (columns: readonly (Vector | undefined)[], rows: Rows) => Rows;
  readonly isSteady: boolean;
};

/** What a scan asks of its rows, in the order in which it is asked at first. */
function conditionsOf(
  node: ScanNode,
  evaluators: readonly ExprEvaluator[],
  runtime: ScanFilters,
): readonly Condition[] {
  const own = evaluators.map((e, i) => ({
    columns: [...inputIndexes([node.filters[i]!])],
    select: (columns: readonly (Vector | undefined)[], rows: Rows) => e.select(columns, rows),
    isSteady: e.isSteady,
  }));
  const lookups = runtime.lookups.map(steady);
  // What joins look for is mostly the least; but conditions that may fail meet the same rows each time.
  const asked = own.every(c => c.isSteady) ? [...lookups, ...own] : [...own, ...lookups];
  // What lies beyond a bound is dropped before dearer conditions look at it.
  return [...runtime.bounds.map(steady), ...asked];
}

const steady = (filter: Omit<Condition, 'isSteady'>): Condition => ({
  columns: filter.columns,
  select: (columns, rows) => filter.select(columns, rows),
  isSteady: true,
});

function requestOf(
  node: ScanNode,
  conditions: readonly Condition[],
  order: AdaptiveOrder,
  runtime: ScanFilters,
): ScanRequest {
  return {
    source: node.source,
    columns: node.columns,
    types: node.types,
    filters: node.filters,
    runtime: { columns: runtime.columns, excludes: (rangeOf, rows) => runtime.excludes(rangeOf, rows) },
    narrows: conditions.length > 0,
    filterColumns: [...new Set(conditions.flatMap(c => c.columns))].sort((a, b) => a - b),
    limit: node.limit,
    select: (columns, among, read) =>
      order.select(among, (at, rows) => {
        const condition = conditions[at]!;
        if (read !== undefined) for (const i of condition.columns) columns[i] ??= read(i, rows);
        return condition.select(columns, rows);
      }),
  };
}

export const scan: Operator<ScanNode> = {
  kind: 'scan',
  source,
  sharedBytes: () => 4,
  explain(node) {
    const lines: [string, string][] = [
      ['source', node.source.label],
      ['columns', node.columns.map(i => sourceColumnName(node.source, i)).join(', ')],
    ];
    const names = node.columns.map(i => sourceColumnName(node.source, i));
    if (node.filters.length > 0) lines.push(['filters', node.filters.map(f => explainExpr(f, names)).join(' and ')]);
    if (node.runtimeFilters !== undefined) {
      const applied = node.runtimeFilters.map(
        f => `${f.id} of ${explainExpr(f.key, names)}${f.keeps === undefined ? '' : ` (${f.keeps} a moving bound)`}`,
      );
      lines.push(['runtime filters', applied.join(', ')]);
    }
    if (node.ranges !== undefined) lines.push(['tasks read', `ranges of ${names[node.ranges.column]}`]);
    if (node.isWhole === true) lines.push(['tasks read', 'all rows']);
    if (node.limit !== undefined) lines.push(['limit', String(node.limit)]);
    lines.push(['splits', String(node.source.splits.length)]);
    return lines;
  },
};
