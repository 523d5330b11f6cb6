import { nearest } from '../../src/common/suggest.ts';
import { CLAUSE_WORDS, FUNCTION_WORDS, isKeyword, RESERVED } from './keywords.ts';
import type { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';

/** What the author of a text likely meant, where the grammar `expected` something else than the current token. */
export function hintFor(s: TokenStream, expected: string): string | undefined {
  return misspelt(s) ?? commonSlip(s, expected) ?? reservedName(s, expected) ?? missingPart(s, expected);
}

/** A misspelt keyword: the current token, or the one before, which was then taken for an alias. */
function misspelt(s: TokenStream): string | undefined {
  for (const token of [s.token, s.peek(-1)]) {
    if (token.kind !== 'name' || token.word.length < 3 || isKeyword(token.word) || PLAIN.has(token.word)) continue;
    const candidates = CLAUSE_WORDS.filter(word => word.length > 3 && Math.abs(word.length - token.word.length) < 2);
    const word = nearest(token.word, candidates);
    if (word !== undefined) return `did you mean ${word.toUpperCase()} instead of '${token.value}'?`;
  }
  return undefined;
}

/** Words that are spelled right: the clauses' own, and common names that look like them. */
const PLAIN: ReadonlySet<string> = new Set([
  ...CLAUSE_WORDS,
  ...['value', 'views', 'type', 'orders', 'groups', 'date', 'time', 'data'],
]);

function commonSlip(s: TokenStream, expected: string): string | undefined {
  const { word } = s.token;
  const before = s.peek(-1).word;
  switch (word) {
    case 'group':
    case 'order':
      return expected.startsWith('the end') && s.peek().word !== 'by'
        ? `${word.toUpperCase()} is followed by BY`
        : undefined;
    case 'from':
      return before === 'select' ? 'name the columns, or write * for all of them' : undefined;
    case 'not':
      return expected.startsWith('the end') ? 'after a value, NOT stands before LIKE, IN, BETWEEN or NULL' : undefined;
    case 'exists':
    case 'any':
    case 'all':
    case 'some':
      return s.peek().word === '(' ? undefined : `${word.toUpperCase()} takes a query in parentheses`;
    case 'or':
    case 'and':
      return expected.startsWith('an expression') ? `${word.toUpperCase()} stands between two conditions` : undefined;
    case '=>':
      return 'greater or equal is >=; => gives an argument by its name';
    case '=':
      return before === '=' || before === '==' ? 'equality is = or ==' : undefined;
    case ')':
      if (before === '(' && (s.peek(-2).word === 'or' || s.peek(-2).word === 'and'))
        return `${s.peek(-2).word.toUpperCase()} stands between two conditions`;
      return expected.startsWith('the end') ? `nothing is open that '${word}' could close` : undefined;
    case ']':
    case '}':
      return expected.startsWith('the end') ? `nothing is open that '${word}' could close` : undefined;
    default:
      return s.peek(-2).word === 'as' && RESERVED.has(before)
        ? `after AS, ${before.toUpperCase()} was taken for a name`
        : undefined;
  }
}

/** A reserved word where a name is wanted. */
function reservedName(s: TokenStream, expected: string): string | undefined {
  const { kind, word, value } = s.token;
  if (kind !== 'name' || !RESERVED.has(word) || !/^(an?|the name) /.test(expected)) return undefined;
  const next = s.peek();
  const looksLikeName = next.kind === 'operator' || next.kind === 'end' || next.word === 'from' || next.word === 'as';
  if (!looksLikeName) return undefined;
  return `${value.toUpperCase()} is a reserved word; as a name it needs double quotes: "${value}"`;
}

function missingPart(s: TokenStream, expected: string): string | undefined {
  const { kind, word } = s.token;
  if (s.peek(-1).word === ',' && s.pos > 0)
    return 'there is a comma before it: is an item missing, or the comma too many?';
  const isOperand =
    ['quoted', 'string', 'number', 'parameter'].includes(kind) ||
    (kind === 'name' && !RESERVED.has(word)) ||
    word === '(';
  return isOperand && expected.startsWith('the end') ? 'a comma or an operator may be missing before it' : undefined;
}

/** A token in words, for "found …". */
export function describeToken({ kind, word, value }: Token): string {
  switch (kind) {
    case 'end':
      return 'the end of the text';
    case 'name':
      return RESERVED.has(word) || FUNCTION_WORDS.has(word) ? `keyword ${word.toUpperCase()}` : `'${value}'`;
    case 'quoted':
      return `the name "${value}"`;
    case 'string':
      return `the string '${value.length > 30 ? `${value.slice(0, 30)}…` : value}'`;
    case 'number':
      return `the number ${value}`;
    case 'parameter':
      return `the parameter $${value}`;
    case 'blob':
      return 'a blob';
    case 'bits':
      return 'a bit string';
    case 'operator':
      return `'${word}'`;
  }
}
