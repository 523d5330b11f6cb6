/** One record of a `.test` file: a statement, and what it gives. Lines of rows are cells separated by tabs. */
export type SqlRecord = {
  readonly line: number;
  readonly sql: string;
  /** `ok`: runs; `error`: fails with a message that contains `expected[0]`; `query`: gives these rows. */
  readonly kind: 'ok' | 'error' | 'query';
  /** Rows may come in any order. */
  readonly sorted: boolean;
  readonly expected: readonly string[];
};

/**
 * Reads a file in the manner of sqllogictest: records separated by blank lines, `#` comments, and
 * `statement ok`, `statement error`, `query`, `query rowsort`, then the SQL, then `----` and the rows or the message.
 */
export function parseSqlFile(text: string): SqlRecord[] {
  const records: SqlRecord[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const head = lines[at]!.trim();
    if (head === '' || head.startsWith('#')) continue;
    const line = at + 1;
    const block: string[] = [];
    while (++at < lines.length && lines[at]!.trim() !== '') block.push(lines[at]!);
    const divider = block.indexOf('----');
    const sql = block.slice(0, divider < 0 ? undefined : divider).join('\n');
    const expected = divider < 0 ? [] : block.slice(divider + 1);
    records.push({ line, sql, kind: kindOf(head, line), sorted: head.endsWith('rowsort'), expected });
  }
  return records;
}

function kindOf(head: string, line: number): SqlRecord['kind'] {
  if (head === 'statement ok') return 'ok';
  if (head === 'statement error') return 'error';
  if (head === 'query' || head === 'query rowsort') return 'query';
  throw new Error(`line ${line}: '${head}' starts no record`);
}
