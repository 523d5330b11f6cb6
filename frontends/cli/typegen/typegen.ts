import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RayexecError } from '../../../src/common/errors.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import type { DatabaseSchema } from '../../session/database-schema.ts';
import { sourceFiles } from '../check/read-files.ts';
import { type DescribedFiles, describeFiles } from './describe-files.ts';
import { describeQueries } from './describe-queries.ts';
import { schemaSource } from './schema-source.ts';

export const TYPEGEN_USAGE = `usage: rayexec typegen [options] FILES…
  FILES are paths, globs (in quotes) or URLs of Parquet, Arrow, CSV and JSON files
  -o, --output FILE      the module to write (default: rayexec.schema.ts)
      --check            write nothing; exit status 1 when the module is not as it would be written
      --watch            write again whenever the files change
      --not-null=stats   columns of which the files' statistics count no NULL are never NULL
      --queries SOURCES  writes the columns of the literal texts of .sql(…) in programs too, for what the compiler can't read
                         itself; paths or globs (in quotes), more than once if need be
      --tables FILE.sql  with --queries: statements that make tables
  -h, --help`;

type TypegenArguments = {
  readonly patterns: readonly string[];
  readonly output: string;
  readonly check: boolean;
  readonly watch: boolean;
  readonly notNullByStatistics: boolean;
  /** Programs. */
  readonly queries: readonly string[];
  readonly tables: string | undefined;
  readonly help: boolean;
};

/**
 * `rayexec typegen`: writes the schema of files as a TypeScript module. Returns the exit status.
 * @param signal ends watching
 * @throws RayexecError `invalid-argument` for wrong usage; what reading the files throws
 */
export async function typegen(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = typegenArguments(argv);
  if (args.help) {
    console.log(TYPEGEN_USAGE);
    return 0;
  }
  const generate = async (): Promise<string> => {
    const files = await describeFiles(args.patterns, nodePlatform, args);
    if (args.queries.length === 0) return schemaSource(files, commandOf(args));
    const { queries, problems } = await describeQueries(sourceFiles(args.queries), schemaOf(files), args.tables);
    for (const problem of problems) console.error(problem);
    return schemaSource(files, commandOf(args), queries);
  };
  if (args.check) return check(args.output, await generate());
  write(args.output, await generate());
  if (args.watch) await watch(args, generate, signal);
  return 0;
}

/** The schema, as the module has it. */
const schemaOf = (files: readonly DescribedFiles[]): DatabaseSchema => ({
  tables: Object.fromEntries(files.map(f => [f.table, f.path])),
  files: Object.fromEntries(files.map(f => [f.path, Object.fromEntries(f.columns)])),
});

function typegenArguments(argv: readonly string[]): TypegenArguments {
  const { values, positionals } = read(argv);
  const notNull = values['not-null'];
  if (notNull !== undefined && notNull !== 'stats') {
    throw new RayexecError('invalid-argument', `--not-null takes 'stats', not '${notNull}'`);
  }
  const { output = 'rayexec.schema.ts', check = false, watch = false, help = false, queries = [], tables } = values;
  if (check && watch)
    throw new RayexecError('invalid-argument', '--check writes nothing, so it does not go with --watch');
  if (tables !== undefined && queries.length === 0)
    throw new RayexecError('invalid-argument', '--tables are for --queries');
  if (positionals.length === 0 && queries.length === 0 && !help) {
    throw new RayexecError('invalid-argument', 'typegen wants files', { hint: "rayexec typegen 'data/*.parquet'" });
  }
  return {
    patterns: positionals,
    output,
    check,
    watch,
    notNullByStatistics: notNull === 'stats',
    queries,
    tables,
    help,
  };
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o' },
        check: { type: 'boolean' },
        watch: { type: 'boolean' },
        'not-null': { type: 'string' },
        queries: { type: 'string', multiple: true },
        tables: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new RayexecError('invalid-argument', (cause as Error).message, { hint: 'rayexec typegen --help', cause });
  }
}

/** The command that writes the same module. */
function commandOf({ patterns, output, notNullByStatistics, queries, tables }: TypegenArguments): string {
  const word = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text}'`);
  return [
    'rayexec typegen',
    ...patterns.map(word),
    ...queries.map(q => `--queries ${word(q)}`),
    ...(tables === undefined ? [] : [`--tables ${word(tables)}`]),
    `-o ${output}`,
    ...(notNullByStatistics ? ['--not-null=stats'] : []),
  ].join(' ');
}

function write(output: string, source: string): void {
  if (existing(output) === source) {
    console.error(`${output} is up to date`);
    return;
  }
  try {
    writeFileSync(output, source);
  } catch (cause) {
    throw new RayexecError('io', `can't write '${output}': ${(cause as Error).message}`, { cause });
  }
  console.error(`wrote ${output}`);
}

function check(output: string, source: string): number {
  const found = existing(output);
  if (found === source) return 0;
  console.error(
    found === undefined ? `${output} is not there` : `${output} is out of date:\n${difference(found, source)}`,
  );
  return 1;
}

const existing = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return undefined;
  }
};

/** The lines that one of two texts has and the other lacks. */
function difference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone = old.filter(line => !now.includes(line)).map(line => `- ${line.trim()}`);
  const added = now.filter(line => !old.includes(line)).map(line => `+ ${line.trim()}`);
  return [...gone, ...added].join('\n') || 'the order of its lines differs';
}

const POLL_MILLISECONDS = 500;

/** Writes again when a file has changed, came or went, until the signal. */
async function watch(args: TypegenArguments, generate: () => Promise<string>, signal: AbortSignal): Promise<void> {
  const watched = [...args.patterns, ...args.queries, ...(args.tables === undefined ? [] : [args.tables])];
  let last = await stateOf(watched);
  while (!signal.aborted) {
    await sleep(POLL_MILLISECONDS, signal);
    const state = await stateOf(watched);
    if (state === last || signal.aborted) continue;
    last = state;
    try {
      write(args.output, await generate());
    } catch (error) {
      // A file may be half written: the next change tries again.
      if (!(error instanceof RayexecError)) throw error;
      console.error(`error: ${error.message}`);
    }
  }
}

/** Paths with sizes and times of change of all files that match. */
async function stateOf(patterns: readonly string[]): Promise<string> {
  const paths = (await Promise.all(patterns.map(p => nodePlatform.glob(p)))).flat();
  return paths
    .map(path => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return `${path} ${stat?.size} ${stat?.mtimeMs}`;
    })
    .join('\n');
}

const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
