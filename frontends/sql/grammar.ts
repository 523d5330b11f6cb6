import { parseExpression } from './parse-expr.ts';
import { parseFromList } from './parse-from.ts';
import { continueQuery, parseQuery } from './parse-query.ts';
import { parseTypeRef } from './parse-type.ts';
import type { Grammar } from './token-stream.ts';

/** The whole grammar: where its parts, which know each other only through the token stream, come together. */
export const GRAMMAR: Grammar = {
  expr: parseExpression,
  query: parseQuery,
  continueQuery,
  from: parseFromList,
  type: parseTypeRef,
};
