import { RayexecError } from '../../src/common/errors.ts';
import type { Query } from '../../src/query/query.ts';
import type { Statement } from '../../src/query/statement.ts';
import { parse, parseStatements } from '../sql/index.ts';

const CHANGES = /^(create|drop|alter|insert|update|delete|merge|truncate|copy|attach|detach|comment|import)/;

/** The query that a text is. @throws RayexecError `parse`, which tells where other statements go */
export function queryOfText(text: string): Query {
  try {
    return parse(text);
  } catch (error) {
    const others = statements(text);
    const [first] = others;
    if (first === undefined) throw error;
    const name = first.kind.replaceAll('-', ' ').toUpperCase();
    const problem =
      others.length > 1
        ? 'these are several statements'
        : CHANGES.test(first.kind)
          ? `${name} changes the database`
          : `${name} is no query`;
    throw new RayexecError('parse', problem, { hint: 'use `await db.execute(…)`', span: first.span, source: text });
  }
}

/** None where there is a mistake. */
function statements(text: string): readonly Statement[] {
  try {
    return parseStatements(text);
  } catch {
    return [];
  }
}
