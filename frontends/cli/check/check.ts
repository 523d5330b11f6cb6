import { parseArgs } from 'node:util';
import { RayexecError } from '../../../src/common/errors.ts';
import { connect } from '../../session/connect.ts';
import { checkFile } from './check-file.ts';
import { readFile, sourceFiles } from './read-files.ts';
import { schemaTables } from './schema-tables.ts';

export const CHECK_USAGE = `usage: rayexec check [options] FILES…
  FILES are paths and globs (in quotes) of SQL files, and of TypeScript and JavaScript programs, in which the texts of .sql(…),
  .sql\`…\` and .execute(…) are checked; nothing is read but the columns of data files, nothing written
  -s, --schema FILE.ts    what rayexec typegen wrote: its tables are there in all files
  -t, --tables FILE.sql   statements that make the tables and views of all files
  -h, --help`;

/**
 * `rayexec check`: finds what is wrong with SQL without running queries: syntax, names, types. Each file begins with the
 * tables of --schema and --tables, and knows those that it makes itself. Returns the exit status, 1 when something is wrong.
 * @throws RayexecError `invalid-argument` for wrong usage, `io`
 */
export async function check(argv: readonly string[]): Promise<number> {
  const { tables, schema, patterns, help } = checkArguments(argv);
  if (help) {
    console.log(CHECK_USAGE);
    return 0;
  }
  const files = sourceFiles(patterns);
  const before = [
    ...(schema === undefined ? [] : [{ path: schema.replace(/\.\w+$/, '.sql'), text: await schemaTables(schema) }]),
    ...(tables === undefined ? [] : [{ path: tables, text: readFile(tables) }]),
  ];
  let problems = 0;
  let statements = 0;
  let unchecked = 0;
  for (const path of files) {
    await using db = connect({ threads: 0 });
    for (const { path: name, text } of before) problems += report((await checkFile(db, name, text)).problems);
    const found = await checkFile(db, path, readFile(path));
    problems += report(found.problems);
    statements += found.statements;
    unchecked += found.unchecked;
  }
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const note =
    unchecked === 0
      ? ''
      : ` (of ${unchecked} no more than the syntax: what they read is not known here, or they are put together)`;
  console.log(
    `${count(files.length, 'file')}, ${count(statements, 'statement')}: ${count(problems, 'problem')}${note}`,
  );
  return problems === 0 ? 0 : 1;
}

function report(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  return problems.length;
}

type CheckArguments = {
  readonly patterns: readonly string[];
  readonly schema: string | undefined;
  readonly tables: string | undefined;
  readonly help: boolean;
};

function checkArguments(argv: readonly string[]): CheckArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        schema: { type: 'string', short: 's' },
        tables: { type: 'string', short: 't' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (positionals.length === 0 && values.help !== true) throw new Error('which files?');
    const { schema, tables, help = false } = values;
    return { patterns: positionals, schema, tables, help };
  } catch (cause) {
    const hint = 'rayexec check --help';
    throw new RayexecError('invalid-argument', (cause as Error).message, { hint, cause });
  }
}
