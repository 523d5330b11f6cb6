import { isBuiltIn } from '../../src/query/expr.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { parseTypeRef } from './parse-type.ts';
import { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** The constant `typed_literal('type', 'json')`; the value is taken as the type's `ScalarValue`. */
export function typedLiteralFromJson(s: TokenStream, typeToken: Token, valueToken: Token): Scalar {
  const types = new TokenStream(typeToken.value, s.grammar);
  const type = parseTypeRef(types);
  if (types.token.kind !== 'end' || !isBuiltIn(type)) return s.error('expected a built-in type', typeToken);
  try {
    return { type, value: JSON.parse(valueToken.value) };
  } catch {
    return s.error('expected a value as JSON', valueToken);
  }
}
