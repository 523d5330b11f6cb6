import { type SourceText, type SourceToken, sourceTokens } from './source-tokens.ts';

/** SQL in a program: an argument of `.sql(…)` or `.execute(…)`, or what stands in a template behind `.sql`. */
export type EmbeddedSql = SourceText & {
  readonly method: 'sql' | 'execute';
  readonly form: 'argument' | 'template';
  /** How many of a template's holes stand where tables do: their columns are not known. */
  readonly tables: number;
};

/** What a program says to databases, as far as it can be read: a text that is put together of parts cannot. */
export type EmbeddedTexts = { readonly texts: readonly EmbeddedSql[]; readonly unreadable: number };

/** The SQL in a JavaScript or TypeScript program, in its order. */
export function embeddedSql(source: string): EmbeddedTexts {
  const texts: EmbeddedSql[] = [];
  let unreadable = 0;
  const read = (tokens: readonly SourceToken[]): void => {
    for (const [i, token] of tokens.entries()) {
      if (token.kind === 'template') for (const hole of token.holes) read(hole);
      const method = methodAt(tokens, i);
      if (method === undefined) continue;
      const behind = afterTypeArguments(tokens, i + 1);
      const found = argument(tokens, behind, method);
      if (found !== undefined) texts.push(found);
      else if (isText(tokens[behind]) || (isMark(tokens[behind], '(') && isText(tokens[behind + 1]))) unreadable++;
    }
  };
  read(sourceTokens(source));
  return { texts: texts.sort((a, b) => a.places[0]! - b.places[0]!), unreadable };
}

const isMark = (token: SourceToken | undefined, text: string): boolean => token?.kind === 'mark' && token.text === text;
const isText = (token: SourceToken | undefined): boolean => token?.kind === 'string' || token?.kind === 'template';

/** The method that is called here, behind a point. */
function methodAt(tokens: readonly SourceToken[], i: number): 'sql' | 'execute' | undefined {
  const token = tokens[i]!;
  if (token.kind !== 'word' || !isMark(tokens[i - 1], '.')) return undefined;
  return token.text === 'sql' || token.text === 'execute' ? token.text : undefined;
}

function afterTypeArguments(tokens: readonly SourceToken[], from: number): number {
  if (!isMark(tokens[from], '<')) return from;
  for (let i = from, depth = 0; i < tokens.length; i++) {
    if (isMark(tokens[i], '<')) depth++;
    // An arrow is no end.
    if (isMark(tokens[i], '>') && !isMark(tokens[i - 1], '=') && --depth === 0) return i + 1;
  }
  return from;
}

function argument(tokens: readonly SourceToken[], at: number, method: 'sql' | 'execute'): EmbeddedSql | undefined {
  const tag = tokens[at];
  if (tag?.kind === 'template') return method === 'sql' ? ofTemplate(tag) : undefined;
  if (!isMark(tag, '(')) return undefined;
  let all: SourceText | undefined;
  for (let i = at + 1; ; i += 2) {
    const text = plainText(tokens[i]);
    if (text === undefined) return undefined;
    all = all === undefined ? text : joined(all, text);
    if (!isMark(tokens[i + 1], '+'))
      return isMark(tokens[i + 1], ')') || isMark(tokens[i + 1], ',')
        ? { ...all, method, form: 'argument', tables: 0 }
        : undefined;
  }
}

function plainText(token: SourceToken | undefined): SourceText | undefined {
  if (token?.kind === 'string') return token.value;
  return token?.kind === 'template' && token.holes.length === 0 ? token.parts[0] : undefined;
}

const joined = (a: SourceText, b: SourceText): SourceText => ({
  text: a.text + b.text,
  places: [...a.places.slice(0, -1), ...b.places],
});

/** A template's holes are parameters, or tables where the text asks for one; `sql.raw(…)` and `sql.id(…)` may be anything. */
function ofTemplate({ parts, holes }: Extract<SourceToken, { kind: 'template' }>): EmbeddedSql | undefined {
  let all = parts[0]!;
  let tables = 0;
  for (const [i, hole] of holes.entries()) {
    if (hole.some((t, j) => t.kind === 'word' && (t.text === 'raw' || t.text === 'id') && isMark(hole[j - 1], '.')))
      return undefined;
    const isTable = /\b(?:from|join)\s*$/i.test(all.text);
    if (isTable) tables++;
    const name = isTable ? `"$frame_${i + 1}"` : `$hole_${i + 1}`;
    const place = all.places.at(-1)!;
    all = joined(
      joined(all, { text: name, places: Array.from({ length: name.length + 1 }, () => place) }),
      parts[i + 1]!,
    );
  }
  return { ...all, method: 'sql', form: 'template', tables };
}
