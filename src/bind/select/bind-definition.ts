import type { Span } from '../../common/errors.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Query } from '../../query/query.ts';
import { INT32 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { castTo } from '../coerce.ts';
import type { CteEntry } from '../cte-scope.ts';
import type { ScopeColumn } from '../scope.ts';
import { renamedColumns } from './renamed-columns.ts';
import { projected } from './select-output.ts';

/** A WITH entry's rows, under the names that it gives its columns. */
export type Definition = { readonly plan: LogicalPlan; readonly columns: readonly ScopeColumn[] };

/** Binds the query of a WITH entry. */
export function bindDefinition(b: Binder, entry: CteEntry): Definition {
  const { table, env } = entry;
  if (entry.recursive) return bindRecursive(b, entry);
  const { plan, scope } = b.query(b, table.query, env);
  return { plan, columns: renamedColumns(scope.columns, table.columns, `table "${table.name}"`, table.span) };
}

/**
 * `anchor UNION [ALL] step`: the step reads the rows of the round before under the entry's name. Columns have the
 * anchor's names and types.
 */
function bindRecursive(b: Binder, { table, env }: CteEntry): Definition {
  const { name } = table;
  const query = unionOf(table.query, name, table.span);
  // The name means nothing yet: the anchor cannot read what is made of it.
  const nameless: CteEntry = { table, env, recursive: true, unreadable: true };
  const anchor = b.query(b, query.left, { ...env, ctes: { entry: nameless, next: env.ctes } });
  const named = renamedColumns(anchor.scope.columns, table.columns, `table "${name}"`, table.span);
  // Without a type of their own NULLs are integers, as in a table.
  const typed = named.map(c => ({ name: c.name, type: c.column.type.kind === 'null' ? INT32 : c.column.type }));
  const columns = typed.map(({ name, type }): ScopeColumn => ({ name, column: b.newColumn(name, type, true) }));
  const id = b.newShared();
  const step = b.query(b, query.right, {
    ...env,
    ctes: { entry: { table, env, recursive: true, shared: { id, columns } }, next: env.ctes },
  });
  if (step.scope.columns.length !== columns.length) {
    throw bindError(
      `The recursive part of "${name}" has ${step.scope.columns.length} columns, its first part ${columns.length}`,
      query.right.span ?? table.span,
    );
  }
  const aligned = (plan: LogicalPlan, given: readonly ScopeColumn[]): LogicalPlan => {
    const items = given.map((c, i) => ({ name: columns[i]!.name, expr: castTo(b, b.ref(c.column), typed[i]!.type) }));
    return projected(b, plan, items).plan;
  };
  return {
    plan: {
      kind: 'recursive',
      id,
      anchor: aligned(anchor.plan, anchor.scope.columns),
      step: aligned(step.plan, step.scope.columns),
      columns: columns.map(c => c.column),
      all: query.all,
    },
    columns,
  };
}

type Union = Extract<Query, { kind: 'set-op' }>;

/** @throws RayexecError `bind` when the query is no union of a first part and a recursive one */
function unionOf(query: Query, name: string, span: Span | undefined): Union {
  switch (query.kind) {
    case 'set-op':
      if (query.op === 'union' && !query.byName) return query;
      break;
    case 'sort':
      throw bindError(`ORDER BY does not belong in recursive "${name}"`, query.span ?? span, 'sort where it is read');
    case 'limit':
      throw bindError(`LIMIT does not belong in recursive "${name}"`, query.span ?? span, 'cut where it is read');
    default:
      break;
  }
  throw bindError(
    `"${name}" reads itself, but is no UNION of a first part and a recursive one`,
    query.span ?? span,
    `WITH RECURSIVE ${name} AS (SELECT … UNION ALL SELECT … FROM ${name} …)`,
  );
}
