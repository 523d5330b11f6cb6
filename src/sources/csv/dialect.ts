/** How a CSV file is written. Characters are single ASCII characters, the delimiter up to four; '' = there is none. */
export type Dialect = {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly comment: string;
  /** What ends a line: '\n' also stands for '\r\n'. */
  readonly newline: '\n' | '\r';
};

/** The dialect as the kernels read it. */
export function dialectBytes(dialect: Dialect): Uint8Array {
  const { delimiter, quote, comment, newline } = dialect;
  const more = delimiter.length - 1;
  const code = (c: string): number => (c === '' ? 0 : c.charCodeAt(0));
  return Uint8Array.of(
    code(delimiter),
    code(quote),
    code(dialect.escape),
    code(newline),
    code(comment),
    quote === '' ? 0 : 1,
    dialect.escape === '' ? 0 : 1,
    comment === '' ? 0 : 1,
    more,
    ...[1, 2, 3].map(i => (i <= more ? delimiter.charCodeAt(i) : 0)),
  );
}
