import type { Pieces } from '../../../common/pieces.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { SpilledFile } from '../spill/row-format.ts';
import { SpillReader } from '../spill/spill-reader.ts';
import { SpillWriter } from '../spill/spill-writer.ts';
import { sortRowFormat } from './run-files.ts';
import type { SortRowLayout } from './sort-rows.ts';
import type { PrefixPlan, SortedRun } from './sorted-run.ts';

/** One clone's runs: the older ones in files, then what stayed in memory. */
export type ClonedRuns = { readonly files: readonly SpilledFile[]; readonly run: SortedRun };

/** Part of the memory limit that blocks of runs in files may take while they are merged. */
const MEMORY_PART = 1 / 8;
const FEWEST_RUNS = 4;
const MOST_RUNS = 64;
const RUN_WORDS = 4;

/** A run of which a part is in memory. */
type Window = {
  readonly reader: SpillReader | undefined;
  readonly file: SpilledFile | undefined;
  readonly run: SortedRun;
};

/** Reads runs, in files and in memory, as one, in order. Equal rows come in the order of the runs. */
export class SpilledMerge {
  readonly #ctx: OpenContext;
  readonly #layout: SortRowLayout;
  readonly #plan: PrefixPlan;
  #runs: readonly (SpilledFile | SortedRun)[];
  #merge: WindowMerge | undefined;

  /** @param runs of all clones, in their order */
  constructor(ctx: OpenContext, layout: SortRowLayout, plan: PrefixPlan, runs: readonly ClonedRuns[]) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#plan = plan;
    this.#runs = runs.flatMap(r => [...r.files, ...(r.run.count > 0 ? [r.run] : [])]);
  }

  /** Before the first `next`: merges neighbouring files until there are few enough to be read side by side. */
  *prepare(): Pieces {
    const { limit } = this.#ctx.memory;
    const fitting = Math.floor((limit * MEMORY_PART) / (2 * this.#ctx.spill.bufferBytes));
    const most = Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, fitting));
    while (this.#runs.filter(isFile).length > most) {
      const merged: (SpilledFile | SortedRun)[] = [];
      for (let from = 0; from < this.#runs.length; ) {
        const group: SpilledFile[] = [];
        while (group.length < most && from + group.length < this.#runs.length) {
          const run = this.#runs[from + group.length]!;
          if (!isFile(run)) break;
          group.push(run);
        }
        if (group.length > 1) merged.push(yield* this.#mergeFiles(group));
        else merged.push(this.#runs[from]!);
        from += Math.max(1, group.length);
      }
      if (merged.length === this.#runs.length) break;
      this.#runs = merged;
    }
    this.#merge = new WindowMerge(this.#ctx, this.#layout, this.#plan, this.#runs);
  }

  /** The addresses (u32) of the next rows, at most `limit`, none at the end; they are valid until the next call. */
  next(limit: number, arena: Arena): { readonly rows: number; readonly count: number } {
    return this.#merge!.next(limit, arena);
  }

  close(): void {
    this.#merge?.close();
  }

  *#mergeFiles(files: readonly SpilledFile[]): Pieces<SpilledFile> {
    const { memory, owner } = this.#ctx;
    const merge = new WindowMerge(this.#ctx, this.#layout, this.#plan, files);
    const writer = new SpillWriter(this.#ctx, sortRowFormat(this.#layout));
    const work = new Arena(memory, owner);
    for (;;) {
      work.reset();
      const { rows, count } = merge.next(MERGED_ROWS, work);
      if (count === 0) break;
      writer.append(rows, count);
      yield;
    }
    merge.close();
    work.release();
    return writer.finish()!;
  }
}

const MERGED_ROWS = 4096;

const isFile = (run: SpilledFile | SortedRun): run is SpilledFile => 'file' in run;

/** Merges the parts of runs that are in memory; reads on where a run's part has ended. */
class WindowMerge {
  readonly #ctx: OpenContext;
  readonly #layout: SortRowLayout;
  readonly #plan: PrefixPlan;
  readonly #windows: readonly Window[];
  readonly #heaps: readonly Arena[];
  readonly #heap: Arena;
  readonly #offsets: number;
  readonly #state: number;

  constructor(ctx: OpenContext, layout: SortRowLayout, plan: PrefixPlan, runs: readonly (SpilledFile | SortedRun)[]) {
    const { memory, owner } = ctx;
    const format = sortRowFormat(layout);
    this.#ctx = ctx;
    this.#layout = layout;
    this.#plan = plan;
    this.#heap = new Arena(memory, owner);
    this.#offsets = this.#heap.alloc(4 * 8);
    memory.u32.set(plan.offsets, this.#offsets >>> 2);
    this.#windows = runs.map(run =>
      isFile(run)
        ? { reader: new SpillReader(ctx, format, run), file: run, run: { keys: 0, rows: 0, count: 0 } }
        : { reader: undefined, file: undefined, run },
    );
    this.#heaps = runs.map(() => new Arena(memory, owner));
    this.#state = this.#heap.alloc(4 * RUN_WORDS * Math.max(1, runs.length));
    const words = this.#windows.flatMap(({ run }) => [run.keys, run.rows, 0, run.count]);
    memory.u32.set(words, this.#state >>> 2);
  }

  next(limit: number, arena: Arena): { readonly rows: number; readonly count: number } {
    const { memory, kernels } = this.#ctx;
    const k = this.#windows.length;
    for (let r = 0; r < k; r++) {
      const at = (this.#state >>> 2) + RUN_WORDS * r;
      if (memory.u32[at + 2]! >= memory.u32[at + 3]!) this.#readOn(r);
    }
    const rows = arena.alloc(limit * 4);
    const whole = this.#plan.isWhole ? 1 : 0;
    const count = kernels.sort_merge(this.#state, k, limit, 0, this.#layout.key.fixedBytes, whole, k, rows);
    return { rows, count };
  }

  close(): void {
    for (const w of this.#windows) w.reader?.close();
    for (const h of this.#heaps) h.release();
    this.#heap.release();
  }

  #readOn(r: number): void {
    const { reader, file } = this.#windows[r]!;
    if (reader === undefined) return;
    const block = reader.next();
    const { memory, kernels, spill } = this.#ctx;
    const at = (this.#state >>> 2) + RUN_WORDS * r;
    if (block === undefined) {
      if (memory.u32[at + 3] === 0) return;
      memory.u32.set([0, 0], at + 2);
      spill.remove(file!.file, file!.bytes);
      return;
    }
    const { address, count } = block;
    const heap = this.#heaps[r]!;
    heap.reset();
    const keys = heap.alloc(count * 8);
    const rows = heap.alloc(count * 4);
    const { offsets } = this.#plan;
    kernels.sort_prefixes(address, this.#layout.rowBytes, count, this.#offsets, offsets.length, keys, rows);
    memory.u32.set([keys, rows, 0, count], at);
  }
}
