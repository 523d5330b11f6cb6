import { RayexecError } from '../../src/common/errors.ts';

/** @throws RayexecError `invalid-argument` for what is no callback, with an example of one */
export function checkCallback(verb: string, callback: unknown, example: string): void {
  if (typeof callback === 'function') return;
  throw new RayexecError('invalid-argument', `${verb} wants a function of the row's columns, not ${shown(callback)}`, {
    hint: example,
  });
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : value === null ? 'null' : typeof value;
}
