import type { LogicalPlan, SharedId } from '../../plan/logical-plan.ts';
import type { CommonTable, WithClause, WithQuery } from '../../query/query.ts';
import { type Binder, bindError } from '../binder.ts';
import type { CteEntry, CteScope } from '../cte-scope.ts';
import type { QueryEnv } from '../env.ts';
import { type Bound, sameName } from '../scope.ts';
import { bindDefinition } from './bind-definition.ts';

/**
 * WITH: an entry used once is bound where it is used (unless MATERIALIZED); one used more often is computed once and
 * read in all places (unless NOT MATERIALIZED). One that no row of the answer comes through is not bound at all.
 */
export function bindWith(b: Binder, query: WithQuery, env: QueryEnv): Bound {
  let scope = env.ctes;
  const definitions: { readonly id: SharedId; readonly plan: LogicalPlan; readonly demanded: boolean }[] = [];
  const counts = useCounts(query);
  for (const [i, table] of query.ctes.entries()) {
    const twice = query.ctes.findIndex(o => sameName(o.name, table.name)) < i;
    if (twice) throw bindError(`Duplicate CTE name "${table.name}"`, table.span);
    const before: QueryEnv = { outer: env.outer, ctes: scope };
    const recursive = query.recursive && uses(table.query, table.name) > 0;
    const entry: CteEntry = { table, env: before, recursive };
    const count = counts[i]!;
    const share = table.materialized ?? count > 1;
    if (!share || count === 0) {
      scope = { entry, next: scope };
      continue;
    }
    const { plan, columns } = bindDefinition(b, entry);
    const id = b.newShared();
    definitions.push({ id, plan, demanded: table.materialized === true });
    scope = { entry: { ...entry, shared: { id, columns } }, next: scope };
  }
  const bound = b.query(b, query.input, { outer: env.outer, ctes: scope });
  const plan = definitions.reduceRight<LogicalPlan>(
    (input, { id, plan: definition, demanded }) => ({
      kind: 'shared',
      id,
      definition,
      input,
      ...(demanded && { isDemanded: true }),
    }),
    bound.plan,
  );
  return { plan, scope: bound.scope };
}

/** The entries of a WITH clause in front of several queries: each is bound wherever one of them names it. */
export function tablesBoundWhereUsed({ ctes, recursive }: WithClause): CteScope | undefined {
  let scope: CteScope | undefined;
  for (const table of ctes) {
    const readsItself = recursive && uses(table.query, table.name) > 0;
    scope = { entry: { table, env: { outer: undefined, ctes: scope }, recursive: readsItself }, next: scope };
  }
  return scope;
}

/** How often each entry of WITH is used by the query and by later entries that are used themselves. */
function useCounts({ ctes, input }: WithQuery): readonly number[] {
  const counts: number[] = [];
  for (let i = ctes.length - 1; i >= 0; i--) {
    const { name } = ctes[i]!;
    counts[i] = ctes.reduce(
      (n, later, l) => (l > i && counts[l]! > 0 ? n + uses(later.query, name) : n),
      uses(input, name),
    );
  }
  return counts;
}

/** How often a query may name a table; names that something nearer hides count too, which only shares more. */
function uses(value: unknown, name: string): number {
  if (value === null || typeof value !== 'object') return 0;
  if (Array.isArray(value)) return value.reduce<number>((n, v) => n + uses(v, name), 0);
  const node = value as Partial<Extract<CommonTable['query'], { kind: 'table' }>>;
  if (node.kind === 'table' && Array.isArray(node.path))
    return node.path.length === 1 && sameName(node.path[0]!, name) ? 1 : 0;
  return Object.values(value).reduce<number>((n, v) => n + uses(v, name), 0);
}
