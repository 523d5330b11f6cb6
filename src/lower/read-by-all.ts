import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { ScanNode } from '../operators/scan.ts';
import { tableFunction } from '../sources/index.ts';
import { callsVolatile } from './calls-volatile.ts';

/** Rows of all files that tasks read each for itself: that takes them less time than a stage takes to begin. */
const FEW_ROWS = 20_000;
const FEW_SPLITS = 4;

/** A plan of a few small files for a task that reads all of them, rather than a share; undefined for other plans. */
export function readByAll(plan: PhysicalPlan): PhysicalPlan | undefined {
  const scans = scansOf(plan);
  const splits = scans?.flatMap(s => s.source.splits) ?? [];
  const rows = splits.reduce((sum, s) => sum + (s.rows ?? Number.POSITIVE_INFINITY), 0);
  if (scans === undefined || rows > FEW_ROWS || splits.length > FEW_SPLITS || callsVolatile(plan)) return undefined;
  return withWholeScans(plan);
}

/** The scans of a plan that has the same rows in every task that reads all of them; undefined for other plans. */
function scansOf({ node, inputs }: PhysicalPlan): readonly ScanNode[] | undefined {
  switch (node.kind) {
    case 'scan': {
      const isShared = node.ranges !== undefined || node.limit !== undefined;
      return isShared || tableFunction(node.source.fn).readsMemory === true ? undefined : [node];
    }
    case 'filter':
    case 'project':
    case 'hash-join': {
      const scans = inputs.map(scansOf);
      return scans.some(s => s === undefined) ? undefined : scans.flatMap(s => s!);
    }
    default:
      return undefined;
  }
}

function withWholeScans(plan: PhysicalPlan): PhysicalPlan {
  const { node, inputs } = plan;
  if (node.kind === 'scan') return { ...plan, node: { ...node, isWhole: true } };
  return { ...plan, inputs: inputs.map(withWholeScans) };
}
