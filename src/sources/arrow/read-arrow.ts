import { lazyTableFunction } from '../../protocol/lazy-table-function.ts';
import type { TableFunction } from '../../protocol/table-function.ts';

/** `read_arrow(path or paths, union_by_name, hive_partitioning, filename)`: the rows of Arrow IPC files. */
export const readArrow: TableFunction = lazyTableFunction(
  {
    name: 'read_arrow',
    aliases: ['read_feather', 'arrow_scan'],
    doc: {
      summary: 'Reads Arrow IPC files, of the file (Feather) or the streaming format; paths may be globs, and URLs.',
      args: ['path', 'union_by_name', 'hive_partitioning', 'filename'],
      examples: [],
      category: 'table',
    },
    extensions: ['.arrow', '.arrows', '.feather', '.ipc'],
  },
  async () => (await import('./arrow-code.ts')).arrowCode,
);
