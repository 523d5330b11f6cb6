import type { DataType } from '../../types/data-type.ts';
import type { LeafLayout } from './column-layout.ts';
import { storedWidth } from './convert-values.ts';
import type { PageBuffer } from './page-buffers.ts';
import type { Range } from './page-levels.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

/**
 * A page's values without NULLs, ready to be read from any position: side by side as they are stored, as references
 * to byte arrays, as bits, or as a state that reads dictionary codes one after another.
 */
export type PageValues = {
  readonly kind: 'fixed' | 'refs' | 'bits' | 'codes';
  readonly address: number;
  /** What holds them besides the page itself. */
  readonly buffer: PageBuffer | undefined;
};

const PLAIN = 0;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const DELTA_BINARY_PACKED = 5;
const DELTA_LENGTH_BYTE_ARRAY = 6;
const DELTA_BYTE_ARRAY = 7;
const RLE_DICTIONARY = 8;
const BYTE_STREAM_SPLIT = 9;

export const isDictionaryEncoding = (encoding: number): boolean =>
  encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY;

/**
 * Prepares the `n` values in [from, end).
 * @param state 64 bytes for the reader of codes, and for scratch
 * @throws RayexecError `format`, `unsupported`
 */
export function pageValues(
  env: ReadEnvironment,
  leaf: LeafLayout,
  encoding: number,
  from: number,
  end: number,
  n: number,
  state: number,
  where: string,
): PageValues {
  const { memory, kernels, buffers } = env;
  const size = end - from;
  const width = storedWidth(leaf);
  const wrong = (): Error => damaged(where, `a page of ${size} bytes with ${n} values does not fit its encoding`);
  const isIn = (...types: LeafLayout['stored'][]): boolean => types.includes(leaf.stored);
  const build = (bytes: number, run: (out: number) => number): PageBuffer => {
    const buffer = buffers.take(bytes);
    if (run(buffer.address) >= 0) return buffer;
    buffers.give(buffer);
    throw wrong();
  };
  if (encoding === PLAIN && leaf.stored === 'BOOLEAN') {
    if (n > size * 8) throw wrong();
    return { kind: 'bits', address: from, buffer: undefined };
  }
  if (encoding === PLAIN && leaf.stored === 'BYTE_ARRAY') {
    if (n * 4 > size) throw wrong();
    const refs = build(n * 8, out => kernels.plain_refs(from, end, n, out));
    return { kind: 'refs', address: refs.address, buffer: refs };
  }
  if (encoding === PLAIN) {
    if (n * width > size) throw wrong();
    return { kind: 'fixed', address: from, buffer: undefined };
  }
  if (isDictionaryEncoding(encoding)) {
    if (n > 0 && size < 1) throw wrong();
    const bits = n === 0 ? 0 : memory.u8[from]!;
    if (bits > 32) throw damaged(where, `dictionary codes of ${bits} bits`);
    kernels.hybrid_open(state, from + 1, Math.max(end, from + 1), bits);
    return { kind: 'codes', address: state, buffer: undefined };
  }
  if (encoding === RLE && leaf.stored === 'BOOLEAN') {
    if (n === 0) return { kind: 'bits', address: from, buffer: undefined };
    if (size < 4) throw wrong();
    // The length in front is that of the rest.
    const bits = build((n >> 3) + 32, out => kernels.hybrid_bitmap(state, from + 4, end, n, out));
    return { kind: 'bits', address: bits.address, buffer: bits };
  }
  if (encoding === DELTA_BINARY_PACKED && isIn('INT32', 'INT64')) {
    const values = build(n * width, out => (kernels.delta_integers(from, end, n, width, state, out) === 0 ? -1 : 0));
    return { kind: 'fixed', address: values.address, buffer: values };
  }
  if (encoding === DELTA_LENGTH_BYTE_ARRAY && isIn('BYTE_ARRAY')) {
    const refs = build(n * 8, out => kernels.delta_length_refs(from, end, n, state, out));
    return { kind: 'refs', address: refs.address, buffer: refs };
  }
  if (encoding === DELTA_BYTE_ARRAY && isIn('BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY')) {
    const refs = prefixedRefs(env, from, end, n, state);
    if (refs === undefined) throw wrong();
    if (leaf.stored === 'BYTE_ARRAY') return { kind: 'refs', address: refs.address, buffer: refs };
    const values = build(n * width, out => kernels.refs_to_fixed(refs.address, n, width, out));
    buffers.give(refs);
    return { kind: 'fixed', address: values.address, buffer: values };
  }
  if (encoding === BYTE_STREAM_SPLIT && width > 0) {
    if (n * width > size) throw wrong();
    // The streams are as long as the page has values, and there may be bytes behind them.
    const values = build(n * width, out => {
      kernels.split_streams(from, n, width, out);
      return 0;
    });
    return { kind: 'fixed', address: values.address, buffer: values };
  }
  throw damaged(where, `encoding ${encoding} for values of the type ${leaf.stored}`);
}

/** Values of DELTA_BYTE_ARRAY: references first, then the bytes, in one buffer. */
function prefixedRefs(
  { kernels, buffers }: ReadEnvironment,
  from: number,
  end: number,
  n: number,
  state: number,
): PageBuffer | undefined {
  const sizes = buffers.take(n * 12 + 64);
  const refs = sizes.address;
  const prefixes = refs + n * 8;
  const total = kernels.delta_prefix_sizes(from, end, n, state, prefixes, refs);
  if (total < 0) {
    buffers.give(sizes);
    return undefined;
  }
  const whole = buffers.take(n * 8 + total + 64);
  kernels.move_bytes(whole.address, refs, n * 8);
  kernels.delta_prefix_build(n, prefixes, whole.address, whole.address + n * 8);
  buffers.give(sizes);
  return whole;
}

/** Whether values of the type must be UTF-8. */
export const isText = ({ kind }: DataType): boolean => kind === 'utf8' || kind === 'json';

/** Checks that `n` references are to valid text; `bytes` is the page that all of it came from. @throws RayexecError `format` */
export function checkText({ kernels }: ReadEnvironment, refs: number, n: number, bytes: Range, where: string): void {
  if (kernels.ascii_only(bytes.from, bytes.end - bytes.from) === 1) return;
  if (kernels.invalid_utf8_ref(refs, n) >= 0) throw damaged(where, 'text that is not valid UTF-8');
}
