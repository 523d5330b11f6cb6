import { invariant } from '../../common/errors.ts';
import { plainType } from '../../types/coercion.ts';
import type { DataType } from '../../types/data-type.ts';
import { physicalType } from '../../types/physical.ts';
import type { AggregateContext, AggregateFunction, FunctionDoc, UpdateCall } from '../function.ts';
import { SLOT, updateKept } from './kept-value.ts';
import { stateByUpdate } from './merge-by-update.ts';
import { oneArgument } from './operand.ts';
import { stateValues } from './state-values.ts';

const WIDE = { i128: 0, u128: 1, interval: 2 } as const;

/** `min` or `max`: for every flat type, in its order (texts bytewise, NaN greatest). */
export function extremum(name: 'min' | 'max', doc: FunctionDoc): AggregateFunction {
  const update = (ctx: AggregateContext, call: UpdateCall): void => updateExtremum(name, ctx, call);
  return {
    name,
    doc,
    overloads: [
      {
        key: 'flat',
        signature: '(ANY) -> ANY',
        fit: ([x, ...rest]) =>
          x !== undefined && rest.length === 0 && isFlat(x)
            ? { args: [plainType(x)], returns: plainType(x), cost: 0 }
            : undefined,
        nullable: true,
        skipsNulls: true,
        ignoresDistinct: true,
        stateBytes: ([x]) => (physicalType(x!) === 'ref' ? SLOT.bytes : seenAt(x!) + 8),
        ...stateByUpdate(seenAt, update),
        result: (ctx, call) => stateValues(ctx, call, call.type, seenAt(call.type)),
      },
    ],
  };
}

const isFlat = (x: DataType): boolean => !['list', 'struct'].includes(physicalType(x));

/** Where a state says that it holds a value. */
const seenAt = (x: DataType): number => (physicalType(x) in WIDE || physicalType(x) === 'ref' ? 16 : 8);

function updateExtremum(name: 'min' | 'max', ctx: AggregateContext, call: UpdateCall): void {
  const { physical } = call.args[0]!;
  const isMax = name === 'max' ? 1 : 0;
  const args = oneArgument(call);
  switch (physical) {
    case 'ref':
      updateKept(name, ctx, call);
      break;
    case 'bool':
      ctx.kernels.agg_extremum_u8(isMax, ...args);
      break;
    case 'i128':
    case 'u128':
    case 'interval':
      ctx.kernels.agg_extremum_16(isMax, WIDE[physical], ...args);
      break;
    case 'list':
    case 'struct':
      invariant(false, `no ${name} of nested values`);
      break;
    default:
      ctx.kernels[`agg_extremum_${physical}`](isMax, ...args);
  }
}
