import { builtinFunctions } from '../functions/registry.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { SendNode } from '../operators/send.ts';

/**
 * What a stage does, as text: two stages of equal text send the same rows. Names of nodes, places in the query's text and
 * estimates are left out. Undefined where a function gives other values each time.
 */
export function stageText(plan: PhysicalPlan, tasks: number, send: SendNode): string | undefined {
  return isVolatile([plan, send]) ? undefined : JSON.stringify([withoutIds(plan), tasks, send], leaveOutSpans);
}

const withoutIds = ({ node, inputs }: PhysicalPlan): object => ({ node, inputs: inputs.map(withoutIds) });

const leaveOutSpans = (key: string, value: unknown): unknown => (key === 'span' ? undefined : value);

/** Plans are plain data, so all of it is looked through. */
function isVolatile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if ('kind' in value && value.kind === 'call') {
    const { fn, overload } = value as unknown as { readonly fn: string; readonly overload: string };
    if (builtinFunctions.scalarOverload(fn, overload).volatile === true) return true;
  }
  return (Array.isArray(value) ? value : Object.values(value)).some(isVolatile);
}
