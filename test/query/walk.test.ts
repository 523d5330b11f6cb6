import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseExpr, printExpr, printQuery } from '../../frontends/sql/index.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import {
  exprChildren,
  queryChildren,
  type Rewrite,
  rewriteExprChildren,
  rewriteQueryChildren,
} from '../../src/query/walk.ts';
import { arbitraryExpr, arbitraryQuery } from '../support/arbitrary-query.ts';

const isQuery = (node: Expr | Query): node is Query => queryKinds.has(node.kind);
const queryKinds: ReadonlySet<string> = new Set<Query['kind']>([
  ...([
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
  ] as const),
  ...([
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
  ] as const),
  ...(['unnest', 'describe', 'summarize', 'show'] as const),
]);
const children = (node: Expr | Query): (Expr | Query)[] => (isQuery(node) ? queryChildren(node) : exprChildren(node));

/** All names in the tree, renamed. */
const renaming: Rewrite = {
  expr: e => (e.kind === 'name' ? { ...e, path: e.path.map(p => `${p}_`) } : rewriteExprChildren(e, renaming)),
  query: q => rewriteQueryChildren(q, renaming),
};
const copying: Rewrite = { expr: e => rewriteExprChildren(e, copying), query: q => rewriteQueryChildren(q, copying) };

/** Every name path of the tree, found without walk.ts: in its JSON. */
function namesInJson(tree: unknown): string[][] {
  const found: string[][] = [];
  JSON.stringify(tree, (_, value) => {
    if (value?.kind === 'name') found.push(value.path);
    return value;
  });
  return found;
}

function namesByWalk(node: Expr | Query): string[][] {
  return node.kind === 'name' ? [[...node.path]] : children(node).flatMap(namesByWalk);
}

const sorted = (paths: string[][]): string[] => paths.map(p => JSON.stringify(p)).sort();

describe('for any tree', () => {
  const anyTree = fc.oneof(arbitraryExpr(), arbitraryQuery());
  const rebuild = (tree: Expr | Query, rewrite: Rewrite): Expr | Query =>
    isQuery(tree) ? rewrite.query(tree) : rewrite.expr(tree);

  test('the children are all of it', () => {
    const check = (tree: Expr | Query): void => {
      expect(sorted(namesByWalk(tree))).toEqual(sorted(namesInJson(tree)));
    };
    fc.assert(fc.property(anyTree, check), { numRuns: 500 });
  });

  test('a rebuild without changes is the same object', () => {
    const check = (tree: Expr | Query): void => {
      expect(rebuild(tree, copying)).toBe(tree);
    };
    fc.assert(fc.property(anyTree, check), { numRuns: 500 });
  });

  test('a rebuild changes every name and nothing else', () => {
    const renamed = (tree: Expr | Query): unknown =>
      JSON.parse(JSON.stringify(tree), (_, value) =>
        value?.kind === 'name' ? { ...value, path: value.path.map((p: string) => `${p}_`) } : value,
      );
    const check = (tree: Expr | Query): void => {
      expect(rebuild(tree, renaming)).toEqual(renamed(tree));
    };
    fc.assert(fc.property(anyTree, check), { numRuns: 500 });
  });
});

test('untouched parts keep their identity', () => {
  const before = parse('select a, b + 1 from (select c from t) where d') as Extract<Query, { kind: 'select' }>;
  const rewrite: Rewrite = {
    expr: e => (e.kind === 'name' && e.path[0] === 'd' ? parseExpr('x = 1') : rewriteExprChildren(e, rewrite)),
    query: q => rewriteQueryChildren(q, rewrite),
  };
  const after = rewrite.query(before) as typeof before;
  expect(after.items).toBe(before.items);
  expect(after.from).toBe(before.from);
  expect(printQuery(after)).toBe('SELECT a, b + 1 FROM (SELECT c FROM t) WHERE x = 1');
});

test('children come in the order of the text', () => {
  const e = parseExpr(
    'f(a, n := b order by c) filter (where d) over (partition by e order by g rows between 1 preceding and 2 following)',
  );
  expect(exprChildren(e).map(child => printExpr(child as Expr))).toEqual(['a', 'b', 'c', 'd', 'e', 'g', '1', '2']);
});
