import { callsVolatile } from '../lower/calls-volatile.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { SendNode } from '../operators/send.ts';

/**
 * What a stage does, as text: two stages of equal text send the same rows. Names of nodes, places in the query's text and
 * estimates are left out. Undefined where a function gives other values each time.
 */
export function stageText(plan: PhysicalPlan, tasks: number, send: SendNode): string | undefined {
  return callsVolatile([plan, send]) ? undefined : JSON.stringify([withoutIds(plan), tasks, send], leaveOutSpans);
}

const withoutIds = ({ node, inputs }: PhysicalPlan): object => ({ node, inputs: inputs.map(withoutIds) });

const leaveOutSpans = (key: string, value: unknown): unknown => (key === 'span' ? undefined : value);
