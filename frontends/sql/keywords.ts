/**
 * The words with a meaning in the grammar, by what else they may be (DuckDB's classes):
 * reserved words are never names unless quoted; `columnWords` may name columns and tables but not functions;
 * `functionWords` may name functions and, because JOIN syntax needs them, are no bare table aliases.
 * All other words of the grammar (`year`, `name`, `filter`, …) may be used as any name.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that are never a name unless quoted. */
export const RESERVED: ReadonlySet<string> = words(`
  all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except exists false fetch for foreign from group having in initially
  intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify
  references returning select show some summarize symmetric table then to trailing true union unique unpivot using
  variadic when where window with`);

/** Words of syntax that looks like a function or a type; they name columns and tables, not ordinary functions. */
export const COLUMN_WORDS: ReadonlySet<string> = words(`
  between bigint bit boolean char character coalesce columns dec decimal exists extract float generated grouping
  grouping_id inout int integer interval map national nchar none nullif numeric out overlay position precision real
  row setof smallint struct substring time timestamp treat trim try_cast tuple values varchar xmlattributes
  xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`);

/** Words of joins and operators; they name functions, not bare aliases. */
export const FUNCTION_WORDS: ReadonlySet<string> = words(`
  anti asof at authorization binary by collation concurrently cross freeze full glob ilike inner is isnull join left
  like natural notnull outer overlaps positional right semi similar tablesample tuple unpack verbose`);

/** Words that start or continue a clause: the candidates for "did you mean …". */
export const CLAUSE_WORDS: readonly string[] = [
  ...'select from where group order having limit offset union intersect except join inner left right full cross'.split(
    ' ',
  ),
  ...'using qualify window values insert update delete create drop alter distinct between like ilike'.split(' '),
  ...'case when then else end exists returning into table describe summarize explain pivot unpivot lateral'.split(' '),
  ...'natural recursive materialized truncate prepare execute deallocate begin commit rollback merge copy'.split(' '),
];

/** The words by class, as DuckDB calls the classes; CLAUSE_WORDS that are in none may be names. */
export const KEYWORDS: Readonly<Record<string, string>> = Object.fromEntries([
  ...CLAUSE_WORDS.map(word => [word, 'unreserved']),
  ...[...COLUMN_WORDS].map(word => [word, 'column_name']),
  ...[...FUNCTION_WORDS].map(word => [word, 'type_function']),
  ...[...RESERVED].map(word => [word, 'reserved']),
]);

/** Names that are calls without parentheses: `current_date`. */
export const NILADIC: ReadonlySet<string> = words(`
  current_date current_time current_timestamp localtime localtimestamp current_user session_user current_role
  current_catalog current_schema`);

/** Words that may be names but where the grammar also looks for them: quoted when printed. */
const AMBIGUOUS = words('current recursive unbounded xor');

/** Whether the word has a meaning in the grammar that forbids or limits its use as a name. */
export function isKeyword(word: string): boolean {
  return RESERVED.has(word) || COLUMN_WORDS.has(word) || FUNCTION_WORDS.has(word);
}

/** The name as SQL: bare when the grammar reads it back as this name anywhere, else in double quotes. */
export function quoteName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name)) {
    const word = name.toLowerCase();
    if (!isKeyword(word) && !NILADIC.has(word) && !AMBIGUOUS.has(word)) return name;
  }
  return `"${name.replaceAll('"', '""')}"`;
}
