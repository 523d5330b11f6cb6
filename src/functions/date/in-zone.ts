import { Vector } from '../../batch/vector.ts';
import { type DataType, sameType, TIMESTAMP, TIMESTAMPTZ, UTF8 } from '../../types/data-type.ts';
import type { ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { shiftEach } from './zone-shift.ts';

const isInstant = (type: DataType): boolean => sameType(type, TIMESTAMPTZ);

/**
 * An overload of instants by the calendar of a time zone, which a last argument names: runs code for TIMESTAMPs on what
 * clocks show there. A TIMESTAMPTZ result is the instant at which they show what that code gives.
 * @param args with TIMESTAMPTZ for the instants, without the zone
 */
export function inZone(
  key: string,
  args: readonly DataType[],
  returns: DataType,
  run: ScalarOverload['run'],
): ScalarOverload {
  return fixed(
    key,
    [...args, UTF8],
    returns,
    (ctx, call) => {
      const zone = call.args[args.length]!;
      const clocks = args.map((type, i): Vector => {
        const arg = call.args[i]!;
        return isInstant(type) ? shiftEach(ctx, arg, zone, call.rows, 'clock') : arg;
      });
      const result = run(ctx, { ...call, args: clocks, type: isInstant(returns) ? TIMESTAMP : call.type });
      if (!isInstant(returns)) return result;
      return Vector.flat(
        returns,
        call.rows.count,
        shiftEach(ctx, result, zone, call.rows, 'instant').data,
        call.validity,
      );
    },
    { canFail: true },
  );
}
