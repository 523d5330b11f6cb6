import { RayexecError } from '../../common/errors.ts';
import { INT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';
import { compileRegexp } from '../text/regexp.ts';

/** Where a match begins, in characters from 1; 0 when there is none. */
function position(text: string, pattern: string, start: bigint, nth: bigint): bigint {
  if (start < 1n || nth < 1n)
    throw new RayexecError('invalid-argument', 'regexp_instr counts characters and matches from 1');
  const skipped = [...text].slice(0, Number(start) - 1).join('').length;
  if (start > BigInt(text.length) + 1n) return 0n;
  let left = nth;
  for (const match of text.slice(skipped).matchAll(compileRegexp(pattern).all)) {
    if (--left === 0n) return BigInt([...text.slice(0, skipped + match.index)].length + 1);
  }
  return 0n;
}

export const regexpInstr: ScalarFunction = {
  name: 'regexp_instr',
  doc: textDoc(
    'Where a regular expression matches, in characters from 1: from a start, the nth match; 0 when it does not.',
    ['text', 'pattern', 'start', 'nth'],
    ["regexp_instr('hello world', 'o', 1, 2)", '8'],
  ),
  overloads: [
    fixed(
      'first',
      [UTF8, UTF8],
      INT64,
      (ctx, call) => mapRows(ctx, call, (text, pattern) => position(text as string, pattern as string, 1n, 1n)),
      { canFail: true },
    ),
    fixed(
      'from',
      [UTF8, UTF8, INT64],
      INT64,
      (ctx, call) =>
        mapRows(ctx, call, (text, pattern, start) => position(text as string, pattern as string, start as bigint, 1n)),
      { canFail: true },
    ),
    fixed(
      'nth',
      [UTF8, UTF8, INT64, INT64],
      INT64,
      (ctx, call) =>
        mapRows(ctx, call, (text, pattern, start, nth) =>
          position(text as string, pattern as string, start as bigint, nth as bigint),
        ),
      { canFail: true },
    ),
  ],
};
