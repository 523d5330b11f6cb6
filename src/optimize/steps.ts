import type { Step } from './rule.ts';
import { eliminateLimit } from './rules/eliminate-limit.ts';
import { makeTopK } from './rules/make-top-k.ts';
import { mergeProjects } from './rules/merge-projects.ts';
import { orderJoins } from './rules/order-joins.ts';
import { pruneColumns } from './rules/prune-columns.ts';
import { pushFilters } from './rules/push-filters.ts';
import { pushLimit } from './rules/push-limit.ts';
import { removeEmpty } from './rules/remove-empty.ts';
import { removeTrivialProjects } from './rules/remove-trivial-projects.ts';
import { simplifyOuterJoins } from './rules/simplify-outer-joins.ts';

/** What is done to every plan, in this order. */
export const defaultSteps: readonly Step[] = [
  { name: 'clean', rules: [mergeProjects, removeTrivialProjects] },
  { name: 'filters', rules: [simplifyOuterJoins, pushFilters, removeEmpty] },
  { name: 'joins', rules: [orderJoins], once: true },
  { name: 'limits', rules: [eliminateLimit, pushLimit, makeTopK] },
  { name: 'columns', rules: [pruneColumns, mergeProjects, removeTrivialProjects] },
];
