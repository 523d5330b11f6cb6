import type { Place } from './fetch-chunks.ts';
import type { RowRange } from './matching-rows.ts';
import type { PagePlaces } from './page-index.ts';

/** The parts of a chunk that hold the pages of some rows, in order: what lies in front of its first page, a dictionary, and neighbours together. */
export function chunkParts(
  chunk: Place,
  { offsets, lengths, firstRows }: PagePlaces,
  rows: readonly RowRange[],
): readonly Place[] {
  const parts: { offset: number; length: number }[] = [];
  const dictionary = offsets[0]! - chunk.offset;
  if (dictionary > 0) parts.push({ offset: chunk.offset, length: dictionary });
  /** The page that would go on with the last part. */
  let next = 0;
  let range = 0;
  for (const [page, offset] of offsets.entries()) {
    while (range < rows.length && rows[range]!.end <= firstRows[page]!) range++;
    if (range === rows.length) break;
    if (rows[range]!.from >= firstRows[page + 1]!) continue;
    const last = parts.at(-1);
    if (last !== undefined && next === page) last.length = offset + lengths[page]! - last.offset;
    else parts.push({ offset, length: lengths[page]! });
    next = page + 1;
  }
  return parts;
}
