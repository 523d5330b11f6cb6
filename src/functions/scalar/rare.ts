import { buildConstant } from '../../batch/builder.ts';
import { RayexecError } from '../../common/errors.ts';
import { plainType } from '../../types/coercion.ts';
import { INTERVAL, NULL, UTF8 } from '../../types/data-type.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import { dateDoc } from '../date/documented.ts';
import { checkedInterval } from '../date/interval-arithmetic.ts';
import type { ScalarFunction } from '../function.ts';
import { fixed, generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { rowOverload } from './row-overload.ts';

const DAY = 86_400_000_000n;
const MONTH = 30n * DAY;

/** The interval with times of a day and more as days, days of a month and more as months; days and times are not negative. */
function normalized({ months, days, micros }: RawInterval): RawInterval {
  const total = BigInt(months * 30 + days) * DAY + micros;
  const rest = ((total % MONTH) + MONTH) % MONTH;
  const wholeMonths = (total - rest) / MONTH;
  const wholeDays = rest / DAY;
  return checkedInterval(Number(wholeMonths), Number(wholeDays), rest - wholeDays * DAY);
}

/** Functions of no other family. */
export const rareFunctions: readonly ScalarFunction[] = [
  {
    name: 'error',
    doc: {
      summary: 'Fails with a message.',
      args: ['message'],
      examples: [["CASE WHEN 1 > 2 THEN error('wrong') ELSE 'right' END", 'right']],
      category: 'logic',
    },
    overloads: [
      fixed(
        'text',
        [UTF8],
        NULL,
        (ctx, call) => {
          mapRows(ctx, { ...call, type: UTF8 }, message => {
            throw new RayexecError('invalid-argument', message as string);
          });
          return buildConstant(ctx, NULL, null, call.rows.count);
        },
        { canFail: true, volatile: true },
      ),
    ],
  },
  {
    name: 'constant_or_null',
    doc: {
      summary: 'The first value, or NULL when one of the others is.',
      args: ['value', 'other', '…'],
      examples: [['constant_or_null(1, 2)', '1']],
      category: 'logic',
    },
    overloads: [
      generic(
        'any',
        '(ANY, ANY, ...) -> ANY',
        args => {
          const [value, other] = args;
          if (value === undefined || other === undefined) return undefined;
          return { args: args.map(plainType), returns: plainType(value), cost: 0 };
        },
        (ctx, call) => mapRows(ctx, call, value => value),
      ),
    ],
  },
  {
    name: 'normalized_interval',
    doc: dateDoc(
      'An interval with 24 hours as a day and 30 days as a month.',
      ['interval'],
      ["normalized_interval(INTERVAL '31 days 25 hours')", '1 month 2 days 01:00:00'],
    ),
    overloads: [rowOverload('interval', [INTERVAL], INTERVAL, normalized)],
  },
];
