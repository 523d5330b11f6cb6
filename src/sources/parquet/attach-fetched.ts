import type { AttachedPart } from './chunk-input.ts';
import type { FetchedRange, Place } from './fetch-chunks.ts';
import type { PageBuffer } from './page-buffers.ts';
import type { ReadEnvironment } from './read-environment.ts';

/** Brings what was fetched into linear memory. @param parts of each chunk; what was fetched are all of them in order */
export function attachFetched(
  { memory, buffers }: ReadEnvironment,
  fetched: readonly FetchedRange[],
  parts: readonly (readonly Place[])[],
): { readonly buffers: readonly PageBuffer[]; readonly attached: readonly (readonly AttachedPart[])[] } {
  const addresses: number[] = [];
  const flat = parts.flat();
  const taken = fetched.map(({ from, bytes, members }) => {
    const buffer = buffers.take(bytes.length);
    memory.u8.set(bytes, buffer.address);
    for (const i of members) addresses[i] = buffer.address + (flat[i]!.offset - from);
    return buffer;
  });
  let next = 0;
  const attached = parts.map(list =>
    list.map(({ offset, length }): AttachedPart => ({ offset, length, address: addresses[next++]! })),
  );
  return { buffers: taken, attached };
}
