import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { gather } from '../../kernels/vectors.ts';
import { ChunkValues, type PageEnd } from './chunk-values.ts';
import type { ColumnEncoder, LeafChunk } from './column-encoder.ts';
import type { ColumnLayout, LeafLayout } from './column-layout.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { WriteEnvironment } from './write-environment.ts';
import type { WrittenColumn, WrittenLeaf } from './written-columns.ts';

/** About how many entries a leaf takes at once: rows with long lists are taken fewer at a time. */
const STEP_ENTRIES = 16_384;
const FIRST_STEP_ROWS = 1024;
/** Values that are encoded at once: positions of a vector are 16 bits. */
const STEP_VALUES = 8192;

/** Entries on their way down, as the kernels of `shred.ts` have them. */
type Entries = {
  readonly count: number;
  readonly positions: number;
  readonly def: number;
  /** 0 outside of lists. */
  readonly rep: number;
};

/** Collects a column of lists, structs or maps: takes it apart into its leaves, with Dremel's levels. */
export class NestedEncoder implements ColumnEncoder {
  readonly leaves: readonly NestedLeaf[];
  readonly #env: WriteEnvironment;
  readonly #layout: ColumnLayout;
  /** The leaf of the file's first leaf of this column. */
  readonly #firstLeaf: number;
  #stepRows = FIRST_STEP_ROWS;

  /** @param groupRows rows of a row group */
  constructor(env: WriteEnvironment, { name, layout, leaves }: WrittenColumn, groupRows: number) {
    this.#env = env;
    this.#layout = layout;
    this.leaves = leaves.map(leaf => new NestedLeaf(env, leaf, name, groupRows));
    this.#firstLeaf = leaves[0]!.layout.leaf;
  }

  clear(): void {
    for (const leaf of this.leaves) leaf.clear();
  }

  add(vector: Vector, rows: Rows): void {
    for (let done = 0; done < rows.selected; ) {
      const n = Math.min(this.#stepRows, rows.selected - done);
      this.#env.arena.reset();
      const before = this.leaves.map(l => l.entries);
      this.#shred(this.#layout, vector, this.#rowsAsEntries(rows, done, n));
      done += n;
      const most = Math.max(1, ...this.leaves.map((l, i) => l.entries - before[i]!));
      this.#stepRows = Math.max(1, Math.min(FIRST_STEP_ROWS, Math.floor((n * STEP_ENTRIES) / most)));
      for (const leaf of this.leaves) leaf.endRows(n);
    }
  }

  #rowsAsEntries({ selection }: Rows, from: number, count: number): Entries {
    const { memory, arena, kernels } = this.#env;
    const positions = arena.alloc(count * 4);
    if (selection !== 0) kernels.indexes_of(selection + 2 * from, count, positions);
    else {
      const u32 = memory.u32.subarray(positions >>> 2, (positions >>> 2) + count);
      for (let i = 0; i < count; i++) u32[i] = from + i;
    }
    return { count, positions, def: arena.allocZeroed(count * 4), rep: 0 };
  }

  #shred(layout: ColumnLayout, vector: Vector, above: Entries): void {
    const entries = this.#present(vector, above, layout.nullable ? 1 : 0);
    const { data, children, physical } = vector.dictionary ?? vector;
    switch (layout.kind) {
      case 'leaf':
        this.leaves[layout.leaf - this.#firstLeaf]!.add(vector.dictionary ?? vector, entries);
        return;
      case 'struct':
        // A union's children are its tag and its members, as its fields are.
        for (const [i, field] of layout.fields.entries()) this.#shred(field, children[i]!, entries);
        return;
      case 'list':
        this.#shred(layout.element, children[0]!, this.#elements(entries, physical === 'list' ? data : 0, layout.rep));
    }
  }

  /** The entries whose value is not NULL go on, to its position in the vector or its dictionary. */
  #present(vector: Vector, { count, positions, def, rep }: Entries, step: number): Entries {
    const { arena, kernels } = this.#env;
    const { validity, form, dictionary } = vector;
    const out = { count, positions: arena.alloc(count * 4), def: arena.alloc(count * 4), rep };
    const mask = form === 'constant' ? 0 : -1;
    const codes = dictionary === undefined ? 0 : vector.data;
    const inner = dictionary?.validity ?? 0;
    kernels.shred_present(positions, def, count, validity, mask, codes, inner, step, out.positions, out.def);
    return out;
  }

  #elements({ count, positions, def, rep }: Entries, lists: number, level: number): Entries {
    const { arena, kernels } = this.#env;
    const total = kernels.shred_count(positions, count, lists);
    const out = {
      count: total,
      positions: arena.alloc(total * 4),
      def: arena.alloc(total * 4),
      rep: arena.alloc(total * 4),
    };
    kernels.shred_elements(positions, def, rep, count, lists, level, out.positions, out.def, out.rep);
    return out;
  }
}

/** The entries of one leaf: u32 levels, and the values that are there. */
class NestedLeaf implements LeafChunk {
  readonly values: ChunkValues;
  readonly hasLevels: boolean;
  readonly #env: WriteEnvironment;
  readonly #layout: LeafLayout;
  readonly #def: GrowingBuffer;
  readonly #rep: GrowingBuffer;
  #rows = 0;
  #entries = 0;

  constructor(env: WriteEnvironment, { layout, type }: WrittenLeaf, column: string, groupRows: number) {
    this.#env = env;
    this.#layout = layout;
    this.hasLevels = layout.def > 0 || layout.rep > 0;
    this.values = new ChunkValues(env, type, column, groupRows);
    this.#def = new GrowingBuffer(env);
    this.#rep = new GrowingBuffer(env);
  }

  get rows(): number {
    return this.#rows;
  }

  get entries(): number {
    return this.#entries;
  }

  clear(): void {
    this.values.clear();
    this.#def.clear();
    this.#rep.clear();
    this.#rows = 0;
    this.#entries = 0;
  }

  add(vector: Vector, { count, positions, def, rep }: Entries): void {
    const env = this.#env;
    const { kernels, arena } = env;
    if (this.#layout.def > 0) kernels.move_bytes(this.#def.grow(count * 4), def, count * 4);
    if (this.#layout.rep > 0) kernels.move_bytes(this.#rep.grow(count * 4), rep, count * 4);
    const present = arena.alloc(count * 4);
    const values = kernels.shred_values(positions, count, present);
    for (let done = 0; done < values; done += STEP_VALUES) {
      const n = Math.min(STEP_VALUES, values - done);
      this.values.add(gather(env, vector, present + done * 4, n), { count: n, selection: 0, selected: n });
    }
    this.#entries += count;
  }

  /** All entries of `n` more rows were added. */
  endRows(n: number): void {
    this.#rows += n;
    this.values.endLargePage(this.#rows, this.#entries);
  }

  levelBytes(from: PageEnd, to: PageEnd): number {
    const { def, rep } = this.#layout;
    return (((bitsOf(def) + bitsOf(rep) + 2) * (to.entries - from.entries)) >>> 3) + 256;
  }

  writeLevels(from: PageEnd, to: PageEnd, out: number): number {
    const { def, rep } = this.#layout;
    const afterRep = rep > 0 ? this.#write(this.#rep, rep, from, to, out) : out;
    return def > 0 ? this.#write(this.#def, def, from, to, afterRep) : afterRep;
  }

  #write(levels: GrowingBuffer, most: number, from: PageEnd, to: PageEnd, out: number): number {
    const { kernels, memory } = this.#env;
    const n = to.entries - from.entries;
    const end = kernels.hybrid_write(levels.address + from.entries * 4, n, bitsOf(most), out + 4);
    new DataView(memory.memory.buffer).setUint32(out, end - out - 4, true);
    return end;
  }
}

const bitsOf = (most: number): number => 32 - Math.clz32(most);
