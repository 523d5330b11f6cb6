import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { type DataType, decimal, FLOAT64, INT64, INT128 } from '../../types/data-type.ts';
import { MAX_PRECISION, type PhysicalType, physicalType } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import type {
  AggregateContext,
  AggregateFunction,
  AggregateOverload,
  MergeCall,
  ResultCall,
  UpdateCall,
} from '../function.ts';
import { addTogether } from './add-together.ts';
import { oneArgument } from './operand.ts';
import { plainState } from './plain-state.ts';
import { allValid, stateValues } from './state-values.ts';

/** Where states of wide sums have their count. */
const COUNT_AT = 16;

/**
 * Integers of up to 32 bits, booleans, decimals of up to 9 digits: their sums leave 64 bits so seldom that states of 16
 * bytes do (kernels/assembly/narrow-sums.ts).
 */
const NARROW: readonly PhysicalType[] = ['bool', 'i8', 'i16', 'i32', 'u8', 'u16', 'u32'];

const isNarrow = ([x]: readonly DataType[]): boolean => NARROW.includes(physicalType(x!));

/** Adds integers, booleans or unscaled decimals to states {sum i128, count u64}, or narrow ones. @throws RayexecError `overflow` */
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

/** Merges such states. @throws RayexecError `overflow` */
function mergeIntegerSum(
  { kernels }: AggregateContext,
  { targets, sources, count, offset, argTypes }: MergeCall,
): void {
  if (isNarrow(argTypes)) kernels.merge_narrow_sum(targets, sources, count, offset);
  else if (kernels.merge_sum(targets, sources, count, offset) < 0) throw overflow();
}

/** Sums of integers, booleans and decimals. */
export const integerSumState = {
  ...plainState(args => (isNarrow(args) ? 16 : COUNT_AT + 8), mergeIntegerSum),
  stateKind: 'integer-sum',
  update: updateIntegerSum,
  updateTogether: updateSums,
} satisfies Partial<AggregateOverload>;

/** The sums of such states, as 128-bit integers or decimals; NULL where there were no rows. */
export function integerSums(ctx: AggregateContext, call: ResultCall): Vector {
  if (!isNarrow(call.argTypes)) return stateValues(ctx, call, call.type, COUNT_AT);
  const { states, offset, count } = call;
  const data = ctx.arena.alloc(count * 16);
  const validity = allValid(ctx, count);
  const nulls = ctx.kernels.narrow_sums(states, offset, count, data, validity);
  return Vector.flat(call.type, count, data, nulls === 0 ? 0 : validity);
}

/** Their averages as doubles. */
export function integerAverages(
  ctx: AggregateContext,
  { states, offset, count, argTypes }: ResultCall,
  unit: number,
): Vector {
  const average = isNarrow(argTypes) ? ctx.kernels.average_narrow : ctx.kernels.average_i128;
  const out = ctx.arena.alloc(count * 8);
  const validity = allValid(ctx, count);
  const nulls = average(states, offset, count, unit, out, validity);
  return Vector.flat(FLOAT64, count, out, nulls === 0 ? 0 : validity);
}

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
  updateTogether: updateSums,
} satisfies Partial<AggregateOverload>;

/** Several sums in one go over the rows where there is a kernel for that, the others one by one. @throws RayexecError `overflow` */
function updateSums(ctx: AggregateContext, calls: readonly UpdateCall[]): void {
  for (const call of addTogether(ctx, calls)) {
    if (isFloat(call)) updateFloatSum(ctx, call);
    else updateIntegerSum(ctx, call);
  }
}

const isFloat = ({ args: [x] }: UpdateCall): boolean => x!.physical === 'f32' || x!.physical === 'f64';

const overflow = (): RayexecError =>
  new RayexecError('overflow', 'a sum leaves the range of 128-bit integers', {
    hint: 'cast the argument to DOUBLE for an approximate sum',
  });

const integerSum = {
  ...integerSumState,
  nullable: true,
  skipsNulls: true,
  result: integerSums,
} satisfies Partial<AggregateOverload>;

/** Sums of decimals, which have no more than 38 digits. @throws RayexecError `overflow` */
function decimalSums(ctx: AggregateContext, call: ResultCall): Vector {
  const sums = integerSums(ctx, call);
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
