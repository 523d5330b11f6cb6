import { RayexecError } from '../../src/common/errors.ts';

/** A pattern's flags as SQL's functions of regular expressions take them. @throws RayexecError `unsupported` for d, v and y */
export function regexpFlags(pattern: RegExp): string {
  const unknown = pattern.flags.replace(/[gimsu]/g, '');
  if (unknown !== '') {
    throw new RayexecError('unsupported', `the flag ${unknown} of ${pattern} has no counterpart in SQL`);
  }
  return pattern.flags.replace('u', '');
}
