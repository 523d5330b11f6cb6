import { RayexecError } from '../../common/errors.ts';
import { isArray, isObject, type JsonNode, MAX_JSON_DEPTH, objectOf } from './json-node.ts';
import type { JsonPath, Step } from './json-path.ts';

/** Whether a value is put where one is, where none is, or both. */
export type Change = 'set' | 'insert' | 'replace';

/**
 * A value with another at the end of a path. Objects and arrays on the way to a new one are made, but an array grows
 * only by one element, behind its last. Where the path leads through a value of another kind, nothing changes.
 * @throws RayexecError `invalid-argument` for wildcards, and for a path that is too long to be made
 */
export function changedAt(root: JsonNode, path: JsonPath, value: JsonNode, change: Change): JsonNode {
  return changed(root, singleSteps(path), value, change);
}

/** A value without what is at the end of a path; undefined when that is all of it. @throws RayexecError `invalid-argument` for wildcards */
export function removedAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  return removed(root, singleSteps(path));
}

function singleSteps({ steps, isWild }: JsonPath): readonly Step[] {
  if (isWild)
    throw new RayexecError(
      'invalid-argument',
      'a JSON value is changed at one place, and a path with wildcards has many',
      {
        hint: "name the place: '$.key[0]'",
      },
    );
  if (steps.length > MAX_JSON_DEPTH)
    throw new RayexecError(
      'invalid-argument',
      `a JSON path of more than ${MAX_JSON_DEPTH} steps is too deep to change`,
    );
  return steps;
}

function changed(node: JsonNode, steps: readonly Step[], value: JsonNode, change: Change): JsonNode {
  const [step, ...rest] = steps;
  if (step === undefined) return change === 'insert' ? node : value;
  const within = (child: JsonNode): JsonNode => changed(child, rest, value, change);
  const added = change === 'replace' ? undefined : newValue(rest, value);
  if (isObject(node)) {
    if (step.kind !== 'key') return node;
    const at = node.entries.findIndex(e => e[0] === step.key);
    if (at < 0) return added === undefined ? node : objectOf([...node.entries, [step.key, added]]);
    const child = within(node.entries[at]![1]);
    if (child === node.entries[at]![1]) return node;
    // What has its key once more is gone with the value that it stands beside.
    const kept = node.entries.filter(([key], i) => i <= at || rest.length > 0 || key !== step.key);
    return objectOf(kept.map((entry, i) => (i === at ? [step.key, child] : entry)));
  }
  if (node === null || !isArray(node)) return node;
  const at = indexIn(node, step);
  if (at === undefined || at < 0 || at > node.length) return node;
  if (at < node.length) return node.map((n, i) => (i === at ? within(n) : n));
  return added === undefined ? node : [...node, added];
}

/** A value below objects and arrays that a path names; undefined when an array would have to have more before it. */
function newValue(steps: readonly Step[], value: JsonNode): JsonNode | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const inner = newValue(rest, value);
  if (inner === undefined) return undefined;
  if (step.kind === 'key') return objectOf([[step.key, inner]]);
  return step.kind === 'index' && (step.index === 0 || step.index === Number.POSITIVE_INFINITY) ? [inner] : undefined;
}

function removed(node: JsonNode, steps: readonly Step[]): JsonNode | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return undefined;
  if (isObject(node)) {
    if (step.kind !== 'key') return node;
    if (rest.length === 0) return objectOf(node.entries.filter(e => e[0] !== step.key));
    const at = node.entries.findIndex(e => e[0] === step.key);
    return objectOf(node.entries.map((entry, i) => (i === at ? [entry[0], removed(entry[1], rest)!] : entry)));
  }
  if (node === null || !isArray(node)) return node;
  const at = indexIn(node, step);
  if (rest.length === 0) return node.filter((_, i) => i !== at);
  return node.map((n, i) => (i === at ? removed(n, rest)! : n));
}

/** The place in an array that a step names, as pointers do by a number or `-`; it may be outside. */
function indexIn(array: readonly JsonNode[], step: Step): number | undefined {
  if (step.kind === 'key')
    return step.key === '-' ? array.length : /^\d+$/.test(step.key) ? Number(step.key) : undefined;
  if (step.kind !== 'index') return undefined;
  return step.index === Number.POSITIVE_INFINITY
    ? array.length
    : step.index < 0
      ? step.index + array.length
      : step.index;
}
