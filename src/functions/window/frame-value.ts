import type { Vector } from '../../batch/vector.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { type DataType, INT64 } from '../../types/data-type.ts';
import type { EvalContext, Fit, WindowCall, WindowFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { windowDoc } from './documented.ts';

function fitValue(args: readonly DataType[], count: number): Fit | undefined {
  const [value, n] = args;
  if (value === undefined || args.length !== count) return undefined;
  const type = plainType(value);
  if (n === undefined) return { args: [type], returns: type, cost: 0 };
  const cost = implicitCastCost(n, INT64);
  return cost === undefined ? undefined : { args: [type, INT64], returns: type, cost };
}

/** The value of the frame's row number n, counted from its start or (`fromEnd`) its end. */
function run({ arena, kernels }: EvalContext, call: WindowCall, fromEnd: 0 | 1, n: Vector | undefined): Vector {
  const { frame, places, nonNulls, from, count } = call;
  const rows = arena.alloc(count * 4);
  kernels.window_nth(
    fromEnd,
    n?.data ?? 0,
    n === undefined ? 0 : maskOf(n),
    n?.validity ?? 0,
    from,
    count,
    frame.start,
    frame.end,
    frame.exclude,
    places.peerStart,
    places.peerEnd,
    nonNulls?.rows ?? 0,
    nonNulls?.before ?? 0,
    rows,
  );
  return call.gather(rows);
}

function frameValue(
  name: string,
  aliases: readonly string[],
  count: 1 | 2,
  fromEnd: 0 | 1,
  summary: string,
  result: string,
): WindowFunction {
  const call = count === 1 ? `${name}(x)` : `${name}(x, 2)`;
  const over = '(ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)';
  return {
    name,
    aliases,
    doc: windowDoc(summary, count === 1 ? ['value'] : ['value', 'n'], [
      `(SELECT max(y) FROM (SELECT ${call} OVER ${over} AS y FROM (VALUES (1), (2), (3)) t(x)))`,
      result,
    ]),
    overloads: [
      {
        key: 'any',
        signature: count === 1 ? '(ANY) -> ANY' : '(ANY, BIGINT) -> ANY',
        fit: args => fitValue(args, count),
        nullable: true,
        canOrder: true,
        usesFrame: true,
        canIgnoreNulls: true,
        run: (ctx, c) => run(ctx, c, fromEnd, count === 1 ? undefined : c.arg(1)),
      },
    ],
  };
}

/** Values of certain rows of the frame. */
export const frameValues: readonly WindowFunction[] = [
  frameValue('first_value', ['first'], 1, 0, 'The value of the first row of the frame; NULL when it has none.', '1'),
  frameValue('last_value', ['last'], 1, 1, 'The value of the last row of the frame; NULL when it has none.', '3'),
  frameValue('nth_value', [], 2, 0, 'The value of the row number n of the frame, from 1; NULL when it has fewer.', '2'),
];
