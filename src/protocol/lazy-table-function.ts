import { invariant } from '../common/errors.ts';
import type { TableFunction } from './table-function.ts';

/** What a table function does. */
export type TableFunctionCode = Pick<TableFunction, 'bind' | 'open'>;

/** A table function whose code is loaded with the first query that uses it, on each thread. */
export function lazyTableFunction(
  about: Omit<TableFunction, 'bind' | 'open' | 'load'>,
  load: () => Promise<TableFunctionCode>,
): TableFunction {
  let code: TableFunctionCode | undefined;
  const loaded = async (): Promise<TableFunctionCode> => {
    code ??= await load();
    return code;
  };
  return {
    ...about,
    load: loaded,
    bind: async (args, ctx) => (await loaded()).bind(args, ctx),
    open: (request, ctx) => {
      invariant(code !== undefined, `the code of ${about.name} has been loaded`);
      return code.open(request, ctx);
    },
  };
}
