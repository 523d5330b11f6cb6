import type { Batch } from '../batch/batch.ts';
import { RayexecError } from '../common/errors.ts';
import type { Pieces } from '../common/pieces.ts';
import type { Arena, ArenaMark } from '../memory/arena.ts';
import type { SpillStore } from '../memory/spill-store.ts';
import { operatorOf, type PhysicalNode } from '../operators/index.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Sink, Source, Transform } from '../protocol/operator.ts';
import type { Step } from '../protocol/step.ts';
import { widthOf } from '../types/physical.ts';
import type { Pipeline, PlacedNode } from './pipeline.ts';
import type { NodeProfile, Profile } from './profile.ts';

/** What one turn of a driver came to: there is more to do, I/O must come first, or the partition is through. */
export type Turn = 'more' | 'done' | Promise<void>;

/** After so long a turn ends, even when the operators have more output for the batch that they got. */
const TURN_MILLISECONDS = 5;

type Clone<Role> = {
  readonly role: Role;
  readonly state: unknown;
  readonly profile: NodeProfile | undefined;
  readonly kind: string;
  readonly spill: SpillStore;
};

/** Makes the context of a node's clone: `clone` of `clones`, with the node's shared struct. */
export type ContextOf = (placed: PlacedNode, clone: number, clones: number) => OpenContext;

/**
 * Runs one partition of one pipeline: pulls batches from the source's clone and pushes each through the transforms
 * into the sink. Synchronous; it gives back control between source batches, so that one thread can drive several.
 */
export class PartitionDriver {
  readonly #arena: Arena;
  readonly #source: Clone<Source<PhysicalNode>>;
  readonly #transforms: readonly Clone<Transform<PhysicalNode>>[];
  readonly #sink: Clone<Sink<PhysicalNode>>;
  /** The context of the sink's clone; its arena is this driver's. */
  readonly sinkContext: OpenContext;
  /** Transforms below this index want no more input. */
  #closedBelow = -1;
  /** Where a push that had to wait goes on. */
  #waiting: { readonly at: number; readonly batch: Batch | undefined } | undefined;
  /** Transforms that have more output for the batch they got, and the arena as it was when they first said so. */
  readonly #more: { readonly at: number; readonly mark: ArenaMark }[] = [];
  #turnEnds = 0;
  #sourceEnded = false;
  /** After the source: the transform that has output left; those before it have none. */
  #draining = 0;
  #isDraining = false;
  readonly #lastOfTransform: readonly boolean[];
  #done = false;

  constructor(pipeline: Pipeline, partition: number, contextOf: ContextOf, arena: Arena, profile?: Profile) {
    this.#arena = arena;
    this.#lastOfTransform = pipeline.lastOfTransform;
    const { source, transforms, sink, partitions } = pipeline;
    const open = <R extends { open: (node: PhysicalNode, ctx: OpenContext) => unknown }>(
      placed: PlacedNode,
      role: R,
      ctx = contextOf(placed, partition, partitions),
    ): Clone<R> => {
      const clone = { role, kind: placed.node.kind, spill: ctx.spill };
      const state = naming(clone, () => role.open(placed.node, ctx));
      return { ...clone, state, profile: profile?.node(placed.id, partition) };
    };
    this.sinkContext = contextOf(sink, pipeline.firstClone + partition, pipeline.sinkClones);
    this.#sink = open(sink, operatorOf(sink.node).sink!, this.sinkContext);
    this.#transforms = transforms.map(t => open(t, operatorOf(t.node).transform!));
    this.#source = open(source, operatorOf(source.node).source!);
  }

  /** Works on the next source batch, or for a while on what is left of the one before. */
  turn(): Turn {
    if (this.#done) return 'done';
    this.#turnEnds = performance.now() + TURN_MILLISECONDS;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      return this.#continue(waiting.at, waiting.batch);
    }
    if (this.#more.length > 0) return this.#resume();
    if (this.#isDraining) return this.#drain();
    this.#arena.reset();
    const step = timed(this.#source, () => this.#source.role.pull(this.#source.state));
    switch (step.status) {
      case 'pending':
        return step.wake;
      case 'exhausted':
        this.#sourceEnded = true;
        if (step.batch === undefined) return this.#end();
        return this.#continue(0, step.batch);
      case 'need-more':
        return 'more';
      default:
        return this.#continue(0, step.batch);
    }
  }

  /** The sink's clone has all of its input. */
  finish(): Pieces {
    const { role, state } = this.#sink;
    return this.#timedPieces(() => role.finish?.(state));
  }

  /** This clone's part of what the sink builds after `seal`. */
  complete(): Pieces {
    const { role, state } = this.#sink;
    this.#arena.reset();
    return this.#timedPieces(() => role.complete?.(state, this.sinkContext));
  }

  /** Source and transforms are not needed any more; the sink stays for `finish` and `complete`. */
  closeInput(): void {
    const { role, state, profile } = this.#source;
    if (profile !== undefined) profile.counts = role.counts?.(state);
    for (const clone of [this.#source, ...this.#transforms]) close(clone);
  }

  closeSink(): void {
    close(this.#sink);
  }

  *#timedPieces(begin: () => Pieces | undefined): Pieces {
    const pieces = timed(this.#sink, begin);
    if (pieces === undefined) return;
    while (timed(this.#sink, () => pieces.next()).done !== true) yield;
  }

  /** Asks the operator that said so last for more of its output. */
  #resume(): Turn {
    const { at, mark } = this.#more.pop()!;
    // What came of the last part of its output is gone through the pipeline; the input that it works on is older.
    this.#arena.rewind(mark);
    return this.#continue(at, undefined, mark);
  }

  /** The source's batch is through. */
  #end(): Turn {
    if (!this.#sourceEnded && this.#closedBelow < 0) return 'more';
    this.#isDraining = true;
    for (; this.#draining < this.#transforms.length; this.#draining++) {
      const { role, state } = this.#transforms[this.#draining]!;
      if (role.drain === undefined) continue;
      if (this.#draining > this.#closedBelow) return 'more';
      role.abandon?.(state);
    }
    this.#done = true;
    return 'done';
  }

  /** Asks the transforms, one after the other, for what they have left when all of their input was pushed. */
  #drain(): Turn {
    this.#arena.reset();
    const clone = this.#transforms[this.#draining]!;
    const isLast = this.#lastOfTransform[this.#draining]!;
    const step = timed(clone, () => clone.role.drain!(clone.state, isLast));
    switch (step.status) {
      case 'pending':
        return step.wake;
      case 'need-more':
        return 'more';
      case 'exhausted':
        this.#draining++;
        return this.#end();
      default:
        return this.#continue(this.#draining + 1, step.batch);
    }
  }

  /** Pushes a batch into transform `at` (or asks it for more of its output when there is none), and on to the sink. */
  #continue(at: number, batch: Batch | undefined, resumed?: ArenaMark): Turn {
    let next = at;
    let current = batch;
    let mark = resumed;
    for (;;) {
      const step = next < this.#transforms.length ? this.#transform(next, current) : this.#push(current!);
      switch (step.status) {
        case 'pending':
          this.#waiting = { at: next, batch: current };
          return step.wake;
        case 'has-more':
          this.#more.push({ at: next, mark: mark ?? this.#arena.mark() });
          mark = undefined;
          current = step.batch;
          next++;
          continue;
        case 'ready':
          current = step.batch;
          mark = undefined;
          next++;
          continue;
        case 'exhausted':
          // Nothing before this operator is needed any more, not even what it has left to give.
          this.#closedBelow = next;
          while (this.#more.length > 0 && this.#more.at(-1)!.at <= next) this.#more.pop();
          if (step.batch !== undefined) {
            current = step.batch;
            next++;
            continue;
          }
          break;
        case 'need-more':
          break;
      }
      if (this.#more.length === 0) return this.#end();
      if (performance.now() >= this.#turnEnds) return 'more';
      const waiting = this.#more.pop()!;
      this.#arena.rewind(waiting.mark);
      mark = waiting.mark;
      next = waiting.at;
      current = undefined;
    }
  }

  #transform(at: number, batch: Batch | undefined): Step {
    const clone = this.#transforms[at]!;
    const { role, state, profile } = clone;
    if (profile !== undefined)
      return timed(clone, () => (batch === undefined ? role.resume!(state) : role.push(state, batch)));
    try {
      return batch === undefined ? role.resume!(state) : role.push(state, batch);
    } catch (error) {
      throw named(clone, error);
    }
  }

  #push(batch: Batch): Step {
    const { role, state, profile } = this.#sink;
    if (profile !== undefined) return timed(this.#sink, () => role.push(state, batch), batch.selected);
    try {
      return role.push(state, batch);
    } catch (error) {
      throw named(this.#sink, error);
    }
  }
}

/** Closes a clone; with a profile, adds what it spilled. */
function close({ role, state, profile, spill }: Clone<{ close?(state: unknown): void }>): void {
  role.close?.(state);
  if (profile !== undefined) profile.spilled += spill.written;
}

/** Runs a step of an operator, whose kind errors of memory then name; they say what to do, too. */
function naming<T>(clone: Named, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw named(clone, error);
  }
}

/** What errors of memory tell of an operator's clone. */
type Named = Pick<Clone<unknown>, 'kind' | 'spill'>;

/** What an operator has thrown; errors of memory name it, and say what to do. */
function named({ kind, spill }: Named, error: unknown): unknown {
  if (!(error instanceof RayexecError) || error.code !== 'memory' || error.where !== undefined) return error;
  const { summary, hint = spill.advice, cause } = error;
  return new RayexecError('memory', summary, { hint, where: `operator ${kind}`, cause });
}

/** Runs a step of an operator; with a profile, adds its time and the rows it hands on. */
function timed<T>(clone: Clone<unknown>, run: () => T, rowsIn = 0): T {
  const { profile } = clone;
  if (profile === undefined) return naming(clone, run);
  const start = performance.now();
  const result = naming(clone, run);
  const end = performance.now();
  profile.milliseconds += end - start;
  profile.began ??= performance.timeOrigin + start;
  profile.ended = performance.timeOrigin + end;
  const step = result as Step | undefined;
  if (step !== undefined && 'batch' in step && step.batch !== undefined) {
    profile.batches++;
    profile.rows += step.batch.selected;
    profile.bytes += step.batch.selected * rowWidth(step.batch);
  }
  profile.rowsIn += rowsIn;
  return result;
}

/** Bytes of a row in the batch's vectors: texts and lists count as references, values of a dictionary as codes. */
function rowWidth({ columns }: Batch): number {
  return columns.reduce(
    (sum, c) => sum + (c.form === 'dictionary' ? 4 : c.form === 'constant' ? 0 : widthOf(c.physical)),
    0,
  );
}
