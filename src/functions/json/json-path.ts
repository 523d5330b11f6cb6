import { RayexecError } from '../../common/errors.ts';
import { isArray, isObject, type JsonNode } from './json-node.ts';

/**
 * One step into a value. A pointer's key names elements by number, too. An index counts from the end when it is negative;
 * infinite, it is behind the last element.
 */
export type Step =
  | { readonly kind: 'key'; readonly key: string; readonly isPointer?: true }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'items' | 'members' }
  | { readonly kind: 'below' };

export type JsonPath = { readonly steps: readonly Step[]; readonly isWild: boolean };

const parsed = new Map<string, JsonPath>();

/**
 * A path: JSONPath from `$` (`$.a[0]`, `$."a b"`, `$[#-1]`, `$.a[*]`, `$.*`, `$..a`), a pointer from `/`, else one key.
 * @throws RayexecError `invalid-argument` for a path that can't be read
 */
export function jsonPath(text: string): JsonPath {
  let path = parsed.get(text);
  if (path === undefined) {
    const steps = parsePath(text);
    path = { steps, isWild: steps.some(s => s.kind !== 'key' && s.kind !== 'index') };
    if (parsed.size > 1000) parsed.clear();
    parsed.set(text, path);
  }
  return path;
}

/** The path of one element. */
export const indexPath = (index: bigint): JsonPath => ({
  steps: [{ kind: 'index', index: Number(index) }],
  isWild: false,
});

const STEP = /\.\.|\.\*|\.?"((?:[^"\\]|\\.)*)"|\.([^.[\]"*]+)|\[(?:(#)?(-?\d+)?|(\*))\]/y;

function parsePath(text: string): readonly Step[] {
  if (text === '') return [];
  if (text.startsWith('/')) return text.slice(1).split('/').map(pointerStep);
  if (!text.startsWith('$')) return [{ kind: 'key', key: text }];
  const steps: Step[] = [];
  for (let at = 1; at < text.length; ) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) throw badPath(text, at);
    const [found, quoted, plain, , number, star] = match;
    const fromEnd = match[3] !== undefined;
    if (found === '..') {
      steps.push({ kind: 'below' });
      // A key follows without a point of its own.
      const key = /[^.[\]"*]+/y;
      key.lastIndex = at + 2;
      const name = key.exec(text)?.[0];
      if (name === undefined) throw badPath(text, at);
      steps.push({ kind: 'key', key: name });
      at += 2 + name.length;
      continue;
    }
    if (found === '.*') steps.push({ kind: 'members' });
    else if (star !== undefined) steps.push({ kind: 'items' });
    else if (quoted !== undefined) steps.push({ kind: 'key', key: quoted.replace(/\\(.)/g, '$1') });
    else if (plain !== undefined) steps.push({ kind: 'key', key: plain });
    else if (fromEnd ? Number(number) >= 0 : number === undefined) throw badPath(text, at);
    else steps.push({ kind: 'index', index: number === undefined ? Number.POSITIVE_INFINITY : Number(number) });
    at += found.length;
  }
  return steps;
}

function pointerStep(part: string): Step {
  return { kind: 'key', key: part.replaceAll('~1', '/').replaceAll('~0', '~'), isPointer: true };
}

const badPath = (text: string, at: number): RayexecError =>
  new RayexecError('invalid-argument', `the JSON path '${text}' can't be read from character ${at + 1} on`, {
    hint: "paths look like '$.key[0]', '/key/0' or 'key'",
  });

/** The value at a path without wildcards; undefined when there is none. */
export function nodeAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path.steps) {
    node = childAt(node, step);
    if (node === undefined) return undefined;
  }
  return node;
}

function childAt(node: JsonNode, step: Step): JsonNode | undefined {
  if (step.kind === 'index') return node !== null && isArray(node) ? node.at(step.index) : undefined;
  if (step.kind !== 'key') return undefined;
  // The first of several, as in DuckDB.
  if (isObject(node)) return node.entries.find(([key]) => key === step.key)?.[1];
  const isNumber = step.isPointer === true && /^\d+$/.test(step.key);
  return isNumber && node !== null && isArray(node) ? node[Number(step.key)] : undefined;
}

/** The values that a path with wildcards leads to. */
export function nodesAt(root: JsonNode, { steps }: JsonPath): readonly JsonNode[] {
  let nodes: readonly JsonNode[] = [root];
  for (const step of steps) nodes = nodes.flatMap(n => childrenAt(n, step));
  return nodes;
}

function childrenAt(node: JsonNode, step: Step): readonly JsonNode[] {
  switch (step.kind) {
    case 'items':
      return node !== null && isArray(node) ? node : [];
    case 'members':
      return isObject(node) ? node.entries.map(e => e[1]) : [];
    case 'below': {
      const children = isObject(node) ? node.entries.map(e => e[1]) : node !== null && isArray(node) ? node : [];
      return [node, ...children.flatMap(c => childrenAt(c, step))];
    }
    default: {
      const child = childAt(node, step);
      return child === undefined ? [] : [child];
    }
  }
}
