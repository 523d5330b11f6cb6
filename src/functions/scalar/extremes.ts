import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { combineValidity, selectValid, validityOf } from '../../kernels/vectors.ts';
import { commonTypeOf } from '../../types/coercion.ts';
import type { DataType } from '../../types/data-type.ts';
import { selectComparison } from '../compare-values.ts';
import { withoutRows } from '../eval-node.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { MergedVector } from '../merged-vector.ts';
import { generic } from '../overload.ts';

const fit = (args: readonly DataType[]) => {
  const common = args.length === 0 ? undefined : commonTypeOf(args);
  return common === undefined ? undefined : { args: args.map(() => common), returns: common, cost: 0 };
};

/** Keeps, argument by argument, the best value so far; NULLs are left out. */
function runExtreme(ctx: EvalContext, op: '<' | '>', { args, rows, type }: ScalarCall): Vector {
  let best = args[0]!;
  for (const next of args.slice(1)) {
    const better = rowsWhereBetter(ctx, op, next, best, rows);
    if (better.selected === 0) continue;
    const merged = new MergedVector(ctx, type, rows);
    merged.put(next, better);
    const rest = withoutRows(ctx, rows, better);
    if (rest.selected > 0) merged.put(best, rest);
    best = merged.result();
  }
  return best;
}

/** Rows where `next` is valid, and `best` is NULL or worse. */
function rowsWhereBetter(ctx: EvalContext, op: '<' | '>', next: Vector, best: Vector, rows: Rows): Rows {
  const candidates = selectValid(ctx, validityOf(ctx, next, rows), rows);
  const bestValidity = validityOf(ctx, best, rows);
  const comparable = selectValid(ctx, bestValidity, candidates);
  const validity = combineValidity(ctx, [next, best], rows);
  const call = { args: [next, best], rows: comparable, validity, type: next.type };
  const better = selectComparison(ctx, op, call);
  const worse = withoutRows(ctx, comparable, better);
  // Candidates that are not worse: better ones, and those beside a NULL.
  return withoutRows(ctx, candidates, worse);
}

function extreme(name: string, op: '<' | '>', summary: string, example: readonly [string, string]): ScalarFunction {
  return {
    name,
    doc: { summary, args: ['value', '…'], examples: [example], category: 'comparison' },
    overloads: [
      generic('any', '(ANY, ...) -> ANY', fit, (ctx, call) => runExtreme(ctx, op, call), { nulls: 'handles' }),
    ],
  };
}

export const extremes: readonly ScalarFunction[] = [
  extreme('greatest', '>', 'The greatest of the values that are not NULL.', ['greatest(4, 9, NULL)', '9']),
  extreme('least', '<', 'The least of the values that are not NULL.', ["least('b', 'a')", 'a']),
];
