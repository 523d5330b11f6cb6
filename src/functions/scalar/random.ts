import { Vector } from '../../batch/vector.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
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
  ],
};
