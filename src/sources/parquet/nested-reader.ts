import { Vector } from '../../batch/vector.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import type { ChunkPages } from './chunk-pages.ts';
import { type ColumnLayout, type LeafLayout, type ListLayout, leavesOf } from './column-layout.ts';
import type { ColumnReader } from './column-reader.ts';
import { type Entries, LeafEntries } from './leaf-entries.ts';
import type { PageBuffer } from './page-buffers.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

/** The level of lists around a node, and the definition level that gives it a place. */
type Context = { readonly depth: number; readonly present: number };

/** Reads lists, structs and maps: levels and values of all leaves, put together to nested flat vectors. */
export class NestedReader implements ColumnReader {
  readonly pages: readonly ChunkPages[];
  readonly #env: ReadEnvironment;
  readonly #layout: ColumnLayout;
  readonly #leaves: readonly LeafEntries[];
  /** What the batch's vectors lie in. */
  #buffers: PageBuffer[] = [];
  #toSkip = 0;

  constructor(env: ReadEnvironment, layout: ColumnLayout) {
    this.#env = env;
    this.#layout = layout;
    this.#leaves = leavesOf(layout).map(leaf => new LeafEntries(env, leaf));
    this.pages = this.#leaves.map(leaf => leaf.pages);
  }

  start(places: readonly ChunkPlace[]): void {
    this.#toSkip = 0;
    this.#leaves.forEach((leaf, i) => {
      leaf.pages.begin(places[i]!);
      leaf.start(places[i]!.values);
    });
  }

  finish(): void {
    for (const { pages } of this.#leaves) {
      pages.end();
      pages.input.close();
    }
  }

  skip(rows: number): void {
    this.#toSkip += rows;
  }

  read(rows: number): Vector {
    for (const buffer of this.#buffers) this.#env.buffers.give(buffer);
    this.#buffers = [];
    if (this.#toSkip > 0) for (const leaf of this.#leaves) leaf.skip(this.#toSkip);
    this.#toSkip = 0;
    const entries = new Map(this.#leaves.map(leaf => [leaf.leaf.leaf, leaf.read(rows)]));
    const vector = this.#assemble(this.#layout, { depth: 0, present: 0 }, entries);
    if (vector.length !== rows) throw this.#disagreement();
    return vector;
  }

  /** The vector of a node's slots. */
  #assemble(layout: ColumnLayout, context: Context, entries: ReadonlyMap<number, Entries>): Vector {
    if (layout.kind === 'leaf') return this.#leafVector(layout, context, entries.get(layout.leaf)!);
    // Any leaf below knows where the node's values begin and whether they are there.
    const levels = entries.get(leavesOf(layout)[0]!.leaf)!;
    const { length, validity } = this.#slots(layout, context, levels);
    if (layout.kind === 'list') return this.#listVector(layout, context, entries, levels, length, validity);
    const children = layout.fields.map(f => this.#assemble(f, context, entries));
    if (children.some(c => c.length !== length)) throw this.#disagreement();
    return Vector.flat(layout.type, length, 0, validity, children);
  }

  #leafVector(leaf: LeafLayout, context: Context, entries: Entries): Vector {
    const { length, validity, valid } = this.#slots(leaf, context, entries);
    const width = widthOf(physicalType(leaf.type));
    const values = this.#take(length * width);
    const { kernels } = this.#env;
    kernels.move_bytes(values, entries.values, valid * width);
    if (valid < length) kernels.spread_values(values, validity, 0, length, valid, width);
    return Vector.flat(leaf.type, length, values, validity);
  }

  #listVector(
    layout: ListLayout,
    { depth, present }: Context,
    entries: ReadonlyMap<number, Entries>,
    { def, rep, count }: Entries,
    length: number,
    validity: number,
  ): Vector {
    const lists = this.#take(count * 8);
    const found = this.#env.kernels.slot_lists(def, rep, count, depth, present, layout.rep, layout.elementDef, lists);
    if (found !== length) throw this.#disagreement();
    const element = this.#assemble(layout.element, { depth: layout.rep, present: layout.elementDef }, entries);
    return Vector.flat(layout.type, length, lists, validity, [element]);
  }

  /** How many slots a node has, how many hold a value, and their bitmap (0 when all do). */
  #slots(
    layout: ColumnLayout,
    { depth, present }: Context,
    entries: Entries,
  ): { length: number; valid: number; validity: number } {
    const { kernels } = this.#env;
    const bitmap = this.#take((entries.count >> 3) + 8);
    const length =
      kernels.slot_bitmap(entries.def, entries.rep, entries.count, depth, present, layout.def, bitmap) >>> 0;
    const valid = kernels.bits_count(bitmap, 0, length);
    return { length, valid, validity: valid === length ? 0 : bitmap };
  }

  #take(bytes: number): number {
    const buffer = this.#env.buffers.take(bytes);
    this.#buffers.push(buffer);
    return buffer.address;
  }

  #disagreement(): Error {
    return damaged(this.pages[0]!.where, 'the levels of its columns do not agree');
  }
}
