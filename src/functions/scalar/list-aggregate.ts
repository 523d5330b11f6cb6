import { allRows, type Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { combineValidity, gather, indexesOf, NO_ROW, selectValid } from '../../kernels/vectors.ts';
import { literalText } from '../../types/coercion.ts';
import { type DataType, list, UTF8 } from '../../types/data-type.ts';
import { aggregateFunctions } from '../aggregate/index.ts';
import type { AggregateOverload, EvalContext, Fit, ScalarCall, ScalarFunction } from '../function.ts';
import { elementRun, listOperand, listSizes } from '../nested/list-operand.ts';
import { elementOf } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { generic } from '../overload.ts';

/** Elements that are folded at a time. */
const CHUNK = 16_384;

type Found = { readonly overload: AggregateOverload; readonly fit: Fit };

/** The overload of an aggregate for these arguments, the first of them elements of a list. */
function findAggregate(name: string, args: readonly DataType[]): Found | undefined {
  const wanted = name.toLowerCase();
  const functions = aggregateFunctions.filter(f => f.name === wanted || f.aliases?.includes(wanted));
  let best: Found | undefined;
  for (const overload of functions.flatMap(f => f.overloads)) {
    const fit = overload.fit(args);
    if (fit !== undefined && (best === undefined || fit.cost < best.fit.cost)) best = { overload, fit };
  }
  return best;
}

function fitList(name: string | undefined, args: readonly DataType[], named: readonly DataType[]): Fit | undefined {
  const [type, ...extra] = args;
  const element = type === undefined ? undefined : elementOf(type);
  const found = element && name !== undefined ? findAggregate(name, [element, ...extra]) : undefined;
  if (found === undefined) return undefined;
  const [first, ...more] = found.fit.args;
  return { args: [list(first ?? element!), ...named, ...more], returns: found.fit.returns, cost: 0 };
}

/** Folds each row's elements into a state of its own, and takes the states' results. */
function aggregateLists(ctx: EvalContext, call: ScalarCall, name: string, extra: readonly Vector[]): Vector {
  const { arena, kernels } = ctx;
  const { rows } = call;
  const lists = call.args[0]!;
  const elements = lists.children[0]!;
  const argTypes = [elements.type, ...extra.map(e => e.type)];
  const { overload } = findAggregate(name, argTypes)!;
  if (extra.some(e => e.form !== 'constant'))
    throw new RayexecError('unsupported', `list_aggregate takes constants as further arguments of ${name}`);
  const bytes = overload.stateBytes(argTypes, call.type);
  const base = arena.allocZeroed(rows.count * bytes);
  const folding = { ...ctx, heap: arena };
  const { selection, selected } = rows;
  const sizes = listSizes(ctx, listOperand(lists), rows);
  const run = elementRun(ctx, lists, rows, sizes);
  const states = arena.alloc(sizes.total * 4);
  kernels.list_places(...listOperand(lists), selection, selected, 0, base, bytes, states);
  for (let done = 0; done < sizes.total; done += CHUNK) {
    const count = Math.min(CHUNK, sizes.total - done);
    const values = run(done, count);
    const args = [values, ...extra.map(e => e.slice(0, count))];
    const valid = overload.skipsNulls ? selectValid(ctx, values.validity, allRows(count)) : allRows(count);
    overload.update(folding, {
      args,
      rows: valid,
      states: states + done * 4,
      statesMask: -1,
      offset: 0,
      type: call.type,
    });
  }
  // States of rows that do not count are empty; where these are few, they are read as well, which puts all results in their places.
  const read = selected * 2 > rows.count ? allRows(rows.count) : rows;
  const results = overload.result(folding, {
    states: stateAddresses(ctx, read, base, bytes),
    count: read.selected,
    offset: 0,
    argTypes,
    type: call.type,
  });
  const spread = read.selection === 0 ? results : atPositions(ctx, results, read);
  if (call.validity === 0) return spread;
  const validity = combineValidity(ctx, [spread, lists], allRows(rows.count));
  return Vector.flat(spread.type, rows.count, spread.data, validity, spread.children);
}

/** The addresses of the rows' states. */
function stateAddresses(
  { memory, arena }: EvalContext,
  { selection, selected }: Rows,
  base: number,
  bytes: number,
): number {
  const addresses = arena.alloc(selected * 4);
  const { u16, u32 } = memory;
  for (let j = 0; j < selected; j++)
    u32[(addresses >>> 2) + j] = base + (selection === 0 ? j : u16[(selection >>> 1) + j]!) * bytes;
  return addresses;
}

/** Values of the rows, one after the other, at the rows' positions. */
function atPositions(ctx: EvalContext, values: Vector, rows: Rows): Vector {
  const indexes = ctx.arena.alloc(rows.count * 4);
  ctx.memory.u32.fill(NO_ROW, indexes >>> 2, (indexes >>> 2) + rows.count);
  ctx.kernels.inverse_order(indexesOf(ctx, rows), rows.selected, indexes);
  return gather(ctx, values, indexes, rows.count);
}

/** Aggregates with a function of their own: list_sum(l) is list_aggregate(l, 'sum'). */
const NAMES = [
  ...[
    'sum',
    'avg',
    'min',
    'max',
    'count',
    'product',
    'median',
    'mode',
    'string_agg',
    'bool_and',
    'bool_or',
    'histogram',
  ],
  ...['var_samp', 'var_pop', 'stddev_samp', 'stddev_pop', 'entropy', 'kurtosis', 'skewness', 'approx_count_distinct'],
  ...['bit_and', 'bit_or', 'bit_xor', 'mad', 'sem', 'kurtosis_pop'],
].filter(name => aggregateFunctions.some(f => f.name === name || f.aliases?.includes(name)));

const sample = (name: string): string => (name.startsWith('bool') ? '[true, false]' : '[1, 2, 4, 4]');

/** Aggregates over the elements of a list. */
export const listAggregates: readonly ScalarFunction[] = [
  {
    name: 'list_aggregate',
    aliases: ['array_aggregate', 'list_aggr', 'array_aggr', 'aggregate'],
    doc: listDoc(
      'An aggregate, by its name, over the elements.',
      ['list', 'name', '…'],
      ["list_aggregate([1, 2], 'sum')", '3'],
    ),
    overloads: [
      generic(
        'list',
        '(T[], VARCHAR constant, ...) -> ANY',
        ([type, name, ...extra]) =>
          type === undefined || name === undefined ? undefined : fitList(literalText(name), [type, ...extra], [UTF8]),
        (ctx, call) =>
          aggregateLists(ctx, call, valueReader(ctx.memory, call.args[1]!)(0) as string, call.args.slice(2)),
        { canFail: true },
      ),
    ],
  },
  ...NAMES.map(
    (name): ScalarFunction => ({
      name: `list_${name}`,
      doc: listDoc(
        `The aggregate ${name} over the elements.`,
        ['list', '…'],
        [`list_${name}(${sample(name)}) IS NOT DISTINCT FROM list_aggregate(${sample(name)}, '${name}')`, 'true'],
      ),
      overloads: [
        generic(
          'list',
          '(T[], ...) -> ANY',
          args => fitList(name, args, []),
          (ctx, call) => aggregateLists(ctx, call, name, call.args.slice(1)),
          { canFail: true },
        ),
      ],
    }),
  ),
];
