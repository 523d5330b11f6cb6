import { RayexecError } from '../../../src/common/errors.ts';
import type { Statement } from '../../../src/query/statement.ts';
import type { Database } from '../../session/database.ts';
import { printStatement } from '../../sql/index.ts';

const EXPLAIN = 'EXPLAIN ';

/**
 * Finds what is wrong with a statement without running it; tables, views and the like are made, without rows.
 * @throws RayexecError with its place in `text`
 */
export async function checkStatement(db: Database, statement: Statement, text: string): Promise<void> {
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
export function parametersOf(part: unknown, found: Record<string, null> = {}): Record<string, null> {
  if (typeof part !== 'object' || part === null) return found;
  if ('kind' in part && part.kind === 'parameter' && 'name' in part) found[String(part.name)] = null;
  for (const value of Object.values(part)) parametersOf(value, found);
  return found;
}
