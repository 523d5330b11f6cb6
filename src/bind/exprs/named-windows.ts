import type { Span } from '../../common/errors.ts';
import type { WindowSpec } from '../../query/expr.ts';
import type { NamedWindow } from '../../query/query.ts';
import { bindError } from '../binder.ts';

/**
 * The windows of a WINDOW clause by name in lower case, each with what it takes over from the one that it extends, which
 * stands before it. @throws RayexecError `bind` for names that repeat or are unknown, and for clauses given twice
 */
export function namedWindows(windows: readonly NamedWindow[]): ReadonlyMap<string, WindowSpec> {
  const named = new Map<string, WindowSpec>();
  for (const { name, spec, span } of windows) {
    const key = name.toLowerCase();
    if (named.has(key)) throw bindError(`window "${name}" is already defined`, span);
    named.set(
      key,
      extendedWindow(spec, base => named.get(base.toLowerCase()), span),
    );
  }
  return named;
}

/** A specification with what it takes over from its base. */
export function extendedWindow(
  spec: WindowSpec,
  find: (name: string) => WindowSpec | undefined,
  span: Span | undefined,
): WindowSpec {
  const { base: name, ...own } = spec;
  if (name === undefined) return spec;
  const base = find(name);
  if (base === undefined) throw bindError(`window "${name}" does not exist`, span);
  if (own.partitionBy !== undefined) throw bindError(`Cannot override PARTITION BY clause of window "${name}"`, span);
  if (own.orderBy !== undefined && base.orderBy !== undefined)
    throw bindError(`Cannot override ORDER BY clause of window "${name}"`, span);
  if (base.frame !== undefined)
    throw bindError(
      `cannot copy window "${name}" because it has a frame clause`,
      span,
      `OVER ${name} without brackets takes it as it is`,
    );
  return { ...own, partitionBy: base.partitionBy, orderBy: own.orderBy ?? base.orderBy };
}
