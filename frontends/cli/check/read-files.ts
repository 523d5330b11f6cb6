import { readFileSync } from 'node:fs';
import { RayexecError } from '../../../src/common/errors.ts';
import { globFiles } from '../../../src/platform/node-glob.ts';

/** The files that match. @throws RayexecError `io` for a pattern that nothing matches */
export function sourceFiles(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap(pattern => {
    const found = globFiles(pattern);
    if (found.length === 0) throw new RayexecError('io', `there is no file '${pattern}'`);
    return found;
  });
}

/** @throws RayexecError `io` */
export function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RayexecError('io', `can't read '${path}'`, { cause });
  }
}
