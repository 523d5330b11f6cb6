import { builtinFunctions } from '../functions/registry.ts';

/** Whether some function within a plan gives other values each time. Plans are plain data, so all of it is looked through. */
export function callsVolatile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if ('kind' in value && value.kind === 'call') {
    const { fn, overload } = value as unknown as { readonly fn: string; readonly overload: string };
    if (builtinFunctions.scalarOverload(fn, overload).volatile === true) return true;
  }
  return (Array.isArray(value) ? value : Object.values(value)).some(callsVolatile);
}
