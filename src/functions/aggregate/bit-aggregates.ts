import { RayexecError } from '../../common/errors.ts';
import { implicitCastCost } from '../../types/coercion.ts';
import { BIT, type DataType } from '../../types/data-type.ts';
import type { AggregateFunction, AggregateOverload, Fit } from '../function.ts';
import { andBits, orBits, xorBits } from '../scalar/bit-strings.ts';
import { aggregateDoc } from './documented.ts';
import { valueListOverload } from './value-lists.ts';

/** An aggregate of bit strings of one length. */
const folded = (combine: (a: string, b: string) => string): AggregateOverload =>
  valueListOverload(
    {
      key: 'bits',
      signature: '(BIT) -> BIT',
      fit: ([x, ...rest]) =>
        x?.kind === 'bit' && rest.length === 0 ? { args: [BIT], returns: BIT, cost: 0 } : undefined,
    },
    values => (values as readonly string[]).reduce(combine),
  );

/** `bit_and`, `bit_or` and `bit_xor` of bit strings. */
export const bitStringFolds = { bit_and: folded(andBits), bit_or: folded(orBits), bit_xor: folded(xorBits) } as const;

/** The longest bit string that is made. */
const MOST_BITS = 1_000_000_000n;

function fitRange([x, min, max, ...rest]: readonly DataType[]): Fit | undefined {
  if (x?.kind !== 'int' || min === undefined || max === undefined || rest.length > 0) return undefined;
  const costs = [implicitCastCost(min, x), implicitCastCost(max, x)];
  if (costs.includes(undefined)) return undefined;
  return { args: [x, x, x], returns: BIT, cost: costs[0]! + costs[1]! };
}

function bitsOf(values: readonly bigint[], min: bigint, max: bigint): string {
  if (min > max)
    throw new RayexecError('invalid-argument', `the smallest value ${min} is greater than the greatest, ${max}`);
  if (max - min >= MOST_BITS)
    throw new RayexecError('invalid-argument', `${min} to ${max} are too many values for a bit string`);
  const bits = new Uint8Array(Number(max - min) + 1).fill(48);
  for (const value of values) {
    if (value < min || value > max)
      throw new RayexecError('invalid-argument', `${value} lies outside of ${min} to ${max}`);
    bits[Number(value - min)] = 49;
  }
  return new TextDecoder().decode(bits);
}

/** `bitstring_agg(x, min, max)`. */
export const bitstringAgg: AggregateFunction = {
  name: 'bitstring_agg',
  doc: aggregateDoc(
    'A bit for each integer from min to max: 1 where it is among the values.',
    ['arg', 'min', 'max'],
    ['(SELECT bitstring_agg(x, 1, 4) FROM (VALUES (1), (3)) t(x))', '1010'],
  ),
  overloads: [
    valueListOverload(
      { key: 'range', signature: '(BIGINT, BIGINT, BIGINT) -> BIT', fit: fitRange },
      (values, [min, max]) =>
        bitsOf(
          values.map(v => BigInt(v as number | bigint)),
          BigInt(min as number | bigint),
          BigInt(max as number | bigint),
        ),
    ),
  ],
};
