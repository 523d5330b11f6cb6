import type { ByteSource } from '../../platform/platform.ts';

/** Bytes between chunks that are rather read than skipped with another request. */
const GAP_BYTES = 128 * 1024;
const LARGEST_REQUEST = 16 << 20;

/** A piece of a file. */
export type Place = { readonly offset: number; readonly length: number };

/** A range of the file that holds some of the places wanted: `members` counts them. */
type Run = { readonly from: number; readonly end: number; readonly members: readonly number[] };
export type FetchedRange = { readonly from: number; readonly bytes: Uint8Array; readonly members: readonly number[] };

/**
 * Reads whole chunks of a remote file, or parts of them, neighbours with one request, all requests at once. Into memory of
 * JavaScript: linear memory may belong to another query when the answer comes. @throws RayexecError `io`
 */
export function fetchChunks(source: ByteSource, places: readonly Place[]): Promise<readonly FetchedRange[]> {
  return Promise.all(
    neighbours(places).map(async ({ from, end, members }) => {
      const bytes = new Uint8Array(end - from);
      await source.read(from, bytes);
      return { from, bytes, members };
    }),
  );
}

/** Ranges that together hold all places: those that lie near each other are in one. */
export function neighbours(places: readonly Place[], gap = GAP_BYTES): readonly Run[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]!.offset - places[b]!.offset);
  const runs: { from: number; end: number; members: number[] }[] = [];
  for (const i of order) {
    const { offset, length } = places[i]!;
    const run = runs.at(-1);
    if (run !== undefined && offset <= run.end + gap && offset + length - run.from <= LARGEST_REQUEST) {
      run.end = Math.max(run.end, offset + length);
      run.members.push(i);
    } else runs.push({ from: offset, end: offset + length, members: [i] });
  }
  return runs;
}
