import { physicalType, widthOf } from '../../types/physical.ts';
import type { LeafLayout } from './column-layout.ts';
import { convertValues, storedWidth } from './convert-values.ts';
import type { PageBuffer } from './page-buffers.ts';
import { checkText, isText } from './page-values.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

/** A chunk's dictionary: `length` values of the leaf's type, references for byte arrays; at least one has room. */
export type Dictionary = {
  readonly length: number;
  readonly values: PageBuffer;
  /** The page that references point into. */
  readonly page: PageBuffer;
};

/** Reads the `n` plain values of a dictionary page of `size` bytes; takes over the page. */
export function readDictionary(
  env: ReadEnvironment,
  leaf: LeafLayout,
  page: PageBuffer,
  size: number,
  n: number,
  where: string,
): Dictionary {
  const { memory, kernels, buffers } = env;
  const width = widthOf(physicalType(leaf.type));
  const isBytes = leaf.stored === 'BYTE_ARRAY';
  if (n * (isBytes ? 4 : storedWidth(leaf)) > size || leaf.stored === 'BOOLEAN') {
    throw damaged(where, `a dictionary of ${n} values in ${size} bytes`);
  }
  // Values that lie as they should are used where they are.
  if (leaf.conversion.kind === 'copy' && n > 0) return { length: n, values: page, page };
  const values = buffers.take(Math.max(1, n) * width);
  // A page of NULLs only may have no dictionary values; its codes of 0 must still mean something.
  memory.u8.fill(0, values.address, values.address + width);
  if (!isBytes) convertValues(env, leaf, page.address, n, values.address, where);
  else {
    const end = page.address + size;
    const refs = leaf.conversion.kind === 'bytes' ? values : buffers.take(n * 8);
    if (kernels.plain_refs(page.address, end, n, refs.address) < 0) throw damaged(where, 'a dictionary ends too early');
    if (refs !== values) {
      convertValues(env, leaf, refs.address, n, values.address, where);
      buffers.give(refs);
    } else if (isText(leaf.type)) checkText(env, refs.address, n, { from: page.address, end }, where);
  }
  return { length: n, values, page };
}
