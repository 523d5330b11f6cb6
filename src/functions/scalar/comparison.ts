import type { ComparisonName } from '../../plan/comparison.ts';
import { comparisonType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType } from '../../types/data-type.ts';
import { compareVectors, selectComparison } from '../compare-values.ts';
import type { Fit, ScalarFunction } from '../function.ts';
import { generic } from '../overload.ts';

/** Both sides cast to their common type. */
export function fitComparison(args: readonly DataType[]): Fit | undefined {
  if (args.length !== 2) return undefined;
  const common = comparisonType(args[0]!, args[1]!);
  return common === undefined ? undefined : { args: [common, common], returns: BOOLEAN, cost: 0 };
}

function comparison(
  name: ComparisonName,
  summary: string,
  example: readonly [string, string],
  aliases: readonly string[] = [],
): ScalarFunction {
  return {
    name,
    aliases,
    doc: { summary, args: ['left', 'right'], examples: [example], category: 'comparison' },
    overloads: [
      generic('any', '(ANY, ANY) -> BOOLEAN', fitComparison, (ctx, call) => compareVectors(ctx, name, call), {
        select: (ctx, call) => selectComparison(ctx, name, call),
      }),
    ],
  };
}

/** =, <>, <, <=, >, >=; NaN equals itself and is the greatest number; text compares bytewise. */
export const comparisons: readonly ScalarFunction[] = [
  comparison('=', 'Whether two values are equal.', ["'a' = 'b'", 'false'], ['==']),
  comparison('<>', 'Whether two values differ.', ['1 <> 2', 'true'], ['!=']),
  comparison('<', 'Whether the left value comes before the right one.', ["'a' < 'b'", 'true']),
  comparison('<=', 'Whether the left value does not come after the right one.', ['2 <= 1.5', 'false']),
  comparison('>', 'Whether the left value comes after the right one.', [
    "date '2024-02-01' > date '2024-01-31'",
    'true',
  ]),
  comparison('>=', 'Whether the left value does not come before the right one.', ['1 >= 1', 'true']),
];
