import { parseArgs } from 'node:util';
import { RayexecError } from '../../src/common/errors.ts';
import { didYouMean } from '../../src/common/suggest.ts';
import { type Format, formats } from './format.ts';

/** What the command line asks for. */
export type Arguments = {
  /** SQL given with -c; else `file`, else standard input. */
  readonly command: string | undefined;
  readonly file: string | undefined;
  readonly format: Format;
  readonly timer: boolean;
  readonly threads: number | undefined;
  /** A Ray cluster: 'local', or its dashboard's URL. */
  readonly ray: 'local' | `http${string}` | undefined;
  readonly partitions: number | undefined;
  readonly help: boolean;
  readonly version: boolean;
};

export const USAGE = `usage: rayexec [options] [file.sql]
  -c, --command SQL   run these statements; without it, a file's, or standard input's
  -f, --format NAME   ${formats.join(', ')} (default: table)
      --timer         print the time of each statement
      --threads N     worker threads; 0 runs on the calling thread
      --ray WHERE     run queries on a Ray cluster: local, or http://head:8265 (its token: RAY_AUTH_TOKEN)
      --partitions N  tasks of a stage on the cluster
  -v, --version
  -h, --help
rayexec shell [options] reads statements from the terminal, as rayexec alone does there
rayexec check finds what is wrong with SQL in files and programs: rayexec check --help
rayexec typegen writes the columns of files as TypeScript: rayexec typegen --help`;

/** @throws RayexecError `invalid-argument` */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = read(argv);
  const format = (values.format ?? 'table') as Format;
  if (!formats.includes(format)) {
    throw new RayexecError('invalid-argument', `there is no format '${format}'`, {
      hint: didYouMean(format, formats) ?? formats.join(', '),
    });
  }
  const { ray } = values;
  if (ray !== undefined && !isPlace(ray)) {
    throw new RayexecError('invalid-argument', `--ray takes local or a URL, not '${ray}'`);
  }
  return {
    command: values.command,
    file: positionals[0],
    format,
    timer: values.timer ?? false,
    threads: numberOf('threads', values.threads, 0),
    ray,
    partitions: numberOf('partitions', values.partitions, 1),
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

const isPlace = (text: string): text is 'local' | `http${string}` => text === 'local' || /^https?:\/\//.test(text);

function numberOf(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new RayexecError('invalid-argument', `--${option} takes a number, not '${text}'`);
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        command: { type: 'string', short: 'c' },
        format: { type: 'string', short: 'f' },
        timer: { type: 'boolean' },
        threads: { type: 'string' },
        ray: { type: 'string' },
        partitions: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (cause) {
    throw new RayexecError('invalid-argument', (cause as Error).message, { hint: 'rayexec --help', cause });
  }
}
