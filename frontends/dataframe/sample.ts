import { RayexecError } from '../../src/common/errors.ts';
import type { Query } from '../../src/query/query.ts';
import { integer, literal } from './literal.ts';

/** How many rows to draw: a number, or about a fraction from 0 to 1 of all. */
export type SampleSize =
  | { readonly n: number; readonly seed?: number }
  | { readonly fraction: number; readonly seed?: number };

/** A random sample of a query's rows; throws 'invalid-argument' for a size that is none. */
export function sampleQuery(input: Query, size: SampleSize): Query {
  const seed = size.seed === undefined ? {} : { seed: size.seed };
  if ('n' in size) {
    if (!Number.isSafeInteger(size.n) || size.n < 0) refuse(`${size.n} is not a number of rows`);
    return { kind: 'sample', input, size: integer(size.n), unit: 'rows', ...seed };
  }
  if (!(size.fraction >= 0 && size.fraction <= 1)) refuse(`the fraction ${size.fraction} is not between 0 and 1`);
  // 0.07 * 100 is 7.000000000000001.
  const percent = Number((size.fraction * 100).toPrecision(15));
  return { kind: 'sample', input, size: literal(percent), unit: 'percent', ...seed };
}

function refuse(why: string): never {
  throw new RayexecError('invalid-argument', `sample: ${why}`);
}
