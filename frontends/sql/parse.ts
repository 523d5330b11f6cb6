import type { Expr, TypeRef } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import type { Statement } from '../../src/query/statement.ts';
import { checkDepth } from './depth.ts';
import { GRAMMAR } from './grammar.ts';
import { parseStatement } from './parse-statement.ts';
import { TokenStream } from './token-stream.ts';

/** Exactly one query; a semicolon may end it. @throws RayexecError 'parse' with position and text. */
export function parse(text: string): Query {
  return whole(text, s => {
    const query = s.query();
    while (s.accept(';'));
    return query;
  });
}

/** The statements of a script, between semicolons. @throws RayexecError 'parse' with position and text. */
export function parseStatements(text: string): Statement[] {
  const s = new TokenStream(text, GRAMMAR);
  const statements: Statement[] = [];
  for (;;) {
    while (s.accept(';'));
    if (s.token.kind === 'end') return statements;
    const statement = parseStatement(s);
    checkDepth(s, statement);
    statements.push(statement);
    if (!s.is(';') && s.peek(0).kind !== 'end') s.fail('the end of the statement');
  }
}

/** Exactly one expression. @throws RayexecError 'parse' with position and text. */
export function parseExpr(text: string): Expr {
  return whole(text, s => s.expr());
}

/** Exactly one type. @throws RayexecError 'parse' with position and text. */
export function parseType(text: string): TypeRef {
  return whole(text, s => s.type());
}

function whole<T extends object>(text: string, read: (s: TokenStream) => T): T {
  const s = new TokenStream(text, GRAMMAR);
  const result = read(s);
  if (s.token.kind !== 'end') s.fail('the end of the text');
  checkDepth(s, result);
  return result;
}
