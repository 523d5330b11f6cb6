import { positionOf, RayexecError } from '../../../src/common/errors.ts';
import type { Database } from '../../session/database.ts';
import { parse, parseStatements } from '../../sql/index.ts';
import { checkStatement } from './check-statement.ts';
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
    : checkScript(db, text, at => problemAt(path, text, n => n)(at));
}

async function checkProgram(db: Database, path: string, source: string): Promise<CheckedFile> {
  const { texts, unreadable } = embeddedSql(source);
  const problems: string[] = [];
  let statements = 0;
  let unchecked = unreadable;
  for (const { method, text, places, tables } of texts) {
    const problem = problemAt(path, source, at => places[Math.min(at, places.length - 1)]!);
    if (method === 'execute') {
      const found = await checkScript(db, text, problem);
      problems.push(...found.problems);
      statements += found.statements;
      continue;
    }
    statements++;
    try {
      const query = parse(text);
      // Of frames in a template nothing is known here.
      if (tables > 0) unchecked++;
      else await checkStatement(db, { kind: 'query', query }, text);
    } catch (error) {
      problems.push(problem({ error, start: 0 }));
    }
  }
  return { statements, unchecked, problems };
}

type Problem = { readonly error: unknown; readonly start: number };

async function checkScript(db: Database, text: string, problem: (found: Problem) => string): Promise<CheckedFile> {
  const problems: string[] = [];
  try {
    const statements = parseStatements(text);
    for (const statement of statements) {
      const { start, end } = statement.span ?? { start: 0, end: text.length };
      try {
        await checkStatement(db, statement, text.slice(start, end));
      } catch (error) {
        problems.push(problem({ error, start }));
      }
    }
    return { statements: statements.length, unchecked: 0, problems };
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
