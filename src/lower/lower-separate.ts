import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { BoundQuery } from '../plan/logical-plan.ts';
import { distribute } from './distribute.ts';
import type { SeparateOptions } from './exchanges.ts';
import { lowered } from './lower.ts';
import { placeRuntimeFilters } from './place-runtime-filters.ts';

/** Like `lower`, for partitions that have memories of their own, between which exchanges carry rows. */
export function lowerSeparate(query: BoundQuery, options: SeparateOptions): PhysicalPlan {
  const { plan, nextId } = lowered(query, 'separate');
  return placeRuntimeFilters(distribute(plan, nextId, options));
}
