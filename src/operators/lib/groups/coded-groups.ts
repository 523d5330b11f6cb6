import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';

/** More combinations of codes than this are not worth a table. */
const MAX_COMBINATIONS = 4096;

/**
 * Remembers which row belongs to which combination of dictionary codes, for as long as the key columns keep their
 * dictionaries (a chunk's vectors share one): hashing and comparing are then done once per combination.
 */
export class CodedGroups {
  readonly #ctx: VectorContext;
  /** Row addresses by combination, 0 = not known yet. */
  readonly #table: number;
  #dictionaries: readonly Vector[] = [];

  /** @param heap where the table stays */
  constructor(ctx: VectorContext, heap: Arena) {
    this.#ctx = ctx;
    this.#table = heap.alloc(MAX_COMBINATIONS * 4);
  }

  /**
   * The rows of the keys, by position, in `ctx.arena`; undefined when the keys are no small dictionaries.
   * @param find looks up the keys at some positions, by hash
   */
  find(keys: readonly (Vector | undefined)[], rows: Rows, find: (rows: Rows) => number): number | undefined {
    const dictionaries: Vector[] = [];
    let combinations = 1;
    for (const key of keys) {
      if (key?.dictionary === undefined) return undefined;
      combinations *= key.dictionary.length + 1;
      if (combinations > MAX_COMBINATIONS) return undefined;
      dictionaries.push(key.dictionary);
    }
    if (dictionaries.length === 0) return undefined;
    const { kernels, arena } = this.#ctx;
    const { selection, selected, count } = rows;
    if (dictionaries.some((d, i) => d !== this.#dictionaries[i])) {
      kernels.row_clear(this.#table, MAX_COMBINATIONS * 4);
      this.#dictionaries = dictionaries;
    }
    const numbers = arena.alloc(count * 4);
    for (const [i, key] of keys.entries()) {
      const { data, validity, dictionary } = key!;
      kernels.codes_combine(data, validity, dictionary!.length + 1, selection, selected, i === 0 ? 1 : 0, numbers);
    }
    const out = arena.alloc(count * 4);
    const missing = arena.alloc(selected * 2 + 2);
    const unknown = kernels.codes_look_up(numbers, this.#table, selection, selected, out, missing);
    if (unknown > 0) {
      const found = find({ count, selection: missing, selected: unknown });
      kernels.codes_remember(numbers, found, missing, unknown, this.#table, out);
    }
    return out;
  }
}
