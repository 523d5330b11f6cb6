import { RayexecError } from '../common/errors.ts';
import type { TemporalLike } from './value-options.ts';

type TemporalClass = 'PlainDate' | 'PlainDateTime' | 'Instant';
type TemporalNamespace = { readonly [C in TemporalClass]: { from(text: string): TemporalLike } };

/** A `Temporal` object from its ISO text; throws 'unsupported' where the runtime has no `Temporal`. */
export function toTemporal(kind: TemporalClass, text: string): TemporalLike {
  const { Temporal } = globalThis as { Temporal?: TemporalNamespace };
  if (Temporal) return Temporal[kind].from(text);
  throw new RayexecError('unsupported', 'this runtime has no Temporal', {
    hint: "ask for 'date' or 'string', or load a polyfill that sets globalThis.Temporal",
  });
}
