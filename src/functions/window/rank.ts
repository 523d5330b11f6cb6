import { Vector } from '../../batch/vector.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { type DataType, FLOAT64, INT64 } from '../../types/data-type.ts';
import type { EvalContext, WindowCall, WindowFunction, WindowOverload } from '../function.ts';
import { windowDoc } from './documented.ts';

const NUMBERS = '(VALUES (5), (7), (7), (9)) t(x)';

/** A function without arguments that follows from where a row stands. */
function placed(
  name: string,
  aliases: readonly string[],
  summary: string,
  result: string,
  returns: DataType,
  compute: (kernels: Kernels, call: WindowCall, out: number) => void,
): WindowFunction {
  const overload: WindowOverload = {
    key: 'none',
    signature: returns === INT64 ? '() -> BIGINT' : '() -> DOUBLE',
    fit: args => (args.length === 0 ? { args, returns, cost: 0 } : undefined),
    nullable: false,
    canOrder: name !== 'dense_rank',
    run: ({ arena, kernels }: EvalContext, call) => {
      const out = arena.alloc(call.count * 8);
      compute(kernels, call, out);
      return Vector.flat(returns, call.count, out);
    },
  };
  const example = `(SELECT list(r ORDER BY r) FROM (SELECT ${name}() OVER (ORDER BY x) AS r FROM ${NUMBERS}))`;
  return { name, aliases, doc: windowDoc(summary, [], [example, result]), overloads: [overload] };
}

/** Where a row stands in the order of its partition. */
export const ranks: readonly WindowFunction[] = [
  placed('row_number', [], 'Number of the row in its partition, from 1.', '[1, 2, 3, 4]', INT64, (k, call, out) =>
    k.window_row_number(call.count, call.places.row, call.places.partitionStart, out),
  ),
  placed(
    'rank',
    [],
    'Number of the first of the rows that the order does not tell apart from this one.',
    '[1, 2, 2, 4]',
    INT64,
    (k, { count, places }, out) => k.window_rank(count, places.partitionStart, places.peerStart, out),
  ),
  placed(
    'dense_rank',
    ['rank_dense'],
    'Number of the row’s peers among all peers of its partition, from 1.',
    '[1, 2, 2, 3]',
    INT64,
    (k, { count, places }, out) => k.window_dense_rank(count, places.peers, out),
  ),
  placed(
    'percent_rank',
    [],
    '(rank - 1) / (rows - 1); 0 in a partition of one row.',
    '[0.0, 0.3333333333333333, 0.3333333333333333, 1.0]',
    FLOAT64,
    (k, { count, places }, out) =>
      k.window_percent_rank(count, places.partitionStart, places.partitionEnd, places.peerStart, out),
  ),
  placed(
    'cume_dist',
    [],
    'The part of the rows that come before this one or are its peers.',
    '[0.25, 0.75, 0.75, 1.0]',
    FLOAT64,
    (k, { count, places }, out) =>
      k.window_cume_dist(count, places.partitionStart, places.partitionEnd, places.peerEnd, out),
  ),
];
