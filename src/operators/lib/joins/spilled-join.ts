import { allRows } from '../../../batch/batch.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { NEED_MORE, ready, type Step } from '../../../protocol/step.ts';
import { linkRowBlock } from '../rows/row-blocks.ts';
import { PART_HEADER, partsOf, partWord, publishPart } from '../shared-parts.ts';
import { type BatchRows, SpilledBatches } from '../spill/batch-rows.ts';
import type { RowFormat, SpilledFile } from '../spill/row-format.ts';
import { type DealKey, isEnough, MOST_LEVELS, OWN_HASH, SpillPartitions } from '../spill/spill-partitions.ts';
import { SpillReader } from '../spill/spill-reader.ts';
import { buildDeal, buildFormat, INDEX_BYTES } from './build-files.ts';
import { BuildRowSource } from './build-row-source.ts';
import { enterRows, JOIN_PART, JOIN_SHARED, sealJoin } from './join-index.ts';
import { type Found, JoinProbe } from './join-probe.ts';
import { emitsBuildRows, type HashJoinNode, type JoinShape } from './join-shape.ts';

type Join = {
  readonly node: HashJoinNode;
  readonly shape: JoinShape;
  /** Of the join's clone; its struct tells of all clones' build rows. */
  readonly ctx: OpenContext;
  readonly layout: BatchRows;
};

/** Files of both sides whose rows can only match each other. */
type Sides = {
  readonly build: readonly SpilledFile[];
  readonly probe: readonly SpilledFile[];
  readonly level: number;
  /** Dealing the build rows out again would not part them. */
  readonly isOneKey: boolean;
  /** Nobody needs the files afterwards. */
  readonly removes: boolean;
};

/** Build rows of which so many have come to the same part again have one key, most likely. */
const ONE_KEY = 0.9;
const LEAST_BYTES = 1 << 20;

/** Whether each probe row must see all build rows: a NULL may match anything then. */
export const needsAllRows = ({ joinType, probeKeys, residual }: HashJoinNode): boolean =>
  joinType === 'mark' && (probeKeys.length > 1 || residual !== undefined);

const rowsOf = (files: readonly SpilledFile[]): number => files.reduce((sum, f) => sum + f.rows, 0);

/** Joins the rows of two sets of files. Where the build rows don't fit into memory: part by part, or else piece by piece. */
export function* joinFiles(join: Join, sides: Sides): Generator<Step, void, undefined> {
  const { node, shape, ctx } = join;
  const { build, probe, level, isOneKey, removes } = sides;
  const rows = rowsOf(build);
  if (rows === 0 && rowsOf(probe) === 0) return;
  const bytes = build.reduce((sum, f) => sum + f.bytes, 0) + INDEX_BYTES * rows;
  const isForced = ctx.spill.isForced && !isEnough(ctx, level, rows);
  const canDeal = !isOneKey && level < MOST_LEVELS && !needsAllRows(node);
  if (canDeal && (isForced || bytes > budgetOf(ctx))) {
    const built = yield* dealFiles(join, build, buildFormat(shape), buildDeal(shape), level, removes);
    const probed = yield* dealFiles(join, probe, join.layout.format, OWN_HASH, level, removes);
    for (const [p, b] of built.entries()) {
      const next = {
        build: b,
        probe: probed[p]!,
        level: level + 1,
        isOneKey: rowsOf(b) > ONE_KEY * rows,
        removes: true,
      };
      yield* joinFiles(join, next);
    }
    return;
  }
  yield* joinPieces(join, build, probe);
  if (removes) for (const { file, bytes: size } of [...build, ...probe]) ctx.spill.remove(file, size);
}

/** Bytes that a clone may take for build rows. */
const budgetOf = ({ spill, partitions }: OpenContext): number => Math.max(LEAST_BYTES, spill.available / partitions);

/** Deals files out to parts, as lists of files. */
function* dealFiles(
  { ctx }: Join,
  files: readonly SpilledFile[],
  format: RowFormat,
  by: DealKey,
  level: number,
  removes: boolean,
): Generator<Step, SpilledFile[][], undefined> {
  const { memory, kernels, spill, owner } = ctx;
  const own = memory.newOwner(owner);
  const arena = new Arena(memory, own);
  const inner = { ...ctx, owner: own, arena };
  const parts = new SpillPartitions(inner, format, by, level);
  for (const file of files) {
    const reader = new SpillReader(inner, format, file);
    for (let block = reader.next(); block !== undefined; block = reader.next()) {
      arena.reset();
      const rows = arena.alloc(4 * block.count);
      kernels.row_addresses(block.address, format.rowBytes, block.count, rows);
      parts.append(rows, block.count);
      yield NEED_MORE;
    }
    reader.close();
    if (removes) spill.remove(file.file, file.bytes);
  }
  const dealt = parts.finish().map(f => (f === undefined ? [] : [f]));
  memory.freeOwner(own);
  return dealt;
}

/** Build rows in memory: a chain of blocks. */
type Piece = { readonly first: number; readonly rows: number };

type OpenFile = { readonly file: SpilledFile; reader: SpillReader | undefined };

/** Streams the probe rows past the build rows, as many of them at a time as memory holds. */
function* joinPieces(
  join: Join,
  build: readonly SpilledFile[],
  probe: readonly SpilledFile[],
): Generator<Step, void, undefined> {
  const { ctx, shape } = join;
  const readers = build.map((file): OpenFile => ({ file, reader: undefined }));
  // Readers go on from one piece to the next.
  const reading = ctx.memory.newOwner(ctx.owner);
  const format = buildFormat(shape);
  const found: { matched: Uint8Array; unknown: Uint8Array }[] = [];
  for (let isFirst = true; ; isFirst = false) {
    const owner = ctx.memory.newOwner(ctx.owner);
    const inner: OpenContext = { ...ctx, owner };
    const piece = yield* loadPiece({ ...ctx, owner: reading }, format, readers, owner);
    const isLast = readers.length === 0;
    yield* joinPiece(join, inner, piece, probe, isFirst && isLast ? undefined : found, isLast);
    ctx.memory.freeOwner(owner);
    if (isLast) break;
  }
  ctx.memory.freeOwner(reading);
}

/** Loads build rows up to the budget, a block at least; takes readers that are through from the list. */
function* loadPiece(
  ctx: OpenContext,
  format: RowFormat,
  readers: OpenFile[],
  owner: Owner,
): Generator<Step, Piece, undefined> {
  const budget = ctx.spill.isForced ? 0 : budgetOf(ctx);
  let [first, last, rows, bytes] = [0, 0, 0, 0];
  while (readers.length > 0) {
    const next = readers[0]!;
    next.reader ??= new SpillReader(ctx, format, next.file);
    const { rows: fileRows, bytes: fileBytes } = next.file;
    const block = next.reader.load(owner);
    if (block === undefined) {
      readers.shift();
      continue;
    }
    if (first === 0) first = block.block;
    else linkRowBlock(ctx.memory, last, block.block);
    last = block.block;
    rows += block.count;
    bytes += block.count * (INDEX_BYTES + fileBytes / fileRows);
    if (!next.reader.hasMore) readers.shift();
    yield NEED_MORE;
    if (bytes >= budget && readers.length > 0) break;
  }
  return { first, rows };
}

/**
 * Joins one piece of the build rows with all probe rows.
 * @param found by probe batch, what earlier pieces have found; absent when the piece is all
 */
function* joinPiece(
  { node, shape, ctx: outer, layout }: Join,
  ctx: OpenContext,
  piece: Piece,
  probe: readonly SpilledFile[],
  found: { matched: Uint8Array; unknown: Uint8Array }[] | undefined,
  isLast: boolean,
): Generator<Step, void, undefined> {
  const { memory, owner, batchRows } = ctx;
  const work = new Arena(memory, owner);
  const heap = new Arena(memory, owner);
  const shared = heap.allocZeroed(JOIN_SHARED.bytes + 64);
  const inner: OpenContext = { ...ctx, arena: work, shared, partition: 0, partitions: 1, filterSlot: () => 0 };
  const unfiltered: HashJoinNode = { ...node, filters: undefined };
  for (const [i, part] of partsOf(memory, outer.shared + JOIN_SHARED.parts).entries()) {
    const at = heap.alloc(4 * (PART_HEADER + JOIN_PART.words));
    const [chain, rows] = i === 0 ? [piece.first, piece.rows] : [0, 0];
    const nulls = needsAllRows(node)
      ? [partWord(memory, part, JOIN_PART.nullChain), partWord(memory, part, JOIN_PART.nullRows)]
      : [0, 0];
    const words = [chain, rows, ...nulls, partWord(memory, part, JOIN_PART.ranges), 0];
    publishPart(memory, shared + JOIN_SHARED.parts, at, i, words);
  }
  for (const _ of sealJoin(unfiltered, shape, inner)) yield NEED_MORE;
  for (const _ of enterRows(unfiltered, shape, inner, piece.first)) yield NEED_MORE;
  // Whether there are rows at all, or NULLs, is known of all of them.
  for (const word of [JOIN_SHARED.rows, JOIN_SHARED.nullRows])
    memory.u32[(shared + word) >>> 2] = memory.u32[(outer.shared + word) >>> 2]!;
  const probing = new JoinProbe(unfiltered, inner, found !== undefined);
  const batchArena = new Arena(memory, owner);
  const batches = new SpilledBatches({ ...inner, arena: batchArena }, layout, probe);
  for (let b = 0; ; b++) {
    batchArena.reset();
    work.reset();
    const next = batches.next(batchRows);
    if (next === undefined) break;
    const bitmap = (): Uint8Array => new Uint8Array((next.count + 7) >> 3);
    if (found !== undefined) found[b] ??= { matched: bitmap(), unknown: bitmap() };
    const before: Found | undefined = found === undefined ? undefined : { ...found[b]!, isLast };
    let step = probing.push({ ...allRows(next.count), columns: next.columns, split: 0 }, before);
    const mark = work.mark();
    while (step.status === 'has-more') {
      yield ready(step.batch);
      work.rewind(mark);
      step = probing.resume();
    }
    yield step;
  }
  batches.close();
  probing.close();
  if (!emitsBuildRows(node)) return;
  const rest = new BuildRowSource(unfiltered, inner);
  for (;;) {
    work.reset();
    const step = rest.pull();
    if (step.status === 'exhausted') return;
    yield step;
  }
}
