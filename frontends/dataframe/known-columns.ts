import type { JoinQuery, PivotQuery, Query, SetQuery } from '../../src/query/query.ts';
import type { Executor } from './executor.ts';

/** Column names as far as they are known before any file is looked at; undefined if they are not. */
export type KnownNames = readonly string[] | undefined;

/** What was worked out already; a chain of n verbs asks n times. */
const worked = new WeakMap<Executor, WeakMap<Query, { readonly names: KnownNames }>>();

/** The names of a query's columns, if the executor knows those of the tables below. */
export function knownColumns(query: Query, executor: Executor): KnownNames {
  if (executor.columnNames === undefined) return undefined;
  let memo = worked.get(executor);
  if (memo === undefined) worked.set(executor, (memo = new WeakMap()));
  let entry = memo.get(query);
  if (entry === undefined) memo.set(query, (entry = { names: namesAfter(query, executor) }));
  return entry.names;
}

function namesAfter(query: Query, executor: Executor): KnownNames {
  const names = (input: Query): KnownNames => knownColumns(input, executor);
  switch (query.kind) {
    case 'filter':
    case 'sort':
    case 'limit':
    case 'distinct':
    case 'sample':
      return names(query.input);
    case 'select':
      return all(query.items.map(({ alias, expr }) => alias ?? (expr.kind === 'name' ? expr.path.at(-1) : undefined)));
    case 'aggregate':
      return [...query.keys, ...query.aggregates].map(column => column.name);
    case 'extend': {
      const before = names(query.input);
      const added = query.columns.map(column => column.name).filter(name => !includes(before, name));
      return before && [...before, ...added];
    }
    case 'drop':
      return names(query.input)?.filter(name => !includes(query.columns, name));
    case 'rename':
      return names(query.input)?.map(name => query.columns.find(({ from }) => same(from, name))?.to ?? name);
    case 'join':
      return namesOfJoin(query, names(query.left), names(query.right));
    case 'set-op':
      return query.byName ? namesOfSets(query, names(query.left), names(query.right)) : undefined;
    case 'pivot':
      return namesOfPivot(query);
    case 'unpivot': {
      const gone = query.on.flatMap(({ exprs }) => exprs.map(e => (e.kind === 'name' ? e.path[0]! : '')));
      const kept = names(query.input)?.filter(name => !includes(gone, name));
      return kept && [...kept, query.name, ...query.values];
    }
    case 'unnest':
      return query.prefix === undefined ? names(query.input) : undefined;
    case 'table':
    case 'relation':
      return executor.columnNames?.(query);
    default:
      return undefined;
  }
}

function namesOfJoin({ type, on, suffix }: JoinQuery, left: KnownNames, right: KnownNames): KnownNames {
  if (type === 'semi' || type === 'anti') return left;
  if (left === undefined || right === undefined || suffix === undefined) return undefined;
  const once = sharedKeys(on);
  const added = right.filter(name => !includes(once, name));
  return [...left, ...added.map(name => (includes(left, name) ? name + suffix : name))];
}

/** A union by name has the columns of both sides. */
function namesOfSets({ op }: SetQuery, left: KnownNames, right: KnownNames): KnownNames {
  if (op !== 'union' || left === undefined) return left;
  return right && [...left, ...right.filter(name => !includes(left, name))];
}

/** Known where the values that become columns are listed with names and hold one unnamed aggregate each. */
function namesOfPivot({ on, using, groupBy }: PivotQuery): KnownNames {
  const values = on.length === 1 ? on[0]!.in : undefined;
  if (groupBy === undefined || !Array.isArray(values) || using.length !== 1 || using[0]!.alias !== undefined) {
    return undefined;
  }
  const keys = groupBy.map(e => (e.kind === 'name' ? e.path.at(-1) : undefined));
  return all([...keys, ...(values as readonly { readonly alias?: string }[]).map(value => value.alias)]);
}

/** The columns that both sides have and the join gives once. */
function sharedKeys(on: JoinQuery['on']): readonly string[] {
  if (on?.kind === 'using') return on.columns;
  return on?.kind === 'pairs' ? on.pairs.filter(([l, r]) => same(l, r)).map(([l]) => l) : [];
}

/** Whether a name is among others; like SQL, regardless of case. */
export function includes(names: KnownNames, name: string): boolean {
  return names?.some(other => same(other, name)) ?? false;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function all(names: readonly (string | undefined)[]): KnownNames {
  return names.every(name => name !== undefined) ? (names as readonly string[]) : undefined;
}
