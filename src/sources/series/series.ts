import { RayexecError } from '../../common/errors.ts';
import type { BoundSource, Split } from '../../plan/logical-plan.ts';
import type { TableArguments, TableFunction } from '../../protocol/table-function.ts';
import { type DataType, INT64 } from '../../types/data-type.ts';
import type { Scalar } from '../../types/scalar.ts';
import { InstantReader } from './instant-reader.ts';
import { instants } from './instants.ts';
import { IntegerReader } from './integer-reader.ts';

/** `range(5)`, `generate_series(1, 5)`: counting in FROM, over integers or timestamps. */
export const seriesFunctions: readonly TableFunction[] = [series('range', false), series('generate_series', true)];

function series(name: string, inclusive: boolean): TableFunction {
  return {
    name,
    doc: {
      summary: `Numbers or timestamps from a start to a stop, ${inclusive ? 'the stop included' : 'before the stop'}, in steps.`,
      args: ['start', 'stop', 'step'],
      examples: [
        [`(SELECT list(x) FROM ${name}(1, 9, 3) t(x))`, '[1, 4, 7]'],
        [`(SELECT count(*) FROM ${name}(5))`, inclusive ? '6' : '5'],
      ],
      category: 'table',
    },
    bind: async (args, { splitRows }) => {
      const { positional } = args;
      refuseOtherArguments(name, args);
      if (positional.some(p => p.value === null)) return source(name, 'NULL', INT64, 0, []);
      const kinds = new Set(positional.map(p => p.type.kind));
      if (kinds.has('interval')) return instantSource(name, positional, inclusive);
      return integerSource(
        name,
        positional.map(p => integerArgument(name, p)),
        inclusive,
        splitRows,
      );
    },
    open: (scan, ctx) =>
      scan.source.schema[0]!.type.kind === 'int' ? new IntegerReader(scan, ctx) : new InstantReader(scan, ctx),
  };
}

function refuseOtherArguments(name: string, { positional, named }: TableArguments): void {
  if (positional.length >= 1 && positional.length <= 3 && Object.keys(named).length === 0) return;
  throw new RayexecError('bind', `${name} takes a stop; a start and a stop; or a start, a stop and a step`, {
    hint: `${name}(1, 10, 2)`,
  });
}

function integerArgument(name: string, { type, value }: Scalar): bigint {
  if ((type.kind === 'int' || type.kind === 'utf8') && /^[+-]?\d+$/.test(String(value))) return BigInt(value as string);
  throw new RayexecError('bind', `${name} counts over integers, or over timestamps in steps of an interval`, {
    hint: `${name}(1, 10) or ${name}(TIMESTAMP '2024-01-01', TIMESTAMP '2024-12-31', INTERVAL 1 MONTH)`,
  });
}

const MAX_INT64 = (1n << 63n) - 1n;

function integerSource(name: string, args: readonly bigint[], inclusive: boolean, splitRows: number): BoundSource {
  const [start, stop, step] = args.length === 1 ? [0n, args[0]!, 1n] : [args[0]!, args[1]!, args[2] ?? 1n];
  if (step === 0n) throw new RayexecError('bind', `the step of ${name} is 0`);
  for (const value of [start, stop, step]) {
    if (value > MAX_INT64 || value < -MAX_INT64 - 1n) throw new RayexecError('bind', `${value} is no BIGINT`);
  }
  const distance = (stop - start) * (step > 0n ? 1n : -1n);
  const stride = step > 0n ? step : -step;
  const rows = distance < 0n ? 0n : inclusive ? distance / stride + 1n : (distance + stride - 1n) / stride;
  // A thousand splits at most, so that a plan with a huge range stays small.
  const perSplit = BigInt(Math.max(splitRows, Number(rows / 1000n) + 1));
  const splits: Split[] = [];
  for (let at = 0n; at < rows; at += perSplit) {
    const count = Number(rows - at < perSplit ? rows - at : perSplit);
    splits.push({ rows: count, state: { from: String(start + at * step), count, step: String(step) } });
  }
  return source(name, args.join(', '), INT64, Number(rows), splits);
}

/** Timestamps are few: they are counted here, and all in one split. */
function instantSource(name: string, args: readonly Scalar[], inclusive: boolean): BoundSource {
  const { type, count, state } = instants(name, args, inclusive);
  return source(name, 'timestamps', type, count, count === 0 ? [] : [{ rows: count, state }]);
}

function source(name: string, label: string, type: DataType, rows: number, splits: readonly Split[]): BoundSource {
  return {
    fn: name,
    label: `${name}(${label})`,
    schema: [{ name, type, nullable: false }],
    statistics: { rows, exactRows: true, ...(rows === 0 ? {} : { columns: { 0: { distinct: rows, unique: true } } }) },
    splits,
    state: null,
  };
}
