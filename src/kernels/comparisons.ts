import type { ComparisonName } from '../plan/comparison.ts';
import type { PhysicalType } from '../types/physical.ts';
import type { Kernels } from './kernels.ts';

/** The comparison operators as the kernels number them. */
export const COMPARISONS = { '=': 0, '<>': 1, '<': 2, '<=': 3, '>': 4, '>=': 5 } as const satisfies Readonly<
  Record<ComparisonName, number>
>;

/** The kernel that finds the rows where a comparison is true; undefined for values of 16 bytes and nested ones. */
export function selectKernel(kernels: Kernels, physical: PhysicalType): Kernels['select_i32'] | undefined {
  if (physical === 'ref') return kernels.select_ref;
  const number = numberType(physical);
  return number && kernels[`select_${number}`];
}

/** The kernel that gives a comparison of numbers as booleans; undefined for all but numbers of up to 8 bytes. */
export function compareKernel(kernels: Kernels, physical: PhysicalType): Kernels['compare_i32'] | undefined {
  const number = numberType(physical);
  return number && kernels[`compare_${number}`];
}

/** What the values are compared as; booleans are bytes of 0 and 1. */
function numberType(physical: PhysicalType) {
  switch (physical) {
    case 'bool':
      return 'u8';
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'f32':
    case 'f64':
      return physical;
    default:
      return undefined;
  }
}
