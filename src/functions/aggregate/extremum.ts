import { invariant } from '../../common/errors.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { plainType } from '../../types/coercion.ts';
import type { DataType } from '../../types/data-type.ts';
import { physicalType } from '../../types/physical.ts';
import type {
  AggregateContext,
  AggregateFunction,
  AggregateOverload,
  FunctionDoc,
  MergeCall,
  UpdateCall,
} from '../function.ts';
import { SLOT, updateKept } from './kept-value.ts';
import { stateByUpdate } from './merge-by-update.ts';
import { nestedExtremum } from './nested-extremum.ts';
import { oneArgument } from './operand.ts';
import { stateValues } from './state-values.ts';
import { topValues } from './top-values.ts';

const WIDE = { i128: 0, u128: 1, interval: 2 } as const;

/** `min` or `max`, in the type's order (texts bytewise, NaN greatest). */
export function extremum(name: 'min' | 'max', doc: FunctionDoc): AggregateFunction {
  const byUpdate = stateByUpdate(seenAt, (ctx, call) => updateExtremum(name, ctx, call));
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
        mergesInPlace: ([x]) => physicalType(x!) !== 'ref',
        stateBytes: ([x]) => (physicalType(x!) === 'ref' ? SLOT.bytes : seenAt(x!) + 8),
        ...byUpdate,
        merge: (ctx, call) => mergeExtremum(name, ctx, call, byUpdate.merge),
        result: (ctx, call) => stateValues(ctx, call, call.type, seenAt(call.type)),
      },
      nestedExtremum(name),
      topValues(name),
    ],
  };
}

function mergeExtremum(
  name: 'min' | 'max',
  ctx: AggregateContext,
  call: MergeCall,
  mergeTexts: AggregateOverload['merge'],
): void {
  const type = call.argTypes[0]!;
  const physical = physicalType(type);
  const { targets, sources, count, offset } = call;
  const isMax = name === 'max' ? 1 : 0;
  if (physical === 'ref') mergeTexts(ctx, call);
  else if (physical === 'i128' || physical === 'u128' || physical === 'interval')
    ctx.kernels.merge_extremum_16(isMax, WIDE[physical], targets, sources, count, offset);
  else ctx.kernels.merge_extremum(isMax, valueKind(physical), targets, sources, count, offset);
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
