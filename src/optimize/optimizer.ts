import { builtinFunctions } from '../functions/registry.ts';
import type { BoundQuery } from '../plan/logical-plan.ts';
import { runSteps, type StepOptions } from './run-steps.ts';
import { defaultSteps } from './steps.ts';

/** What `optimize` may be told; by default it knows the engine's functions and runs `defaultSteps`. */
export type OptimizeOptions = Partial<StepOptions>;

/**
 * Rewrites a bound query into one with the same result that is cheaper to run. The plan hands up at least the
 * query's output columns.
 * @throws RayexecError `internal` when a rule breaks the plan
 */
export function optimize(query: BoundQuery, options: OptimizeOptions = {}): BoundQuery {
  return runSteps(query, { functions: builtinFunctions, steps: defaultSteps, ...options });
}
