import { buildConstant } from '../../batch/builder.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { type DataType, decimal, FLOAT64, INT64, INT128 } from '../../types/data-type.ts';
import { MAX_PRECISION } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import type {
  AggregateContext,
  AggregateFunction,
  AggregateOverload,
  MergeCall,
  ResultCall,
  UpdateCall,
} from '../function.ts';
import { oneArgument } from './operand.ts';
import { plainState } from './plain-state.ts';
import { stateValues } from './state-values.ts';

const COUNT_AT = 16;

/** Adds integers, booleans or unscaled decimals to states {sum i128, count u64}. @throws RayexecError `overflow` */
function updateIntegerSum({ kernels }: AggregateContext, call: UpdateCall): void {
  const args = oneArgument(call);
  const { physical } = call.args[0]!;
  switch (physical) {
    case 'bool':
      kernels.agg_sum_u8(...args);
      break;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
      kernels[`agg_sum_${physical}`](...args);
      break;
    default:
      if (kernels.agg_sum_i128(...args) < 0) throw overflow();
  }
}

/** Several sums of 64-bit integers in one go over the rows, the others one by one. @throws RayexecError `overflow` */
function updateIntegerSums(ctx: AggregateContext, calls: readonly UpdateCall[]): void {
  const { kernels, arena, memory } = ctx;
  const isWide = ({ args: [x], statesMask }: UpdateCall): boolean =>
    x!.physical === 'i64' && x!.form === 'flat' && statesMask !== 0;
  const wide = calls.filter(isWide);
  for (const call of calls) if (!isWide(call)) updateIntegerSum(ctx, call);
  while (wide.length > 0) {
    const first = wide[0]!;
    const { states, rows } = first;
    const same = wide.filter(c => c.states === states && c.rows.selection === rows.selection).slice(0, 4);
    const taken = same.length === 3 ? same.slice(0, 2) : same;
    const data = taken.map(c => c.args[0]!.data);
    const offsets = taken.map(c => c.offset);
    if (taken.length === 4) {
      const at = arena.alloc(16);
      memory.u32.set(offsets, at >>> 2);
      kernels.agg_sums_i64(data[0]!, data[1]!, data[2]!, data[3]!, states, at, rows.selection, rows.selected);
    } else if (taken.length === 2) {
      kernels.agg_sum_pair_i64(data[0]!, data[1]!, states, offsets[0]!, offsets[1]!, rows.selection, rows.selected);
    } else updateIntegerSum(ctx, first);
    for (const call of taken) wide.splice(wide.indexOf(call), 1);
  }
}

/** Merges states {sum i128, count u64}. @throws RayexecError `overflow` */
function mergeIntegerSum({ kernels }: AggregateContext, { targets, sources, count, offset }: MergeCall): void {
  if (kernels.merge_sum(targets, sources, count, offset) < 0) throw overflow();
}

/** States {sum i128, count u64}. */
export const integerSumState = {
  ...plainState(COUNT_AT + 8, mergeIntegerSum),
  stateKind: 'integer-sum',
  update: updateIntegerSum,
  updateTogether: updateIntegerSums,
} satisfies Partial<AggregateOverload>;

/** Adds floats to states {sum f64, count u64}. */
function updateFloatSum({ kernels }: AggregateContext, call: UpdateCall): void {
  if (call.args[0]!.physical === 'f32') kernels.agg_sum_f32(...oneArgument(call));
  else kernels.agg_sum_f64(...oneArgument(call));
}

/** Merges states {sum f64, count u64}. */
function mergeFloatSum({ kernels }: AggregateContext, { targets, sources, count, offset }: MergeCall): void {
  kernels.merge_sum_f64(targets, sources, count, offset);
}

/** States {sum f64, count u64}. */
export const floatSumState = {
  ...plainState(16, mergeFloatSum),
  stateKind: 'float-sum',
  update: updateFloatSum,
} satisfies Partial<AggregateOverload>;

const overflow = (): RayexecError =>
  new RayexecError('overflow', 'a sum leaves the range of 128-bit integers', {
    hint: 'cast the argument to DOUBLE for an approximate sum',
  });

const integerSum = {
  ...integerSumState,
  nullable: true,
  skipsNulls: true,
  result: (ctx, call) => stateValues(ctx, call, call.type, COUNT_AT),
} satisfies Partial<AggregateOverload>;

/** Sums of decimals, which have no more than 38 digits. @throws RayexecError `overflow` */
function decimalSums(ctx: AggregateContext, call: ResultCall): Vector {
  const sums = stateValues(ctx, call, call.type, COUNT_AT);
  const limit = buildConstant(ctx, INT128, 10n ** BigInt(MAX_PRECISION), 1).data;
  if (ctx.kernels.all_within(sums.data, sums.validity, call.count, limit)) return sums;
  throw new RayexecError('overflow', `a sum does not fit ${typeName(call.type)}`, {
    hint: 'cast the argument to DOUBLE for an approximate sum',
  });
}

/** `sum(x)`: exact for integers (HUGEINT) and decimals (DECIMAL(38, s)). */
export const sum: AggregateFunction = {
  name: 'sum',
  aliases: ['sum_no_overflow'],
  doc: {
    summary: 'Sum of the values that are not NULL; NULL when there is none.',
    args: ['arg'],
    category: 'aggregate',
    examples: [
      ['(SELECT sum(x) FROM (VALUES (1), (2), (NULL)) t(x))', '3'],
      ['(SELECT sum(x) FROM (VALUES (1.50), (2.25)) t(x))', '3.75'],
    ],
  },
  overloads: [
    {
      ...integerSum,
      key: 'integer',
      signature: '(HUGEINT) -> HUGEINT',
      fit: ([x, ...rest]) => (rest.length > 0 ? undefined : fitInteger(x)),
    },
    {
      ...integerSum,
      result: decimalSums,
      key: 'decimal',
      signature: '(DECIMAL) -> DECIMAL',
      fit: ([x, ...rest]) =>
        rest.length === 0 && x?.kind === 'decimal'
          ? { args: [x], returns: decimal(MAX_PRECISION, x.scale), cost: 0 }
          : undefined,
    },
    {
      ...floatSumState,
      key: 'double',
      signature: '(DOUBLE) -> DOUBLE',
      fit: ([x, ...rest]) => (rest.length > 0 ? undefined : fitFloat(x)),
      nullable: true,
      skipsNulls: true,
      result: (ctx, call) => stateValues(ctx, call, FLOAT64, 8),
    },
  ],
};

function fitInteger(x: DataType | undefined) {
  if (x?.kind === 'null') return { args: [INT64], returns: INT128, cost: 1 };
  if (x?.kind !== 'boolean' && (x?.kind !== 'int' || isUnsigned128(x))) return undefined;
  return { args: [x], returns: INT128, cost: 0 };
}

function fitFloat(x: DataType | undefined) {
  if (x?.kind === 'float') return { args: [x], returns: FLOAT64, cost: 0 };
  return x?.kind === 'int' && isUnsigned128(x) ? { args: [FLOAT64], returns: FLOAT64, cost: 1 } : undefined;
}

const isUnsigned128 = (x: DataType): boolean => x.kind === 'int' && x.bits === 128 && !x.signed;
