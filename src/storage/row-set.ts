/** A set of row ids of one version: a bit for each. */
export class RowSet {
  readonly #bits: Uint8Array;

  /** @param positions one more than the highest id */
  constructor(positions: number) {
    this.#bits = new Uint8Array((positions + 7) >> 3);
  }

  /** Whether the id was not in the set before. */
  add(id: number): boolean {
    const bit = 1 << (id & 7);
    // Ids may exceed 32 bits, shifts may not.
    const at = Math.floor(id / 8);
    if ((this.#bits[at]! & bit) !== 0) return false;
    this.#bits[at]! |= bit;
    return true;
  }
}
