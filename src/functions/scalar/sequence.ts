import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { type DataType, INT64, UTF8 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';

/** Name, address of the state, start, increment, least and greatest value, 1 for CYCLE: the binder makes them of a name. */
const ARGUMENTS: readonly DataType[] = [UTF8, INT64, INT64, INT64, INT64, INT64, INT64];

/** A sequence as a call has it. */
type Sequence = {
  readonly name: string;
  /** Address of an i64: how many numbers were taken. */
  readonly state: number;
  readonly start: bigint;
  readonly increment: bigint;
  readonly min: bigint;
  readonly max: bigint;
  readonly cycle: boolean;
};

function sequenceOf({ memory }: EvalContext, { args }: ScalarCall): Sequence {
  const [name, state, start, increment, min, max, cycle] = args.map(a => valueReader(memory, a)(0));
  return {
    name: String(name),
    state: Number(state),
    start: start as bigint,
    increment: increment as bigint,
    min: min as bigint,
    max: max as bigint,
    cycle: cycle === 1n,
  };
}

/** The number that was taken as the `n`th, counted from 0. @throws RayexecError `invalid-argument` beyond the last */
function numberAt({ name, start, increment, min, max, cycle }: Sequence, n: bigint): bigint {
  const up = increment > 0n;
  const size = up ? increment : -increment;
  const firstLap = (up ? max - start : start - min) / size + 1n;
  if (n < firstLap) return start + n * increment;
  if (!cycle)
    throw new RayexecError(
      'invalid-argument',
      `nextval: reached ${up ? 'maximum' : 'minimum'} value of sequence "${name}" (${up ? max : min})`,
    );
  const lap = (max - min) / size + 1n;
  return (up ? min : max) + ((n - firstLap) % lap) * increment;
}

const doc = { args: ['sequence'], examples: [], category: 'system' } as const;

export const nextval: ScalarFunction = {
  name: 'nextval',
  doc: { ...doc, summary: 'Takes the next number of a sequence; another for each row.' },
  overloads: [
    fixed(
      '',
      ARGUMENTS,
      INT64,
      (ctx, call) => {
        const { memory, arena } = ctx;
        const sequence = sequenceOf(ctx, call);
        const { rows } = call;
        const out = arena.alloc(8 * rows.count);
        // Threads take numbers in blocks.
        const first = Atomics.add(memory.i64, sequence.state / 8, BigInt(rows.selected));
        const { i64, u16 } = memory;
        for (let j = 0; j < rows.selected; j++) {
          const position = rows.selection === 0 ? j : u16[rows.selection / 2 + j]!;
          i64[out / 8 + position] = numberAt(sequence, first + BigInt(j));
        }
        return Vector.flat(INT64, rows.count, out);
      },
      { volatile: true, readsMemory: true },
    ),
  ],
};

export const currval: ScalarFunction = {
  name: 'currval',
  doc: { ...doc, summary: 'The number that nextval took last from a sequence.' },
  overloads: [
    fixed(
      '',
      ARGUMENTS,
      INT64,
      (ctx, call) => {
        const { memory, arena } = ctx;
        const sequence = sequenceOf(ctx, call);
        const taken = Atomics.load(memory.i64, sequence.state / 8);
        if (taken === 0n)
          throw new RayexecError('invalid-argument', 'currval: sequence is not yet defined in this session', {
            hint: `nextval('${sequence.name}') takes its first number`,
          });
        const out = arena.alloc(8 * call.rows.count);
        memory.i64.fill(numberAt(sequence, taken - 1n), out / 8, out / 8 + call.rows.count);
        return Vector.flat(INT64, call.rows.count, out);
      },
      { volatile: true, readsMemory: true },
    ),
  ],
};
