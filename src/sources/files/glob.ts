import { RayexecError } from '../../common/errors.ts';
import type { TableFunction } from '../../protocol/table-function.ts';
import { UTF8 } from '../../types/data-type.ts';
import { pathsOf } from '../matching-paths.ts';
import { StoredRowsReader, storedRows } from '../stored-rows.ts';

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
    const label = `glob(${[pattern.value].flat().join(', ')})`;
    const schema = [{ name: 'file', type: UTF8, nullable: false }];
    return storedRows(
      { fn: 'glob', label, schema },
      found.map(path => [path]),
    );
  },
  open: (scan, ctx) => new StoredRowsReader(scan, ctx),
};
