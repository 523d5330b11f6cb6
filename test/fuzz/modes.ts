import { defaultSteps } from '../../src/optimize/steps.ts';
import type { Random } from './random.ts';

/** A way to run that must not change results. */
export type Mode = { readonly threads: number; readonly settings: readonly string[] };

/** All rules that can be left out. */
export const RULES: readonly string[] = [
  ...new Set(defaultSteps.flatMap(step => ('rules' in step ? step.rules : [])).map(rule => rule.name)),
].sort();

const MODES: readonly Mode[] = [
  { threads: 0, settings: [] },
  { threads: 0, settings: [] },
  { threads: 0, settings: [] },
  { threads: 0, settings: ['enable_optimizer = false'] },
  { threads: 0, settings: ['partitions = 4', 'batch_size = 2'] },
  { threads: 0, settings: ['batch_size = 3'] },
  { threads: 0, settings: ['batch_size = 1', 'partitions = 2'] },
  { threads: 0, settings: ['enable_optimizer = false', 'batch_size = 2', 'partitions = 3'] },
  { threads: 0, settings: ['partitions = 3'] },
  { threads: 0, settings: ['debug_force_external = true', 'batch_size = 4', 'partitions = 2'] },
  { threads: 0, settings: ['separate_memory = true', 'partitions = 3'] },
  { threads: 0, settings: ['separate_memory = true', 'partitions = 2', 'broadcast_rows = 0', 'batch_size = 3'] },
];
const THREADED: Mode = { threads: 2, settings: ['inline_rows = 0', 'batch_size = 4'] };

export function randomMode(random: Random): Mode {
  if (random.percent(4)) return THREADED;
  if (random.percent(15)) return { threads: 0, settings: [`disabled_optimizers = '${random.pick(RULES)}'`] };
  return random.pick(MODES);
}
