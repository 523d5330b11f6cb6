import type { ByteSource } from '../../platform/platform.ts';
import { bodyOf } from './cached-page.ts';
import type { AttachedPart } from './chunk-input.ts';
import { fetchChunks, type Place } from './fetch-chunks.ts';
import { type PageBuffer, SLACK } from './page-buffers.ts';
import type { ReadEnvironment } from './read-environment.ts';

/** The word of an entry that says how many bytes it has. */
const LENGTH = 4;

/** Parts of chunks in linear memory, by chunk, and the buffers that they lie in. */
export type Attached = {
  readonly buffers: readonly PageBuffer[];
  readonly parts: readonly (readonly AttachedPart[])[];
};

/**
 * Brings parts of a remote file's chunks into linear memory, as they are in the file: those that the page cache has, and
 * the others by few requests; then it has them, too. Undefined when the reader was closed meanwhile.
 * @param file the number in the page cache of the file's bytes; 0: they are not cached
 * @throws RayexecError `io`
 */
export async function attachRemote(
  env: ReadEnvironment,
  source: ByteSource,
  file: number,
  parts: readonly (readonly Place[])[],
  isClosed: () => boolean,
): Promise<Attached | undefined> {
  const places = parts.flat();
  const buffers = places.map(place => (file === 0 ? undefined : cachedPart(env, file, place)));
  const missing = [...places.keys()].filter(i => buffers[i] === undefined);
  const fetched = await fetchChunks(
    source,
    missing.map(i => places[i]!),
  );
  if (isClosed()) return undefined;
  for (const { from, bytes, members } of fetched) {
    for (const member of members) {
      const i = missing[member]!;
      const { offset, length } = places[i]!;
      buffers[i] = keptPart(env, file, offset, bytes.subarray(offset - from, offset - from + length));
    }
  }
  let next = 0;
  const attached = parts.map(list =>
    list.map(({ offset, length }): AttachedPart => ({ offset, length, address: buffers[next++]!.address })),
  );
  return { buffers: buffers.map(b => b!), parts: attached };
}

function cachedPart({ memory, buffers }: ReadEnvironment, file: number, place: Place): PageBuffer | undefined {
  const cached = buffers.cached!;
  const entry = cached.find(file, place.offset);
  if (entry === 0) return undefined;
  // It may be another part that begins there.
  if (memory.u32[(entry >>> 2) + LENGTH]! >= place.length)
    return { address: bodyOf(entry), bytes: place.length, entry };
  cached.letGo(entry);
  return undefined;
}

function keptPart({ memory, buffers }: ReadEnvironment, file: number, offset: number, bytes: Uint8Array): PageBuffer {
  const entry = file === 0 ? 0 : buffers.cached!.reserve(bytes.length + SLACK);
  if (entry === 0) {
    const buffer = buffers.take(bytes.length);
    memory.u8.set(bytes, buffer.address);
    return buffer;
  }
  const { u8, u32 } = memory;
  u8.set(bytes, bodyOf(entry));
  u32[(entry >>> 2) + LENGTH] = bytes.length;
  buffers.cached!.publish(file, offset, entry);
  return { address: bodyOf(entry), bytes: bytes.length, entry };
}
