import type { ChunkDictionary } from './chunk-dictionary.ts';
import type { ChunkValues, PageEnd } from './chunk-values.ts';
import type { WriteEnvironment } from './write-environment.ts';

/** Longer texts are no bounds: nobody prunes by so many bytes. */
export const MOST_BOUND_BYTES = 256;
/** Codes that are looked at before it is asked whether more are worth it. */
const SAMPLE = 1024;
/** Those of values without any order are so many different ones, and this part of the dictionary. */
const SCATTERED = 256;
const SCATTERED_PART = 1 / 16;

/** The least and the greatest value as they are stored; of texts that are longer than bounds may be, one byte more than that. */
export type StoredBounds = { readonly min: Uint8Array; readonly max: Uint8Array };

/** Finds bounds of a chunk's pages. */
export class PageBounds {
  readonly #env: WriteEnvironment;
  readonly #values: ChunkValues;
  /** Of all values of the dictionary. */
  #ofDictionary: StoredBounds | undefined;

  constructor(env: WriteEnvironment, values: ChunkValues) {
    this.#env = env;
    this.#values = values;
  }

  /**
   * Bounds of the values between two ends of pages, which they may not reach where values repeat in no order. Undefined
   * when their type has no order, and when there are none but NaN.
   */
  of(from: PageEnd, to: PageEnd): StoredBounds | undefined {
    const { stored, dictionary, plain } = this.#values;
    const count = to.values - from.values;
    if (count === 0 || stored.order === undefined) return undefined;
    this.#env.arena.reset();
    if (dictionary === undefined) return this.#sideBySide(plain.address + from.bytes, count);
    return this.#ofCodes(dictionary, this.#values.codes.address + from.values * 4, count);
  }

  #ofCodes(dictionary: ChunkDictionary, codes: number, count: number): StoredBounds | undefined {
    const { kernels, arena } = this.#env;
    // A word for each code: all bits are set until it is seen.
    const known = arena.alloc(dictionary.count * 4);
    kernels.bits_fill(known, 0, dictionary.count * 32, 1);
    const used = arena.alloc(count * 4);
    let n = 0;
    for (let done = 0; done < count && n < dictionary.count; ) {
      const step = Math.min(SAMPLE, count - done);
      n += kernels.codes_unknown(codes + done * 4, 0, step, known, used + n * 4);
      if (done === 0 && n >= SCATTERED && n >= dictionary.count * SCATTERED_PART) n = dictionary.count;
      done += step;
    }
    if (n < dictionary.count) return this.#ofUsed(dictionary, used, n);
    this.#ofDictionary ??= this.#sideBySide(dictionary.values, dictionary.count);
    return this.#ofDictionary;
  }

  /** Of the values of `n` codes. */
  #ofUsed({ values, offsets }: ChunkDictionary, codes: number, n: number): StoredBounds | undefined {
    const { kernels, arena } = this.#env;
    const { width } = this.#values.stored;
    if (width > 0) {
      const each = arena.alloc(n * width);
      kernels.dictionary_values(codes, n, values, width, each);
      return this.#sideBySide(each, n);
    }
    const each = arena.alloc(kernels.dictionary_text_bytes(codes, n, offsets) + 64);
    kernels.dictionary_texts(codes, n, values, offsets, each);
    return this.#sideBySide(each, n);
  }

  #sideBySide(values: number, count: number): StoredBounds | undefined {
    const { kernels, memory, arena } = this.#env;
    const { order, width } = this.#values.stored;
    const out = arena.alloc(64);
    if (order !== 'bytes') {
      if (kernels.stored_bounds(order!, values, count, out) === 0) return undefined;
      const bound = (at: number): Uint8Array => memory.u8.slice(at, at + width);
      return { min: bound(out), max: bound(out + 16) };
    }
    kernels.text_bounds(values, count, out);
    const bound = (at: number): Uint8Array => {
      const length = new DataView(memory.memory.buffer).getUint32(at, true);
      return memory.u8.slice(at + 4, at + 4 + Math.min(length, MOST_BOUND_BYTES + 1));
    };
    return { min: bound(memory.u32[out >>> 2]!), max: bound(memory.u32[(out >>> 2) + 1]!) };
  }
}
