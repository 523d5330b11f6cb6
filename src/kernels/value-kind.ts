import { invariant } from '../common/errors.ts';
import type { PhysicalType } from '../types/physical.ts';

const KINDS: Partial<Record<PhysicalType, number>> = {
  i8: 0,
  i16: 1,
  i32: 2,
  i64: 3,
  bool: 4,
  u8: 4,
  u16: 5,
  u32: 6,
  u64: 7,
  f32: 8,
  f64: 9,
  i128: 10,
  u128: 11,
  interval: 12,
  ref: 13,
};

/** The number by which kernels know a flat type (assembly/kind.ts). */
export function valueKind(physical: PhysicalType): number {
  const kind = KINDS[physical];
  invariant(kind !== undefined, `${physical} values are not flat`);
  return kind;
}
