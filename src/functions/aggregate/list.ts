import { Vector } from '../../batch/vector.ts';
import { plainType } from '../../types/coercion.ts';
import { list as listOf } from '../../types/data-type.ts';
import type { AggregateFunction } from '../function.ts';
import {
  COLLECTOR_BYTES,
  collected,
  collectedValidity,
  collectRows,
  mergeCollected,
  partialCollected,
} from './collected.ts';
import { aggregateDoc } from './documented.ts';
import { fromStored, storedType, toStored } from './nested-value.ts';

/** `list(x)`. */
export const list: AggregateFunction = {
  name: 'list',
  aliases: ['array_agg'],
  doc: aggregateDoc(
    'All values in a list, NULLs too; NULL when there are no rows.',
    ['arg'],
    ['(SELECT list(x ORDER BY x) FROM (VALUES (2), (1)) t(x))', '[1, 2]'],
  ),
  overloads: [
    {
      key: 'any',
      signature: '(ANY) -> ANY[]',
      fit: ([x, ...rest]) =>
        x === undefined || rest.length > 0
          ? undefined
          : { args: [plainType(x)], returns: listOf(plainType(x)), cost: 0 },
      nullable: true,
      skipsNulls: false,
      ordered: true,
      stateBytes: () => COLLECTOR_BYTES,
      update: (ctx, call) => collectRows(ctx, call, toStored(ctx, call.args[0]!, call.rows)),
      mergeConsumes: true,
      merge: mergeCollected,
      partial: partialCollected,
      result: (ctx, call) => {
        const type = call.argTypes[0]!;
        const { values, lists } = collected(ctx, call, storedType(type));
        const validity = collectedValidity(ctx, lists, call.count);
        return Vector.flat(call.type, call.count, lists, validity, [fromStored(ctx, values, type)]);
      },
    },
  ],
};
