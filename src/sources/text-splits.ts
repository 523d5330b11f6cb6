import type { Split } from '../plan/logical-plan.ts';
import type { Scalar } from '../types/scalar.ts';
import { constantRanges } from './add-constant-columns.ts';
import type { TextSplit } from './text-reader.ts';

/** A text file as it was found: where its blocks begin and end, and how long a record is on average, in bytes. */
type FoundText = {
  readonly boundaries: readonly number[];
  readonly sniffed: { readonly recordBytes: number };
};

/** The blocks of the file with this number, which threads read apart, with an estimate of their rows. */
export function textSplits(
  { boundaries, sniffed }: FoundText,
  file: number,
  constants: Readonly<Record<number, Scalar>>,
): readonly Split[] {
  const ranges = constantRanges(constants);
  return boundaries.slice(1).flatMap((to, i) => {
    const from = boundaries[i]!;
    const state: TextSplit = { file, from, to };
    return from < to ? [{ rows: Math.max(1, Math.round((to - from) / sniffed.recordBytes)), ranges, state }] : [];
  });
}
