import { RayexecError } from '../../src/common/errors.ts';

type Limits = { readonly signal?: AbortSignal | undefined; readonly timeout?: number | undefined };

/**
 * The signal that ends a query: the program's, or that its time is over, whichever comes first.
 * @throws RayexecError `invalid-argument` for a time that is none
 */
export function stopSignal({ signal, timeout }: Limits): AbortSignal | undefined {
  if (timeout === undefined) return signal;
  if (!(timeout >= 0 && timeout < 2 ** 31)) {
    throw new RayexecError('invalid-argument', `a time-out of ${timeout} milliseconds is not possible`);
  }
  const over = AbortSignal.timeout(Math.ceil(timeout));
  return signal === undefined ? over : AbortSignal.any([signal, over]);
}
