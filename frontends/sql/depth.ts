import type { TokenStream } from './token-stream.ts';

/** How deep a syntax tree may be: later passes recurse over it. DuckDB's limit for expressions. */
const MAX_DEPTH = 1000;

/**
 * Fails when the tree is too deep, which long chains make it without any nesting in the text: `1 + 1 + 1 + …`.
 * Works without recursion. @throws RayexecError 'parse'.
 */
export function checkDepth(s: TokenStream, root: object): void {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    const below: object[] = [];
    for (const node of level) collectNodes(node, below);
    if (depth > MAX_DEPTH) {
      const { span } = level[0] as { span?: { start: number; end: number } };
      s.error(
        `this is a chain or nesting of more than ${MAX_DEPTH} levels`,
        span ?? s.token,
        'split the query, for example with WITH',
      );
    }
    level = below;
  }
}

/** The nodes (objects with a kind) nearest below `node`. */
function collectNodes(node: object, found: object[]): void {
  for (const key in node) {
    const value: unknown = (node as Record<string, unknown>)[key];
    if (typeof value !== 'object' || value === null || key === 'span') continue;
    if ('kind' in value) found.push(value);
    else collectNodes(value, found);
  }
}
