import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { positionOf, RayexecError } from '../../src/common/errors.ts';
import { globFiles } from '../../src/platform/node-glob.ts';
import type { Statement } from '../../src/query/statement.ts';
import { connect } from '../session/connect.ts';
import type { Database } from '../session/database.ts';
import { parseStatements, printStatement } from '../sql/index.ts';

export const CHECK_USAGE = `usage: rayexec check [options] FILES…
  FILES are paths and globs (in quotes) of SQL files; nothing is read but the columns of data files, nothing written
  -t, --tables FILE.sql   statements that make the tables and views of all files
  -h, --help`;

/**
 * `rayexec check`: finds what is wrong with SQL files without running queries: syntax, names, types. Each file begins with
 * the tables of --tables, and knows those that it makes itself. Returns the exit status, 1 when something is wrong.
 * @throws RayexecError `invalid-argument` for wrong usage, `io`
 */
export async function check(argv: readonly string[]): Promise<number> {
  const { tables, patterns, help } = checkArguments(argv);
  if (help) {
    console.log(CHECK_USAGE);
    return 0;
  }
  const files = patterns.flatMap(pattern => {
    const found = globFiles(pattern);
    if (found.length === 0) throw new RayexecError('io', `there is no file '${pattern}'`);
    return found;
  });
  let problems = 0;
  let statements = 0;
  for (const file of files) {
    await using db = connect({ threads: 0 });
    for (const path of [...(tables === undefined ? [] : [tables]), file]) {
      const found = await checkFile(db, path);
      for (const problem of found.problems) console.error(problem);
      problems += found.problems.length;
      if (path === file) statements += found.statements;
    }
  }
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  console.log(`${count(files.length, 'file')}, ${count(statements, 'statement')}: ${count(problems, 'problem')}`);
  return problems === 0 ? 0 : 1;
}

function checkArguments(argv: readonly string[]): { patterns: string[]; tables: string | undefined; help: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { tables: { type: 'string', short: 't' }, help: { type: 'boolean', short: 'h' } },
    });
    if (positionals.length === 0 && values.help !== true) throw new Error('which files?');
    return { patterns: positionals, tables: values.tables, help: values.help ?? false };
  } catch (cause) {
    const hint = 'rayexec check --help';
    throw new RayexecError('invalid-argument', (cause as Error).message, { hint, cause });
  }
}

async function checkFile(db: Database, path: string): Promise<{ statements: number; problems: readonly string[] }> {
  const text = readFile(path);
  let statements: readonly Statement[];
  try {
    statements = parseStatements(text);
  } catch (error) {
    return { statements: 0, problems: [problemText(path, text, 0, error)] };
  }
  const problems: string[] = [];
  for (const statement of statements) {
    const { start, end } = statement.span ?? { start: 0, end: text.length };
    try {
      await checkStatement(db, statement, text.slice(start, end));
    } catch (error) {
      problems.push(problemText(path, text, start, error));
    }
  }
  return { statements: statements.length, problems };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RayexecError('io', `can't read '${path}'`, { cause });
  }
}

const EXPLAIN = 'EXPLAIN ';

async function checkStatement(db: Database, statement: Statement, text: string): Promise<void> {
  switch (statement.kind) {
    case 'query':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'copy-to':
    case 'copy-from':
      return explain(db, statement, text);
    case 'create-table':
      if (statement.query === undefined) break;
      await explain(db, statement, text);
      await db.execute(printStatement({ ...statement, withData: false }), parametersOf(statement));
      return;
    // What only reading data would tell, or what changes files: its syntax is all that is checked.
    case 'explain':
    case 'execute':
    case 'call':
    case 'export-database':
    case 'import-database':
    case 'upkeep':
    case 'load':
      return;
    default:
      break;
  }
  await db.execute(text);
}

/** Binds a statement; an error's place is that in `text`. */
async function explain(db: Database, statement: Statement, text: string): Promise<void> {
  try {
    await db.execute(EXPLAIN + text, parametersOf(statement));
  } catch (error) {
    if (!(error instanceof RayexecError) || error.span === undefined) throw error;
    const { code, summary, hint, span, where } = error;
    const own = { start: Math.max(0, span.start - EXPLAIN.length), end: Math.max(0, span.end - EXPLAIN.length) };
    throw new RayexecError(code, summary, { hint, span: own, where });
  }
}

/** NULL for each parameter. */
function parametersOf(part: unknown, found: Record<string, null> = {}): Record<string, null> {
  if (typeof part !== 'object' || part === null) return found;
  if ('kind' in part && part.kind === 'parameter' && 'name' in part) found[String(part.name)] = null;
  for (const value of Object.values(part)) parametersOf(value, found);
  return found;
}

/** `queries/a.sql:3:12: …`, with the line and a caret. @param start where in the file the error's spans begin */
function problemText(path: string, text: string, start: number, error: unknown): string {
  if (!(error instanceof RayexecError)) throw error;
  const { code, summary, hint, where } = error;
  const span = error.span && { start: error.span.start + start, end: error.span.end + start };
  const { line, column } = positionOf(text, span?.start ?? start);
  return `${path}:${line}:${column}: ${new RayexecError(code, summary, { hint, where, span, source: span && text }).message}`;
}
