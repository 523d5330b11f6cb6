import { allRows, batchOf } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { NEED_MORE, type Step } from '../../../protocol/step.ts';
import { type Part, partWord } from '../shared-parts.ts';
import { SpilledBatches } from '../spill/batch-rows.ts';
import { filesAt, type SpilledFile } from '../spill/row-format.ts';
import { SPILL_PARTITIONS } from '../spill/spill-partitions.ts';
import { collectedPositions, nodeOverFiles, streamRows } from './group-files.ts';
import { filesWord, GROUP_SHARED, type GroupShape, type HashAggregateNode } from './group-shape.ts';
import { GroupSink, sealGroups } from './group-sink.ts';

/** What hands on a node's finished groups. */
type Finished = { readonly pull: () => Step; readonly close: () => void };

/**
 * Merges and hands on the groups of one partition of the clones' files. Those that don't fit into memory are dealt out
 * to files again.
 * @param open opens the source of the partition's groups
 */
export function* spilledGroups(
  outerNode: HashAggregateNode,
  shape: GroupShape,
  ctx: OpenContext,
  parts: readonly Part[],
  partition: number,
  level: number,
  open: (node: HashAggregateNode, ctx: OpenContext, level: number) => Finished,
): Generator<Step, void, undefined> {
  const { memory, spill } = ctx;
  const lists = parts.map(p => filesAt(memory, partWord(memory, p, filesWord(shape))));
  const filesOf = (stream: number): SpilledFile[] =>
    lists.map(l => l[stream * SPILL_PARTITIONS + partition]!).filter(f => f.rows > 0);
  if (filesOf(0).length === 0) return;
  const owner = memory.newOwner(ctx.owner);
  const node = nodeOverFiles(outerNode, shape);
  const shared = new Arena(memory, owner).allocZeroed(GROUP_SHARED.bytes);
  const inner: OpenContext = { ...ctx, owner, shared, partition: 0, partitions: 1 };
  const arena = new Arena(memory, owner);
  const folding: OpenContext = { ...inner, arena };
  const sink = new GroupSink(node, folding, 'states', level);
  const positions = collectedPositions(shape);
  for (const [stream, layout] of streamRows(shape).entries()) {
    const files = filesOf(stream);
    const batches = new SpilledBatches(folding, layout, files);
    for (;;) {
      arena.reset();
      while (sink.makeRoom() !== undefined) yield NEED_MORE;
      const next = batches.next(ctx.batchRows);
      if (next === undefined) break;
      const { columns, count } = next;
      if (stream === 0) sink.push(batchOf(allRows(count), columns, 0));
      else sink.pushCollected(stream - 1, placed(columns, shape.fieldTypes.length, positions[stream - 1]!), count);
      yield NEED_MORE;
    }
    batches.close();
    for (const { file, bytes } of files) spill.remove(file, bytes);
  }
  sink.finish();
  sealGroups(node, folding);
  arena.reset();
  for (const _ of sink.complete()) yield NEED_MORE;
  const source = open(node, inner, level);
  for (let step = source.pull(); step.status !== 'exhausted'; step = source.pull()) yield step;
  source.close();
  sink.close();
  memory.freeOwner(owner);
}

/** The columns with those after the first `fixed` moved to position `at`. */
function placed(columns: readonly Vector[], fixed: number, at: number): Vector[] {
  const out = columns.slice(0, fixed);
  for (const [i, column] of columns.slice(fixed).entries()) out[at + i] = column;
  return out;
}
