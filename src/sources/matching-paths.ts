import { RayexecError } from '../common/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Scalar } from '../types/scalar.ts';
import { typeName } from '../types/type-name.ts';

/**
 * The files that a table function's path arguments name: one path or list of paths, globs matched.
 * @throws RayexecError `bind` for other arguments, `io` when nothing matches
 */
export async function matchingPaths(
  fn: string,
  positional: readonly Scalar[],
  platform: Platform,
): Promise<readonly string[]> {
  const [path, ...rest] = positional;
  if (path === undefined || rest.length > 0) {
    throw new RayexecError('bind', `${fn} takes one path, or a list of paths; options have names`, {
      hint: `${fn}('data/*', option = value)`,
    });
  }
  const found: string[] = [];
  for (const pattern of pathsOf(fn, path)) {
    const paths = await platform.glob(pattern);
    if (paths.length === 0) {
      // Opening says why a plain path can't be read.
      if (!/[*?[]/.test(pattern)) (await platform.open(pattern)).close();
      throw new RayexecError('io', `no files match '${pattern}'`);
    }
    found.push(...paths);
  }
  return found;
}

/** The paths and patterns of an argument, one or a list. @throws RayexecError `bind` */
export function pathsOf(fn: string, { type, value }: Scalar): readonly string[] {
  if (type.kind === 'utf8' && typeof value === 'string') return [value];
  const isList = type.kind === 'list' && type.element.kind === 'utf8' && Array.isArray(value);
  if (isList && value.length > 0 && value.every(v => typeof v === 'string')) return value as string[];
  throw new RayexecError(
    'bind',
    `${fn} reads the path it is given, a VARCHAR or a list of them, not ${typeName(type)}`,
  );
}
