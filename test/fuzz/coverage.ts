import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { exprChildren, queryChildren } from '../../src/query/walk.ts';

/** What there is to meet: names of operators, rules and functions. */
export type Known = {
  readonly operators: readonly string[];
  readonly rules: readonly string[];
  readonly functions: readonly string[];
  /** Functions by their other names. */
  readonly aliases: ReadonlyMap<string, string>;
};

/** What the queries met: functions and forms of their text, rules and operators of their plans, types of their results. */
export class Coverage {
  readonly #functions = new Map<string, number>();
  readonly #forms = new Map<string, number>();
  readonly #rules = new Map<string, number>();
  readonly #operators = new Map<string, number>();
  readonly #types = new Map<string, number>();

  query(query: Query): void {
    const visit = (node: Expr | Query): void => {
      if (node.kind === 'call') count(this.#functions, node.fn);
      count(this.#forms, formOf(node));
      // Kinds of expressions and of queries have no name in common.
      const children = queryKinds.has(node.kind) ? queryChildren(node as Query) : exprChildren(node as Expr);
      for (const child of children) visit(child);
    };
    visit(query);
  }

  types(types: readonly string[]): void {
    for (const type of types) count(this.#types, type.replace(/\(\d+,\s*\d+\)/, '(p, s)').slice(0, 60));
  }

  /** Reads the text of EXPLAIN VERBOSE. */
  plan(text: string): void {
    let physical = false;
    for (const line of text.split('\n')) {
      const rule = /^after (\S+)$/.exec(line)?.[1];
      if (rule !== undefined) count(this.#rules, rule);
      if (line === 'physical') physical = true;
      const operator = physical ? /^\s*([a-z][a-z-]*)/.exec(line)?.[1] : undefined;
      if (operator !== undefined && operator !== 'physical') count(this.#operators, operator);
    }
  }

  /** How often each was met, and what never was. */
  report(known: Known): string {
    const list = (title: string, map: ReadonlyMap<string, number>, all: readonly string[] = []): string => {
      const met = [...map].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([name, n]) => `${name} ${n}`);
      const never = all.filter(name => !map.has(name));
      const rest = never.length > 0 ? `\n  never: ${never.join(', ')}` : '';
      return `${title} (${map.size}${all.length > 0 ? ` of ${all.length}` : ''}): ${met.join(', ')}${rest}`;
    };
    return [
      list('operators', this.#operators, known.operators),
      list('rules', this.#rules, known.rules),
      list('types', this.#types),
      list('forms', this.#forms),
      list('functions', named(this.#functions, known.aliases), known.functions),
    ].join('\n');
  }
}

/** Counts by the functions' own names. */
function named(counts: ReadonlyMap<string, number>, aliases: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const own = new Map<string, number>();
  for (const [name, n] of counts) {
    const function_ = aliases.get(name) ?? name;
    own.set(function_, (own.get(function_) ?? 0) + n);
  }
  return own;
}

/** A node's kind, with what of it matters. */
function formOf(node: Expr | Query): string {
  switch (node.kind) {
    case 'join':
      return `join ${node.type}${node.on === undefined ? '' : ` ${node.on.kind}`}`;
    case 'set-op':
      return `${node.op}${node.all ? ' all' : ''}${node.byName ? ' by name' : ''}`;
    case 'call':
      return node.over === undefined
        ? 'call'
        : typeof node.over === 'object'
          ? `window ${node.over.frame?.unit ?? 'without frame'}`
          : 'named window';
    case 'select':
      return `select${node.groupBy === undefined ? '' : ' group by'}${node.qualify === undefined ? '' : ' qualify'}${Array.isArray(node.distinct) ? ' distinct on' : ''}`;
    case 'with':
      return node.recursive ? 'with recursive' : 'with';
    default:
      return node.kind;
  }
}

const queryKinds: ReadonlySet<string> = new Set<Query['kind']>([
  'table',
  'relation',
  'table-function',
  'values',
  'alias',
  'select',
  'filter',
  'extend',
  'drop',
  'rename',
  'aggregate',
  'join',
  'lateral',
  'sort',
  'limit',
  'distinct',
  'set-op',
  'with',
  'sample',
  'pivot',
  'unpivot',
  'unnest',
  'describe',
  'summarize',
  'show',
]);

const count = (map: Map<string, number>, key: string): void => {
  map.set(key, (map.get(key) ?? 0) + 1);
};
