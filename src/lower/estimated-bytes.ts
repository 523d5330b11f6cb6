import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';

/** Bytes that a plan is expected to hand up. @param unknownRows where the plan has no estimate */
export const estimatedBytes = ({ estimatedRows, types }: PhysicalPlan, unknownRows: number): number =>
  (estimatedRows ?? unknownRows) * types.reduce((sum, type) => sum + widthOfValue(type), 0);

/** Bytes of a value, about. */
function widthOfValue(type: DataType): number {
  const physical = physicalType(type);
  return physical === 'ref' || physical === 'list' || physical === 'struct' ? 24 : widthOf(physical);
}
