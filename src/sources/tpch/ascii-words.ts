/** Copies write up to this many bytes past the end of a word: a target must have as much room behind its last byte. */
export const COPY_SLACK = 32;

/**
 * A list of ASCII words, packed for copying. Copies go in steps of 8 bytes whatever a word's length, since a loop over
 * 3 to 17 bytes costs more in mispredicted branches than in stores. Doubles carry the bytes unchanged: no ASCII byte
 * can stand at the top of a NaN.
 */
export class AsciiWords {
  /** Length of each word in bytes. */
  readonly lengths: Uint8Array;
  readonly #starts: Uint16Array;
  readonly #view: DataView;

  constructor(words: readonly string[]) {
    const bytes = new TextEncoder().encode(words.join('') + ' '.repeat(COPY_SLACK));
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.lengths = Uint8Array.from(words, word => word.length);
    this.#starts = new Uint16Array(words.length);
    for (let i = 1; i < words.length; i++) this.#starts[i] = this.#starts[i - 1]! + this.lengths[i - 1]!;
  }

  /**
   * Copies a word without its first `skip` bytes to `target[at …]` and returns where the copy ends. The up to
   * `COPY_SLACK` bytes behind it are overwritten with anything. Words have at most 32 bytes.
   */
  copy(word: number, skip: number, target: DataView, at: number): number {
    const view = this.#view;
    const from = this.#starts[word]! + skip;
    const length = this.lengths[word]! - skip;
    target.setFloat64(at, view.getFloat64(from, true), true);
    target.setFloat64(at + 8, view.getFloat64(from + 8, true), true);
    if (length > 16) {
      target.setFloat64(at + 16, view.getFloat64(from + 16, true), true);
      target.setFloat64(at + 24, view.getFloat64(from + 24, true), true);
    }
    return at + length;
  }
}
