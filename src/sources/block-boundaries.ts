import type { ByteSource } from '../platform/platform.ts';

/** Bytes of a block: one split. */
const LOCAL_BLOCK = 4 << 20;
const REMOTE_BLOCK = 16 << 20;
const PARALLEL = 8;

export type BlockOptions = {
  /** Bytes that are read at the end of a block, to find where the next one can start. */
  readonly windowBytes: number;
  /** Where in these bytes (the file's last ones if `isEnd`) a block can start; undefined when that can't be told. */
  readonly startIn: (bytes: Uint8Array, isEnd: boolean) => number | undefined;
  readonly blockBytes?: number | undefined;
};

/** Cuts a file into blocks: offsets, from `start` to the file's size. Where no start is found, blocks stay one. */
export async function blockBoundaries(
  source: ByteSource,
  start: number,
  { windowBytes, startIn, blockBytes = source.isRemote === true ? REMOTE_BLOCK : LOCAL_BLOCK }: BlockOptions,
): Promise<readonly number[]> {
  const wanted: number[] = [];
  for (let at = start + blockBytes; at < source.size; at += blockBytes) wanted.push(at);
  const found: (number | undefined)[] = [];
  let next = 0;
  const probe = async (): Promise<void> => {
    while (next < wanted.length) {
      const i = next++;
      const from = wanted[i]!;
      const bytes = new Uint8Array(Math.min(windowBytes, source.size - from));
      const reading = source.read(from, bytes);
      if (reading !== undefined) await reading;
      const offset = startIn(bytes, from + bytes.length === source.size);
      if (offset !== undefined && from + offset < source.size) found[i] = from + offset;
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, wanted.length) }, probe));
  return [start, ...found.filter(offset => offset !== undefined), source.size];
}
