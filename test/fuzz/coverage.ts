import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { exprChildren, queryChildren } from '../../src/query/walk.ts';

/** What the queries met: functions of their text, rules and operators of their plans. */
export class Coverage {
  readonly #functions = new Map<string, number>();
  readonly #rules = new Map<string, number>();
  readonly #operators = new Map<string, number>();

  query(query: Query): void {
    const visit = (node: Expr | Query): void => {
      if (node.kind === 'call') count(this.#functions, node.fn);
      // Kinds of expressions and of queries have no name in common.
      const children = queryKinds.has(node.kind) ? queryChildren(node as Query) : exprChildren(node as Expr);
      for (const child of children) visit(child);
    };
    visit(query);
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

  report(): string {
    const list = (map: ReadonlyMap<string, number>): string =>
      [...map]
        .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
        .map(([name, n]) => `${name} ${n}`)
        .join(', ');
    return `operators: ${list(this.#operators)}\nrules: ${list(this.#rules)}\nfunctions: ${list(this.#functions)}`;
  }
}

const queryKinds: ReadonlySet<string> = new Set<Query['kind']>([
  'table',
  'table-function',
  'values',
  'alias',
  'select',
  'join',
  'lateral',
  'sort',
  'limit',
  'distinct',
  'set-op',
  'with',
]);

const count = (map: Map<string, number>, key: string): void => {
  map.set(key, (map.get(key) ?? 0) + 1);
};
