import { positionOf, RayexecError } from '../../../src/common/errors.ts';
import type { Statement } from '../../../src/query/statement.ts';
import type { Database } from '../../session/database.ts';
import { parse, parseStatements } from '../../sql/index.ts';
import { checkStatement, parametersOf } from './check-statement.ts';
import { embeddedSql } from './embedded-sql.ts';

/** What was found in a file. */
export type CheckedFile = {
  readonly statements: number;
  /** Statements of which the syntax alone was checked, and texts that could not be read. */
  readonly unchecked: number;
  readonly problems: readonly string[];
};

/** Whether a path is that of a program, in which SQL is looked for. */
export const isProgram = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path);

/** Finds what is wrong with the SQL of a file, be it SQL or a program. */
export function checkFile(db: Database, path: string, text: string): Promise<CheckedFile> {
  return isProgram(path)
    ? checkProgram(db, path, text)
    : checkScript(
        new Known(db, false),
        text,
        problemAt(path, text, n => n),
      );
}

async function checkProgram(db: Database, path: string, source: string): Promise<CheckedFile> {
  const { texts, unreadable } = embeddedSql(source);
  // What can't be read may make tables.
  const known = new Known(db, unreadable > 0);
  const problems: string[] = [];
  let statements = 0;
  for (const { method, text, places, tables } of texts) {
    const problem = problemAt(path, source, at => places[Math.min(at, places.length - 1)]!);
    if (method === 'execute') {
      const found = await checkScript(known, text, problem);
      problems.push(...found.problems);
      statements += found.statements;
      continue;
    }
    statements++;
    try {
      const query = parse(text);
      // Of frames in a template nothing is known here.
      if (tables > 0) known.unchecked++;
      else await known.check({ kind: 'query', query }, text);
    } catch (error) {
      problems.push(problem({ error, start: 0 }));
    }
  }
  return { statements: statements + unreadable, unchecked: known.unchecked + unreadable, problems };
}

/** What is known while a file is read from its begin to its end. */
class Known {
  readonly #db: Database;
  /** Whether there may be tables that are not known here. */
  #hasOthers: boolean;
  /** Statements of which the syntax alone was checked. */
  unchecked = 0;

  constructor(db: Database, hasOthers: boolean) {
    this.#db = db;
    this.#hasOthers = hasOthers;
  }

  /** @throws RayexecError with its place in `text` */
  async check(statement: Statement, text: string): Promise<void> {
    if (readsParameter(statement)) return this.#pass(statement);
    try {
      await checkStatement(this.#db, statement, text);
    } catch (error) {
      if (!this.#hasOthers || !isMissingTable(error)) throw error;
      this.#pass(statement);
    }
  }

  #pass({ kind }: Statement): void {
    this.unchecked++;
    if (kind.startsWith('create')) this.#hasOthers = true;
  }
}

/** Whether a parameter says which file is read. */
function readsParameter(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if ('kind' in part && part.kind === 'table-function' && Object.keys(parametersOf(part)).length > 0) return true;
  return Object.values(part).some(readsParameter);
}

const isMissingTable = (error: unknown): boolean =>
  error instanceof RayexecError && error.code === 'catalog' && /^Table with name .* does not exist/.test(error.summary);

type Problem = { readonly error: unknown; readonly start: number };

async function checkScript(known: Known, text: string, problem: (found: Problem) => string): Promise<CheckedFile> {
  const problems: string[] = [];
  try {
    const statements = parseStatements(text);
    for (const statement of statements) {
      const { start, end } = statement.span ?? { start: 0, end: text.length };
      try {
        await known.check(statement, text.slice(start, end));
      } catch (error) {
        problems.push(problem({ error, start }));
      }
    }
    return { statements: statements.length, unchecked: known.unchecked, problems };
  } catch (error) {
    return { statements: 0, unchecked: 0, problems: [problem({ error, start: 0 })] };
  }
}

/**
 * `queries/a.sql:3:12: …`, with the line and a caret.
 * @param placeOf where in the file a character of the SQL is
 */
function problemAt(path: string, source: string, placeOf: (at: number) => number): (found: Problem) => string {
  return ({ error, start }) => {
    if (!(error instanceof RayexecError)) throw error;
    const { code, summary, hint, where } = error;
    const from = placeOf((error.span?.start ?? 0) + start);
    const span = error.span && { start: from, end: Math.max(from, placeOf(error.span.end + start - 1) + 1) };
    const { line, column } = positionOf(source, from);
    return `${path}:${line}:${column}: ${new RayexecError(code, summary, { hint, where, span, source: span && source }).message}`;
  };
}
