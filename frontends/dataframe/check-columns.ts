import { RayexecError } from '../../src/common/errors.ts';
import { didYouMean } from '../../src/common/suggest.ts';
import type { JoinCondition, Query } from '../../src/query/query.ts';
import type { Executor } from './executor.ts';
import { includes, type KnownNames, knownColumns } from './known-columns.ts';

/**
 * Throws 'bind' if the query's last step names a column that its input surely lacks, so that the error comes at the
 * verb. Steps before were checked when they were built; where names are not known yet, binding finds the error.
 */
export function checkColumns(query: Query, executor: Executor): void {
  if (executor.columnNames === undefined) return;
  if (query.kind === 'join') {
    checkJoin(query.on, knownColumns(query.left, executor), knownColumns(query.right, executor));
    return;
  }
  const input = query.kind === 'select' ? query.from : 'input' in query ? query.input : undefined;
  const known = input && knownColumns(input, executor);
  if (known === undefined) return;
  for (const name of namesIn(query)) check(name, known);
}

function namesIn(query: Query): readonly string[] {
  switch (query.kind) {
    case 'drop':
      return query.columns;
    case 'rename':
      return query.columns.map(({ from }) => from);
    case 'unnest':
      return [query.column];
    case 'select':
      return columns(query.items);
    case 'filter':
      return columns(query.predicate);
    case 'extend':
      return columns(query.columns);
    case 'aggregate':
      return columns([query.keys, query.aggregates]);
    case 'sort':
      return columns(query.keys);
    case 'distinct':
    case 'unpivot':
      return columns(query.on);
    case 'pivot':
      return columns([query.on, query.using, query.groupBy]);
    default:
      return [];
  }
}

/** The columns in expressions over one input. */
function columns(expressions: unknown): readonly string[] {
  return Array.from(paths(expressions), path => path[0]!);
}

function checkJoin(on: JoinCondition | undefined, leftNames: KnownNames, rightNames: KnownNames): void {
  switch (on?.kind) {
    case 'using':
      for (const name of on.columns) check(name, leftNames, LEFT);
      for (const name of on.columns) check(name, rightNames, RIGHT);
      return;
    case 'pairs':
      for (const [l, r] of on.pairs) {
        check(l, leftNames, LEFT);
        check(r, rightNames, RIGHT);
      }
      return;
    case 'predicate':
      for (const [side, column] of paths(on.predicate)) {
        if (column === undefined) continue;
        if (side === on.left) check(column, leftNames, LEFT);
        if (side === on.right) check(column, rightNames, RIGHT);
      }
      return;
    default:
      return;
  }
}

const LEFT = ' on the left side';
const RIGHT = ' on the right side';

function check(name: string, known: KnownNames, side = ''): void {
  if (known === undefined || includes(known, name)) return;
  throw new RayexecError('bind', `there is no column '${name}'${side}`, {
    hint: didYouMean(name, known) ?? `there are: ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}`,
  });
}

/** The paths of all names in expressions, without those of lambdas' parameters and in sub-queries. */
function* paths(value: unknown, params: readonly string[] = []): Iterable<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  const node = value as { readonly kind?: string; readonly path?: string[]; readonly params?: string[] };
  if (node.kind === 'name') {
    if (!params.includes(node.path![0]!)) yield node.path!;
    return;
  }
  const inner = node.kind === 'lambda' ? [...params, ...node.params!] : params;
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'query') yield* paths(child, inner);
  }
}
