import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import { UINT32 } from '../../../types/data-type.ts';

/** More combinations of the codes of several columns than this are not worth a table. */
const MAX_COMBINATIONS = 4096;
/** Codes of one column: a dictionary of so many took longer to make than the table does. */
const MAX_CODES = 2 ** 20;
/** Rows after which most of them must have been known, if the table is large. */
const TRIAL = 8192;

/**
 * Remembers which row belongs to which combination of dictionary codes, for as long as the key columns keep their
 * dictionaries (a chunk's vectors share one): hashing and comparing are then done once per combination. Keys that are
 * constants (of a group or a grouping set) may stand beside them.
 */
export class CodedGroups {
  readonly #ctx: VectorContext;
  readonly #heap: Arena;
  /** Row addresses by combination, 0 = not known yet. */
  #table = 0;
  #room = 0;
  /** What the table's numbers are made of: dictionaries, and values of constants. */
  #known: readonly (Vector | number)[] = [];
  /** Rows looked up since then, and those that were not known; -1 = a large dictionary that may not come again. */
  #asked = 0;
  #missed = 0;

  /** @param heap where the table stays */
  constructor(ctx: VectorContext, heap: Arena) {
    this.#ctx = ctx;
    this.#heap = heap;
  }

  /**
   * The rows of the keys, by position, in `ctx.arena`; undefined when the keys are no small dictionaries.
   * @param find looks up the keys at some positions, by hash
   */
  find(keys: readonly (Vector | undefined)[], rows: Rows, find: (rows: Rows) => number): number | undefined {
    const known: (Vector | number)[] = [];
    const coded: Vector[] = [];
    let combinations = 1;
    for (const key of keys) {
      if (key === undefined) return undefined;
      if (key.dictionary !== undefined) {
        combinations *= key.dictionary.length + 1;
        coded.push(key);
        known.push(key.dictionary);
      } else if (key.form === 'constant' && key.type === UINT32 && key.validity === 0) {
        known.push(this.#ctx.memory.u32[key.data >>> 2]!);
      } else return undefined;
      if (combinations > (coded.length === 1 ? MAX_CODES : MAX_COMBINATIONS)) return undefined;
    }
    if (coded.length === 0) return undefined;
    const { kernels, arena } = this.#ctx;
    const { selection, selected, count } = rows;
    if (!this.#isWorth(known, combinations)) return undefined;
    const numbers = arena.alloc(count * 4);
    for (const [i, { data, validity, dictionary }] of coded.entries()) {
      kernels.codes_combine(data, validity, dictionary!.length + 1, selection, selected, i === 0 ? 1 : 0, numbers);
    }
    const out = arena.alloc(count * 4);
    const missing = arena.alloc(selected * 2 + 2);
    const unknown = kernels.codes_look_up(numbers, this.#table, selection, selected, out, missing);
    this.#asked += selected;
    this.#missed += unknown;
    if (unknown > 0) {
      const found = find({ count, selection: missing, selected: unknown });
      kernels.codes_remember(numbers, found, missing, unknown, this.#table, out);
    }
    return out;
  }

  /** Makes the table ready, unless it is large and these dictionaries are new or repeat few values. */
  #isWorth(known: readonly (Vector | number)[], combinations: number): boolean {
    const isLarge = combinations > MAX_COMBINATIONS;
    if (known.some((k, i) => k !== this.#known[i])) {
      this.#known = known;
      this.#asked = isLarge ? -1 : 0;
      if (isLarge) return false;
    } else if (this.#asked > 0) {
      return !isLarge || this.#asked < TRIAL || 2 * this.#missed < this.#asked;
    }
    this.#asked = 0;
    this.#missed = 0;
    this.#clear(combinations);
    return true;
  }

  /** Empties the table, and makes it as large as it must be. */
  #clear(combinations: number): void {
    if (combinations > this.#room) {
      this.#room = Math.max(MAX_COMBINATIONS, 2 * combinations);
      this.#table = this.#heap.alloc(this.#room * 4);
    }
    this.#ctx.kernels.row_clear(this.#table, combinations * 4);
  }
}
