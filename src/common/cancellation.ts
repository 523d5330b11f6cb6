import { RayexecError } from './errors.ts';

/** Why a signal ended a query: `timeout` for an elapsed `AbortSignal.timeout`, else `cancelled`. */
export function cancellation(signal: AbortSignal): RayexecError {
  const reason: unknown = signal.reason;
  if (reason instanceof RayexecError) return reason;
  const timedOut = reason instanceof DOMException && reason.name === 'TimeoutError';
  return timedOut
    ? new RayexecError('timeout', 'the query took longer than its time-out', { cause: reason })
    : new RayexecError('cancelled', 'the query was cancelled', { cause: reason });
}

/** @throws RayexecError `cancelled` or `timeout` when the signal has fired */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancellation(signal);
}
