import { allRows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader, TableFunction } from '../../protocol/table-function.ts';
import { UTF8 } from '../../types/data-type.ts';
import { pathsOf } from '../matching-paths.ts';

/** Paths in a split: the plan has them, so they are listed when the query is bound. */
const PATHS_PER_SPLIT = 2048;

/** `glob('data/*.csv')`: the paths of the files that match. */
export const glob: TableFunction = {
  name: 'glob',
  doc: {
    summary: 'The paths of the files that match a pattern, or a list of them.',
    args: ['pattern'],
    examples: [["(SELECT count(*) FROM glob('nothing/*.here'))", '0']],
    category: 'table',
  },
  bind: async ({ positional, named }, { platform }) => {
    const [pattern, ...rest] = positional;
    if (pattern === undefined || rest.length > 0 || Object.keys(named).length > 0)
      throw new RayexecError('bind', 'glob takes a pattern, or a list of them', { hint: "glob('data/*.csv')" });
    const found: string[] = [];
    for (const path of pathsOf('glob', pattern)) found.push(...(await platform.glob(path)));
    const splits: Split[] = [];
    for (let at = 0; at < found.length; at += PATHS_PER_SPLIT) {
      const paths = found.slice(at, at + PATHS_PER_SPLIT);
      splits.push({ rows: paths.length, state: paths });
    }
    return {
      fn: 'glob',
      label: `glob(${[pattern.value].flat().join(', ')})`,
      schema: [{ name: 'file', type: UTF8, nullable: false }],
      statistics: { rows: found.length, exactRows: true },
      splits,
      state: null,
    };
  },
  open: (scan, ctx) => new PathReader(scan, ctx),
};

class PathReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #paths: readonly string[] = [];
  #at = 0;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    this.#paths = split.state as readonly string[];
    this.#at = 0;
    this.#split = index;
  }

  pull(): Step {
    const paths = this.#paths.slice(this.#at, this.#at + this.#ctx.batchRows);
    if (paths.length === 0) return EXHAUSTED;
    this.#at += paths.length;
    const columns = this.#scan.types.map(type => buildVector(this.#ctx, type, paths));
    return ready({ ...this.#scan.select(columns, allRows(paths.length)), columns, split: this.#split });
  }

  close(): void {}
}
