import { RayexecError } from '../common/errors.ts';
import type { BoundQuery } from '../plan/logical-plan.ts';
import type { Query } from '../query/query.ts';
import { Binder, type BindOptions, bindError, type Resolved } from './binder.ts';
import { NO_SURROUNDINGS, type QueryEnv } from './env.ts';
import { bindExpr } from './exprs/bind-expr.ts';
import { bindJoin } from './from/bind-join.ts';
import { bindPivot } from './from/bind-pivot.ts';
import { bindSample } from './from/bind-sample.ts';
import { bindDescribe, bindShow } from './from/bind-show.ts';
import { bindSummarize } from './from/bind-summarize.ts';
import { bindAlias, bindRelation, bindTable, bindTableFunction, bindValues } from './from/bind-table.ts';
import { bindUnpivot } from './from/bind-unpivot.ts';
import type { Bound } from './scope.ts';
import { bindSelect } from './select/bind-select.ts';
import { bindSetOp } from './select/bind-set-op.ts';
import {
  bindAggregateStep,
  bindDistinct,
  bindDrop,
  bindExtend,
  bindFilter,
  bindLimit,
  bindRename,
  bindSort,
} from './select/bind-steps.ts';
import { bindUnnestStep } from './select/bind-unnest-step.ts';
import { bindWith } from './select/bind-with.ts';
import { narrowed, projected } from './select/select-output.ts';

/** Queries nested deeper than this are refused, so that no text exhausts the stack. */
const MAX_QUERIES = 250;

/**
 * Settles what a query means: names become column ids, calls overloads, subqueries joins. Pure and synchronous.
 * @throws RayexecError `bind` | `catalog` | `unsupported` with the place in `options.source`
 */
export function bindQuery(query: Query, resolved: Resolved, options: BindOptions): BoundQuery {
  return withPlace(options, () => boundQuery(newBinder(resolved, options), query));
}

export const newBinder = (resolved: Resolved, options: BindOptions): Binder =>
  new Binder(resolved, options, { query: bindKind, expr: bindExpr });

/** A query without surroundings: its plan hands up just the result's columns. */
export function boundQuery(b: Binder, query: Query): BoundQuery {
  const { plan, scope } = bindKind(b, query, NO_SURROUNDINGS);
  const names = scope.columns.map(c => c.name);
  const columns = scope.columns.map(c => c.column);
  const isDistinct = new Set(columns.map(c => c.id)).size === columns.length;
  const exact = isDistinct
    ? { plan: narrowed(b, plan, columns, names).plan, columns }
    : projected(
        b,
        plan,
        columns.map((c, i) => ({ name: names[i]!, expr: b.ref(c) })),
      );
  return { plan: exact.plan, output: exact.columns.map((c, i) => ({ ...b.column(c.id), name: names[i]! })) };
}

/** Puts the source text into errors, so that they show the place. */
export function withPlace<T>(options: Pick<BindOptions, 'source'>, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RayexecError && options.source !== undefined) throw error.withSource(options.source);
    throw error;
  }
}

function bindKind(b: Binder, query: Query, env: QueryEnv): Bound {
  if (++b.queryDepth > MAX_QUERIES)
    throw bindError(`Query is nested too deeply (more than ${MAX_QUERIES} levels)`, query.span);
  try {
    return bindNode(b, query, env);
  } finally {
    b.queryDepth--;
  }
}

function bindNode(b: Binder, query: Query, env: QueryEnv): Bound {
  switch (query.kind) {
    case 'table':
      return bindTable(b, query, env);
    case 'relation':
      return bindRelation(b, query.id);
    case 'table-function':
      return bindTableFunction(b, query, env);
    case 'values':
      return bindValues(b, query, env);
    case 'alias':
      return bindAlias(b, query, env);
    case 'select':
      return bindSelect(b, query, env);
    case 'filter':
      return bindFilter(b, query, env);
    case 'extend':
      return bindExtend(b, query, env);
    case 'drop':
      return bindDrop(b, query, env);
    case 'rename':
      return bindRename(b, query, env);
    case 'aggregate':
      return bindAggregateStep(b, query, env);
    case 'join':
      return bindJoin(b, query, env);
    case 'lateral':
      return bindKind(b, query.input, env);
    case 'sort':
      return bindSort(b, query, env);
    case 'limit':
      return bindLimit(b, query, env);
    case 'distinct':
      return bindDistinct(b, query, env);
    case 'set-op':
      return bindSetOp(b, query, env);
    case 'with':
      return bindWith(b, query, env);
    case 'summarize':
      return bindSummarize(b, query, env);
    case 'describe':
      return bindDescribe(b, query, env);
    case 'show':
      return bindShow(b, query);
    case 'sample':
      return bindSample(b, query, env);
    case 'pivot':
      return bindPivot(b, query, env);
    case 'unpivot':
      return bindUnpivot(b, query, env);
    case 'unnest':
      return bindUnnestStep(b, query, env);
  }
}
