import type { ByteSource } from '../platform/platform.ts';

/** Bytes of a block: one split. */
const LOCAL_BLOCK = 4 << 20;
const REMOTE_BLOCK = 16 << 20;
const WINDOW = 65_536;
const PARALLEL = 8;

/** Cuts a file into blocks of whole lines: offsets, from `start` to the file's size. */
export async function lineBoundaries(
  source: ByteSource,
  start: number,
  blockBytes = source.isRemote === true ? REMOTE_BLOCK : LOCAL_BLOCK,
): Promise<readonly number[]> {
  const wanted: number[] = [];
  for (let at = start + blockBytes; at < source.size; at += blockBytes) wanted.push(at);
  const found: (number | undefined)[] = [];
  let next = 0;
  const probe = async (): Promise<void> => {
    while (next < wanted.length) {
      const i = next++;
      const from = wanted[i]!;
      const bytes = new Uint8Array(Math.min(WINDOW, source.size - from));
      const reading = source.read(from, bytes);
      if (reading !== undefined) await reading;
      const newline = bytes.indexOf(10);
      // Without a line end nearby the blocks stay one.
      if (newline >= 0 && from + newline + 1 < source.size) found[i] = from + newline + 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, wanted.length) }, probe));
  return [start, ...found.filter(offset => offset !== undefined), source.size];
}
