import { FLOAT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { textDoc } from '../text/documented.ts';
import { rowOverload } from './row-overload.ts';

/** Jaro's similarity of two texts, 0 to 1, after their matching characters and how many of these change places. */
function jaro(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  if (x.length === 0 || y.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(x.length, y.length) / 2) - 1);
  const taken = y.map(() => false);
  const matches = x.filter((c, i) => {
    for (let j = Math.max(0, i - reach); j < Math.min(y.length, i + reach + 1); j++) {
      if (taken[j] || y[j] !== c) continue;
      taken[j] = true;
      return true;
    }
    return false;
  });
  const m = matches.length;
  if (m === 0) return 0;
  const others = y.filter((_, j) => taken[j]);
  const moved = Math.floor(matches.filter((c, i) => c !== others[i]).length / 2);
  return (m / x.length + m / y.length + (m - moved) / m) / 3;
}

/** Winkler's: texts that begin alike, with up to four characters, are more similar. */
function jaroWinkler(a: string, b: string): number {
  const similarity = jaro(a, b);
  if (similarity <= 0.7) return similarity;
  const [x, y] = [[...a], [...b]];
  let prefix = 0;
  while (prefix < Math.min(4, x.length, y.length) && x[prefix] === y[prefix]) prefix++;
  return similarity + prefix * 0.1 * (1 - similarity);
}

const similarity = (
  name: string,
  summary: string,
  result: string,
  compute: (a: string, b: string) => number,
): ScalarFunction => ({
  name,
  doc: textDoc(summary, ['a', 'b', 'least'], [`round(${name}('martha', 'marhta'), 6)`, result]),
  overloads: [
    rowOverload('texts', [UTF8, UTF8], FLOAT64, compute),
    rowOverload('least', [UTF8, UTF8, FLOAT64], FLOAT64, (a: string, b: string, least: number) => {
      const found = compute(a, b);
      return found < least ? 0 : found;
    }),
  ],
});

/** How alike texts are. */
export const similarities: readonly ScalarFunction[] = [
  similarity(
    'jaro_similarity',
    "Jaro's similarity, 0 to 1; 0 when it is less than a third argument.",
    '0.944444',
    jaro,
  ),
  similarity(
    'jaro_winkler_similarity',
    "Jaro's and Winkler's similarity, 0 to 1; 0 when it is less than a third argument.",
    '0.961111',
    jaroWinkler,
  ),
];
