import type { Span } from '../../common/errors.ts';
import { bindError } from '../binder.ts';
import { distinctlyNamed, type ScopeColumn } from '../scope.ts';

/** Columns under the names of an alias list, which may be shorter. @throws RayexecError `bind` when it is longer */
export function renamedColumns(
  columns: readonly ScopeColumn[],
  names: readonly string[] | undefined,
  what: string,
  span: Span | undefined,
): readonly ScopeColumn[] {
  if (names === undefined) return distinctlyNamed(columns);
  if (names.length > columns.length) {
    throw bindError(`${what} has ${columns.length} columns available but ${names.length} columns specified`, span);
  }
  return distinctlyNamed(columns.map((c, i) => (names[i] === undefined ? c : { name: names[i], column: c.column })));
}
