import type { Rule, Step } from './rule.ts';
import { caseToFilter } from './rules/case-to-filter.ts';
import { countFromMetadata } from './rules/count-from-metadata.ts';
import { deriveFromOr } from './rules/derive-from-or.ts';
import { deriveKeys } from './rules/derive-keys.ts';
import { distinctToGroups } from './rules/distinct-to-groups.ts';
import { dropDistinctBelowSemi } from './rules/drop-distinct-below-semi.ts';
import { eliminateDistinct } from './rules/eliminate-distinct.ts';
import { eliminateLimit } from './rules/eliminate-limit.ts';
import { eliminateSort } from './rules/eliminate-sort.ts';
import { factorOr } from './rules/factor-or.ts';
import { foldConstants } from './rules/fold-constants.ts';
import { inferPredicates } from './rules/infer-predicates.ts';
import { inlineExpanding } from './rules/inline-expanding.ts';
import { inlineShared } from './rules/inline-shared.ts';
import { leftToAnti } from './rules/left-to-anti.ts';
import { limitPartitions } from './rules/limit-partitions.ts';
import { makeTopK } from './rules/make-top-k.ts';
import { markToSemi } from './rules/mark-to-semi.ts';
import { mergeProjects } from './rules/merge-projects.ts';
import { mergeRanges } from './rules/merge-ranges.ts';
import { moveCastsToConstants } from './rules/move-casts-to-constants.ts';
import { narrowRanges } from './rules/narrow-ranges.ts';
import { orToIn } from './rules/or-to-in.ts';
import { orderJoins } from './rules/order-joins.ts';
import { pruneColumns } from './rules/prune-columns.ts';
import { pushFilters } from './rules/push-filters.ts';
import { pushLimit } from './rules/push-limit.ts';
import { removeEmpty } from './rules/remove-empty.ts';
import { removeTrivialProjects } from './rules/remove-trivial-projects.ts';
import { restrictGroups } from './rules/restrict-groups.ts';
import { restrictShared } from './rules/restrict-shared.ts';
import { shareCommonSubplans } from './rules/share-common-subplans.ts';
import { shareRestricted } from './rules/share-restricted.ts';
import { simplifyLike } from './rules/simplify-like.ts';
import { simplifyOuterJoins } from './rules/simplify-outer-joins.ts';
import { singleToInner } from './rules/single-to-inner.ts';
import { singleToLeft } from './rules/single-to-left.ts';
import { splitSums } from './rules/split-sums.ts';

/** A condition in its new place may make an outer join inner, which lets it go further down. */
const filterRules: readonly Rule[] = [
  markToSemi,
  leftToAnti,
  singleToLeft,
  singleToInner,
  dropDistinctBelowSemi,
  simplifyOuterJoins,
  pushFilters,
  mergeRanges,
  foldConstants,
  removeEmpty,
];

/** What is done to every plan, in this order. */
export const defaultSteps: readonly Step[] = [
  // Everything later matches shapes, so expressions get their simplest ones first.
  { name: 'expressions', rules: [foldConstants, moveCastsToConstants, simplifyLike, factorOr, orToIn] },
  {
    name: 'shapes',
    rules: [
      caseToFilter,
      splitSums,
      deriveKeys,
      distinctToGroups,
      inlineShared,
      mergeProjects,
      removeTrivialProjects,
      eliminateSort,
      eliminateDistinct,
    ],
  },
  { name: 'filters', rules: filterRules },
  // Each round carries what is known one join further down; a fixed number of them comes to an end by itself.
  { name: 'inference', rules: [inferPredicates, deriveFromOr], once: true },
  { name: 'inferred filters', rules: filterRules },
  { name: 'further inference', rules: [inferPredicates, deriveFromOr], once: true },
  { name: 'further filters', rules: filterRules },
  // All filters stand at the readers of what is shared by now.
  { name: 'readers', rules: [inlineExpanding, restrictShared], once: true },
  { name: 'last inference', rules: [inferPredicates], once: true },
  { name: 'last filters', rules: filterRules },
  { name: 'ranges', rules: [narrowRanges, pushFilters], once: true },
  // Not before: inference would not recognize what it has derived.
  { name: 'derived expressions', rules: [orToIn, mergeRanges], once: true },
  // Before columns are pruned: afterwards equal subplans of which different columns are needed look different.
  { name: 'sharing', rules: [shareCommonSubplans], once: true },
  { name: 'columns', rules: [pruneColumns, mergeProjects, removeTrivialProjects, countFromMetadata] },
  // Sees all filters (for its estimates) and no projection that stands between joins without need.
  { name: 'joins', rules: [orderJoins, restrictGroups, shareRestricted], once: true },
  { name: 'limits', rules: [eliminateLimit, pushLimit, makeTopK, limitPartitions, removeEmpty] },
  { name: 'columns again', rules: [pushFilters, pruneColumns, mergeProjects, removeTrivialProjects] },
];
