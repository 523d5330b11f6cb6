import { RayexecError } from '../common/errors.ts';
import type { NamedOptions } from './named-options.ts';

/** How the files are stored; undefined: as they look. @throws RayexecError `bind`, `unsupported` */
export function compressionOption(o: NamedOptions): 'gzip' | 'none' | undefined {
  const text = o.text('compression')?.toLowerCase() ?? 'auto';
  if (text === 'gzip' || text === 'none') return text;
  if (text === 'auto' || text === 'auto_detect') return undefined;
  if (text === 'zstd') throw new RayexecError('unsupported', 'zstd-compressed text files can not be read yet');
  throw o.wrong('compression', `'auto', 'none' or 'gzip'`);
}

/** The name of the column, which is `filename` when the option is just true. */
export function filenameOption(o: NamedOptions): string | undefined {
  if (!o.has('filename')) return undefined;
  try {
    return o.boolean('filename') === true ? 'filename' : undefined;
  } catch {
    return o.text('filename');
  }
}
