import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { keepsValues } from './effects.ts';

/** A constant in the type below a cast: the greatest value there that is not above it, and whether it is the same value. */
export type Lowered = { readonly floor: Scalar; readonly exact: boolean };

/**
 * Takes a constant, compared with `cast(x as its type)`, to the type of `x`; undefined when the cast does not keep all
 * values and their order, or `x`'s type has no value there.
 */
export function literalBelowCast(constant: Scalar, from: DataType): Lowered | undefined {
  if (constant.value === null || !keepsValues(from, constant.type)) return undefined;
  const found = stepsOf(constant, from);
  if (found === undefined) return undefined;
  const floor = scalarOf(from, found.steps);
  return floor === undefined ? undefined : { floor, exact: found.exact };
}

/** Where the constant lies, counted in steps of the type: its unit, unscaled digits, or days. */
function stepsOf({ type, value }: Scalar, from: DataType): { steps: bigint; exact: boolean } | undefined {
  if (type.kind === 'float') {
    if (typeof value !== 'number' || from.kind !== 'int') return undefined;
    const floor = Math.floor(value);
    return Number.isSafeInteger(floor) ? { steps: BigInt(floor), exact: floor === value } : undefined;
  }
  const units = BigInt(value as string | number);
  const perStep = unitsPerStep(type, from);
  if (perStep === undefined) return undefined;
  const remainder = ((units % perStep) + perStep) % perStep;
  return { steps: (units - remainder) / perStep, exact: remainder === 0n };
}

function unitsPerStep(type: DataType, from: DataType): bigint | undefined {
  if (type.kind === 'timestamp' && from.kind === 'date') {
    return 86_400n * { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n }[type.unit];
  }
  const [scale, below] = [scaleOf(type), scaleOf(from)];
  return scale === undefined || below === undefined ? undefined : 10n ** BigInt(scale - below);
}

const scaleOf = (type: DataType): number | undefined =>
  type.kind === 'decimal' ? type.scale : type.kind === 'int' ? 0 : undefined;

function scalarOf(type: DataType, steps: bigint): Scalar | undefined {
  switch (type.kind) {
    case 'int': {
      const inRange = (type.signed ? BigInt.asIntN(type.bits, steps) : BigInt.asUintN(type.bits, steps)) === steps;
      return inRange ? { type, value: type.bits <= 32 ? Number(steps) : String(steps) } : undefined;
    }
    case 'decimal':
      return (steps < 0n ? -steps : steps) < 10n ** BigInt(type.precision) ? { type, value: String(steps) } : undefined;
    case 'date':
      return { type, value: Number(steps) };
    default:
      return undefined;
  }
}
