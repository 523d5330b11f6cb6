import { Vector } from '../../batch/vector.ts';
import { FLOAT64, INT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';

export const random: ScalarFunction = {
  name: 'random',
  doc: {
    summary: 'A random number from 0 up to, but never, 1; another for each row.',
    args: [],
    examples: [['random() < 1', 'true']],
    category: 'numeric',
  },
  overloads: [
    fixed(
      '',
      [],
      FLOAT64,
      ({ memory, arena }, { rows }) => {
        const out = arena.alloc(rows.count * 8);
        const values = memory.f64;
        for (let i = 0; i < rows.count; i++) values[out / 8 + i] = Math.random();
        return Vector.flat(FLOAT64, rows.count, out);
      },
      { volatile: true },
    ),
    fixed('seed', [INT64], FLOAT64, seeded, { volatile: true }),
  ],
};

/** The generators' states: each expression evaluator goes through its own sequence. */
const states = new WeakMap<EvalContext, number>();

/** The sequence of a seed (mulberry32), 32 random bits a row. */
function seeded(ctx: EvalContext, { args, rows }: ScalarCall): Vector {
  const { memory, arena } = ctx;
  const seed = rows.selected === 0 ? 0 : Number(memory.i64[args[0]!.data / 8]! & 0xffff_ffffn);
  let state = states.get(ctx) ?? seed;
  const out = arena.alloc(rows.count * 8);
  const values = memory.f64;
  for (let i = 0; i < rows.count; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    values[out / 8 + i] = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  states.set(ctx, state);
  return Vector.flat(FLOAT64, rows.count, out);
}
