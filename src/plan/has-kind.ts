import type { LogicalPlan, PlanKind } from './logical-plan.ts';
import { inputsOf } from './rewrite.ts';

const masks = new WeakMap<LogicalPlan, number>();
const bits = new Map<PlanKind, number>();

/** Whether a plan has a node of some kind: itself, or one below it. Remembered by node, as most plans are asked about many kinds. */
export const hasKind = (plan: LogicalPlan, kind: PlanKind): boolean => (maskOf(plan) & bitOf(kind)) !== 0;

function maskOf(plan: LogicalPlan): number {
  let mask = masks.get(plan);
  if (mask === undefined) {
    mask = bitOf(plan.kind);
    for (const input of inputsOf(plan)) mask |= maskOf(input);
    masks.set(plan, mask);
  }
  return mask;
}

function bitOf(kind: PlanKind): number {
  let bit = bits.get(kind);
  if (bit === undefined) {
    bit = 2 ** bits.size;
    bits.set(kind, bit);
  }
  return bit;
}
