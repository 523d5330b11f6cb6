import type { LogicalPlan, PlanKind } from '../plan/logical-plan.ts';
import { inputsOf } from '../plan/rewrite.ts';
import type { Step } from './rule.ts';
import { factorOr } from './rules/factor-or.ts';
import { foldConstants } from './rules/fold-constants.ts';
import { mergeProjects } from './rules/merge-projects.ts';
import { mergeRanges } from './rules/merge-ranges.ts';
import { moveCastsToConstants } from './rules/move-casts-to-constants.ts';
import { orToIn } from './rules/or-to-in.ts';
import { pruneColumns } from './rules/prune-columns.ts';
import { pushFilters } from './rules/push-filters.ts';
import { removeEmpty } from './rules/remove-empty.ts';
import { removeTrivialProjects } from './rules/remove-trivial-projects.ts';
import { simplifyLike } from './rules/simplify-like.ts';

const SIMPLE: ReadonlySet<PlanKind> = new Set(['values', 'empty', 'scan', 'filter', 'project']);

/** Whether a plan only filters and computes rows: `simpleSteps` do to it what `defaultSteps` would. */
export const isSimple = (plan: LogicalPlan): boolean => SIMPLE.has(plan.kind) && inputsOf(plan).every(isSimple);

const filterRules = [pushFilters, mergeRanges, foldConstants, removeEmpty];
const columnRules = [pruneColumns, mergeProjects, removeTrivialProjects];

/** The rules of `defaultSteps` that have something to do in simple plans, in its order: the others' code is not loaded then. */
export const simpleSteps: readonly Step[] = [
  { name: 'expressions', rules: [foldConstants, moveCastsToConstants, simplifyLike, factorOr, orToIn] },
  { name: 'shapes', rules: [mergeProjects, removeTrivialProjects] },
  { name: 'filters', rules: filterRules },
  { name: 'derived expressions', rules: [orToIn, mergeRanges], once: true },
  { name: 'columns', rules: columnRules },
  { name: 'limits', rules: [removeEmpty] },
  { name: 'columns again', rules: [pushFilters, ...columnRules] },
];
