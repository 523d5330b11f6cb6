import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { type DataType, UTF8 } from '../../types/data-type.ts';
import type {
  AggregateContext,
  AggregateFunction,
  AggregateOverload,
  Fit,
  ResultCall,
  UpdateCall,
} from '../function.ts';
import {
  COLLECTOR_BYTES,
  collected,
  collectedValidity,
  collectRows,
  mergeCollected,
  parameterInHeap,
  partialCollected,
  readParameter,
} from './collected.ts';
import { aggregateDoc } from './documented.ts';

const COMMA = new TextEncoder().encode(',');

function fitTexts(args: readonly DataType[], count: number): Fit | undefined {
  if (args.length !== count) return undefined;
  return { args: args.map(() => UTF8), returns: UTF8, cost: count };
}

/** The separator of a call: constant, a comma when there is none. @throws RayexecError `unsupported` for a column */
function separatorOf({ memory }: AggregateContext, call: UpdateCall): Uint8Array {
  const separator = call.args[1];
  if (separator === undefined) return COMMA;
  if (separator.form !== 'constant') {
    throw new RayexecError('unsupported', 'the separator of string_agg must be a constant');
  }
  const [address, length] = memory.u32.subarray(separator.data >>> 2, (separator.data >>> 2) + 2);
  return memory.u8.slice(address, address! + length!);
}

function joined(ctx: AggregateContext, call: ResultCall): Vector {
  const { kernels, arena, memory } = ctx;
  const { values, lists, parameter } = collected(ctx, call, UTF8);
  const separator = parameter === 0 ? COMMA : readParameter(ctx, parameter);
  const at = arena.alloc(separator.length);
  memory.u8.set(separator, at);
  const bytes = (kernels.total_bytes(values.data, -1, 0, values.length) >>> 0) + values.length * separator.length;
  const out = arena.alloc(call.count * 8);
  kernels.join_lists(lists, call.count, values.data, at, separator.length, out, arena.alloc(bytes));
  return Vector.flat(UTF8, call.count, out, collectedValidity(ctx, lists, call.count));
}

const overload = (key: string, signature: string, count: number): AggregateOverload => ({
  key,
  signature,
  fit: args => fitTexts(args, count),
  nullable: true,
  skipsNulls: true,
  ordered: true,
  stateBytes: () => COLLECTOR_BYTES,
  update: (ctx, call) => {
    if (call.rows.selected === 0) return;
    collectRows(ctx, call, call.args[0]!, parameterInHeap(ctx, separatorOf(ctx, call)));
  },
  mergeConsumes: true,
  merge: mergeCollected,
  partial: partialCollected,
  result: joined,
});

/** `string_agg(x, separator)`. */
export const stringAgg: AggregateFunction = {
  name: 'string_agg',
  aliases: ['group_concat', 'listagg'],
  doc: aggregateDoc(
    'The texts that are not NULL one after another, with a separator (a comma) between.',
    ['arg', 'separator'],
    ["(SELECT string_agg(x, '-' ORDER BY x) FROM (VALUES ('b'), ('a')) t(x))", 'a-b'],
  ),
  overloads: [overload('text', '(VARCHAR) -> VARCHAR', 1), overload('separator', '(VARCHAR, VARCHAR) -> VARCHAR', 2)],
};
