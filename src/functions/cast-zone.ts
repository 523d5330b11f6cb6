import { parseRaw } from '../batch/parse-raw.ts';
import { Vector } from '../batch/vector.ts';
import { selectValid } from '../kernels/vectors.ts';
import { type DataType, TIMESTAMP } from '../types/data-type.ts';
import { formatRaw } from '../types/format-raw.ts';
import { hasInstants } from '../types/has-instants.ts';
import type { TimeZone } from '../types/time-zone.ts';
import { byValue, type Cast } from './cast-call.ts';
import { castZonedTime } from './cast-zoned-time.ts';
import { toClocks, toInstants } from './date/zone-shift.ts';

type FindCast = (from: DataType, to: DataType) => Cast | undefined;

const isInstant = (type: DataType): boolean => type.kind === 'timestamp' && type.zone;

/** The casts that depend on the session's time zone: between instants and what clocks show, or text. Others: undefined. */
export function castInZone(from: DataType, to: DataType, zone: TimeZone, find: FindCast): Cast | undefined {
  if (to.kind === 'utf8' && hasInstants(from)) return byValue(false, (value, type) => formatRaw(type, value, zone));
  if (from.kind === 'utf8' && hasInstants(to)) {
    return byValue(true, (value, _from, type, isTry) => parseRaw(type, value as string, zone, isTry));
  }
  if (to.kind === 'timetz' || from.kind === 'timetz') return castZonedTime(from, to, zone);
  if (isInstant(from) && !isInstant(to)) {
    const cast = find(TIMESTAMP, to);
    return (
      cast && {
        canFail: true,
        run: (ctx, call) =>
          cast.run(ctx, { ...call, from: TIMESTAMP, input: toClocks(ctx, call.input, zone, call.rows) }),
      }
    );
  }
  if (isInstant(to) && (from.kind === 'date' || (from.kind === 'timestamp' && !from.zone))) {
    const cast = find(from, TIMESTAMP);
    return (
      cast && {
        canFail: true,
        run: (ctx, call) => {
          const clocks = cast.run(ctx, { ...call, to: TIMESTAMP });
          const rows = selectValid(ctx, clocks.validity, call.rows);
          return Vector.flat(to, call.rows.count, toInstants(ctx, clocks, zone, rows).data, clocks.validity);
        },
      }
    );
  }
  return undefined;
}
