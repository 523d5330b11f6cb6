import { RayexecError } from '../../common/errors.ts';
import { FLOAT64, INT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';

/** Insertions, deletions and changes that make one text of the other. */
function edits(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  let last = Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; i++) {
    const row = [i];
    for (let j = 1; j <= y.length; j++) {
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (x[i - 1] === y[j - 1] ? 0 : 1)));
    }
    last = row;
  }
  return last[y.length]!;
}

/** Like `edits`, where two neighbours that change places are one edit, also with others put between them. */
function editsAndSwaps(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  const far = x.length + y.length;
  // Rows and columns are counted from 1, after one that is farther than all others.
  const rows = Array.from({ length: x.length + 2 }, (_, i) => [far, i - 1]);
  rows[0] = Array.from({ length: y.length + 2 }, () => far);
  rows[1] = [far, ...Array.from({ length: y.length + 1 }, (_, j) => j)];
  const lastRowOf = new Map<string, number>();
  for (let i = 1; i <= x.length; i++) {
    let lastMatch = 0;
    const row = rows[i + 1]!;
    for (let j = 1; j <= y.length; j++) {
      const k = lastRowOf.get(y[j - 1]!) ?? 0;
      const swap = rows[k]![lastMatch]! + (i - k - 1) + 1 + (j - lastMatch - 1);
      const isSame = x[i - 1] === y[j - 1];
      row[j + 1] = Math.min(rows[i]![j]! + (isSame ? 0 : 1), row[j]! + 1, rows[i]![j + 1]! + 1, swap);
      if (isSame) lastMatch = j;
    }
    lastRowOf.set(x[i - 1]!, i);
  }
  return rows[x.length + 1]![y.length + 1]!;
}

function mismatches(a: string, b: string): number {
  const y = [...b];
  const x = [...a];
  if (x.length === y.length) return x.filter((c, i) => c !== y[i]).length;
  throw new RayexecError('invalid-argument', 'mismatches are counted between texts of the same length');
}

function jaccard(a: string, b: string): number {
  const x = new Set(a);
  const y = new Set(b);
  const common = [...x].filter(c => y.has(c)).length;
  return common / (x.size + y.size - common);
}

type Distance = (a: string, b: string) => number;

const distance = (
  name: string,
  aliases: readonly string[],
  summary: string,
  example: readonly [string, string],
  compute: Distance,
): ScalarFunction => ({
  name,
  aliases,
  doc: textDoc(summary, ['a', 'b'], example),
  overloads: [
    fixed(
      'text',
      [UTF8, UTF8],
      INT64,
      (ctx, call) => mapRows(ctx, call, (a, b) => BigInt(compute(a as string, b as string))),
      { canFail: true },
    ),
  ],
});

/** How much texts differ. */
export const distanceFunctions: readonly ScalarFunction[] = [
  distance(
    'levenshtein',
    ['editdist3'],
    'Insertions, deletions and changes between two texts.',
    ["levenshtein('kitten', 'sitting')", '3'],
    edits,
  ),
  distance(
    'damerau_levenshtein',
    [],
    'Like levenshtein, with swaps of neighbours.',
    ["damerau_levenshtein('ab', 'ba')", '1'],
    editsAndSwaps,
  ),
  distance(
    'hamming',
    ['mismatches'],
    'Characters that differ between texts of one length.',
    ["hamming('abc', 'abd')", '1'],
    mismatches,
  ),
  {
    name: 'jaccard',
    doc: textDoc(
      'Share of the characters that two texts have in common.',
      ['a', 'b'],
      ["jaccard('abc', 'abd')", '0.5'],
    ),
    overloads: [
      fixed('text', [UTF8, UTF8], FLOAT64, (ctx, call) =>
        mapRows(ctx, call, (a, b) => jaccard(a as string, b as string)),
      ),
    ],
  },
];
