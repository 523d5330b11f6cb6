import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { flatten } from '../../kernels/vectors.ts';
import { widthOf } from '../../types/physical.ts';
import type { PageBuffer } from './page-buffers.ts';
import type { StoredType } from './stored-type.ts';
import type { WriteEnvironment } from './write-environment.ts';

const FIRST_ROOM = 2048;
const FIRST_BYTES = 48 * 1024;
/** A dictionary that is full becomes so many times as large. */
const GROWTH = 4;
/** Bytes of a dictionary's values at most. */
const MOST_BYTES = 1 << 20;
/** Larger dictionaries of vectors are not translated code by code. */
const MOST_CODES = 1 << 16;

/**
 * The dictionary of a column chunk that is being written: gives values codes in the order of their first occurrence.
 * `values` are stored values side by side, or texts behind their lengths, which `offsets` finds by code.
 */
export class ChunkDictionary {
  readonly #env: WriteEnvironment;
  readonly #stored: StoredType;
  readonly #limit: number;
  /** Values, and bytes of texts, that there is room for now; files with many partitions have many dictionaries. */
  #room: number;
  #capacity: number;
  /** Bits of a slot's number. */
  #bits = 0;
  #table: PageBuffer;
  #values: PageBuffer;
  #offsets: PageBuffer | undefined;
  #size = 0;
  /** What the codes of a vector's dictionary are here, by code. */
  #translation: PageBuffer | undefined;
  #translated: Vector | undefined;

  /** @param limit values at most */
  constructor(env: WriteEnvironment, stored: StoredType, limit: number) {
    this.#env = env;
    this.#stored = stored;
    const { buffers } = env;
    this.#limit = stored.width === 0 ? limit : Math.min(limit, Math.floor(MOST_BYTES / stored.width));
    this.#room = Math.min(this.#limit, FIRST_ROOM);
    this.#capacity = stored.width === 0 ? FIRST_BYTES : this.#room * stored.width;
    this.#bits = slotBits(this.#room);
    this.#table = buffers.take(4 << this.#bits);
    this.#values = buffers.take(this.#capacity);
    if (stored.width === 0) this.#offsets = buffers.take((this.#room + 1) * 4);
    this.clear();
  }

  get count(): number {
    return this.#size;
  }

  get values(): number {
    return this.#values.address;
  }

  get offsets(): number {
    return this.#offsets?.address ?? 0;
  }

  /** Bytes of the values. */
  get bytes(): number {
    if (this.#offsets === undefined) return this.#size * this.#stored.width;
    return this.#env.memory.u32[(this.#offsets.address >>> 2) + this.#size]!;
  }

  /** Forgets all values. */
  clear(): void {
    const { memory } = this.#env;
    this.#size = 0;
    this.#translated = undefined;
    this.#clearTable();
    if (this.#offsets !== undefined) memory.u32[this.#offsets.address >>> 2] = 0;
  }

  /** Adds texts in order, which must have room. @throws RayexecError `unsupported` when they do not */
  addTexts(texts: readonly string[]): void {
    const { memory } = this.#env;
    const encoded = texts.map(text => new TextEncoder().encode(text));
    const total = encoded.reduce((sum, t) => sum + t.length + 4, 0);
    while (texts.length > this.#room || total > this.#capacity) {
      if (!this.#grow()) throw new RayexecError('unsupported', 'an ENUM whose values have more than 1 MiB, in Parquet');
    }
    for (const bytes of encoded) {
      const at = this.bytes;
      new DataView(memory.memory.buffer).setUint32(this.values + at, bytes.length, true);
      memory.u8.set(bytes, this.values + at + 4);
      this.#size += 1;
      memory.u32[(this.offsets >>> 2) + this.#size] = at + 4 + bytes.length;
    }
  }

  /** Writes the codes of rows, none of them NULL, to `out`. False when the dictionary is full: then `out` is undefined. */
  encode(vector: Vector, rows: Rows, out: number): boolean {
    if (vector.form !== 'dictionary') return this.#encode(vector, rows.selection, rows.selected, out);
    if (vector.dictionary!.length <= MOST_CODES) return this.#translate(vector, rows, out);
    return this.#encode(flatten(this.#env, vector, rows), rows.selection, rows.selected, out);
  }

  #encode(vector: Vector, selection: number, n: number, out: number): boolean {
    const mask = vector.form === 'constant' ? 0 : -1;
    return this.#add(vector.data, mask, selection, n, out);
  }

  #add(data: number, mask: number, selection: number, n: number, out: number): boolean {
    const { kernels, arena } = this.#env;
    const { width } = this.#stored;
    let values = 0;
    if (width > 0) {
      values = arena.alloc(n * width + 64);
      storeValues(this.#env, this.#stored, data, mask, selection, n, values);
    }
    for (;;) {
      const table = this.#table.address;
      const { values: dictionary, offsets } = this;
      const bits = this.#bits;
      const known = this.#size;
      const room = this.#room;
      let count: number;
      if (width > 0) count = kernels.dictionary_encode(width, values, n, table, bits, dictionary, known, room, out);
      else {
        const encode = kernels.dictionary_encode_texts;
        count = encode(data, mask, selection, n, table, bits, dictionary, this.#capacity, offsets, known, room, out);
      }
      if (count >= 0) {
        this.#size = count;
        return true;
      }
      if (!this.#grow()) return false;
    }
  }

  /** Makes room for more values; false when there may be no more. */
  #grow(): boolean {
    const { kernels, buffers, arena } = this.#env;
    const { width } = this.#stored;
    const room = Math.min(this.#limit, this.#room * GROWTH);
    const capacity = width > 0 ? room * width : Math.min(MOST_BYTES, this.#capacity * GROWTH);
    if (room === this.#room && capacity === this.#capacity) return false;
    const moved = (old: PageBuffer, used: number, bytes: number): PageBuffer => {
      const larger = buffers.take(bytes);
      kernels.move_bytes(larger.address, old.address, used);
      buffers.give(old);
      return larger;
    };
    this.#values = moved(this.#values, this.bytes, capacity);
    if (this.#offsets !== undefined) this.#offsets = moved(this.#offsets, (this.#size + 1) * 4, (room + 1) * 4);
    buffers.give(this.#table);
    this.#room = room;
    this.#capacity = capacity;
    this.#bits = slotBits(room);
    this.#table = buffers.take(4 << this.#bits);
    this.#clearTable();
    const n = this.#size;
    const table = this.#table.address;
    // Values are put in again where they are; their codes stay.
    if (width === 0) kernels.dictionary_index_texts(this.values, this.offsets, n, table, this.#bits);
    else kernels.dictionary_encode(width, this.values, n, table, this.#bits, this.values, 0, room, arena.alloc(n * 4));
    return true;
  }

  /** Also of what a full dictionary took in vain. */
  #clearTable(): void {
    this.#env.memory.u8.fill(0, this.#table.address, this.#table.address + (4 << this.#bits));
  }

  /** Looks values up once for each code of the vector. */
  #translate(vector: Vector, rows: Rows, out: number): boolean {
    const { kernels, memory, arena, buffers } = this.#env;
    const dictionary = vector.dictionary!;
    if (this.#translated !== dictionary) {
      if (this.#translation === undefined || this.#translation.bytes < dictionary.length * 4) {
        if (this.#translation !== undefined) buffers.give(this.#translation);
        this.#translation = buffers.take(dictionary.length * 4);
      }
      const from = this.#translation.address >>> 2;
      memory.u32.fill(0xffffffff, from, from + dictionary.length);
      this.#translated = dictionary;
    }
    const known = this.#translation!.address;
    const codes = arena.alloc(rows.selected * 4);
    const unknown = kernels.codes_unknown(vector.data, rows.selection, rows.selected, known, codes);
    if (unknown > 0) {
      const width = widthOf(vector.physical);
      const values = arena.alloc(unknown * width + 64);
      kernels.dictionary_values(codes, unknown, dictionary.data, width, values);
      const news = arena.alloc(unknown * 4 + 64);
      if (!this.#add(values, -1, 0, unknown, news)) {
        this.#translated = undefined;
        return false;
      }
      kernels.codes_learn(codes, unknown, news, known);
    }
    kernels.codes_translate(vector.data, rows.selection, rows.selected, known, out);
    return true;
  }
}

/** The table is at most half full. */
const slotBits = (room: number): number => Math.max(4, 33 - Math.clz32(room));

/** The values of rows as they are stored, side by side. @throws RayexecError `format` for one that can't be stored */
export function storeValues(
  { kernels }: WriteEnvironment,
  stored: StoredType,
  data: number,
  mask: number,
  selection: number,
  n: number,
  out: number,
): void {
  if (kernels.stored_values(stored.kind, data, mask, selection, n, out) === 0) return;
  if (stored.annotation?.kind === 'interval') {
    throw new RayexecError('unsupported', 'Parquet has no negative INTERVALs', { hint: 'cast them to VARCHAR' });
  }
  if (stored.annotation?.kind === 'decimal') {
    throw new RayexecError(
      'conversion',
      'a HUGEINT has more digits than DECIMAL(38,0), which is what Parquet has for it',
      {
        hint: 'CAST the column to DOUBLE or VARCHAR',
      },
    );
  }
  throw new RayexecError('overflow', 'a TIMESTAMP_S is beyond what Parquet can hold, in microseconds');
}
