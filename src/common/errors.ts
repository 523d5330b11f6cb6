/** A range of characters in a source text: offsets in UTF-16 code units, end exclusive. */
export type Span = { readonly start: number; readonly end: number };

/**
 * What went wrong, by the phase that found it. Stable: programs may switch on it.
 * `internal` is a bug of the engine; everything else has its cause in the query, the data, or the surroundings.
 */
export type ErrorCode =
  | 'parse' // the text is not SQL
  | 'bind' // a name, type or argument does not fit
  | 'catalog' // a table, view or schema exists already, or does not
  | 'constraint' // data violates NOT NULL, CHECK, …
  | 'conflict' // another transaction has committed a change of the same object
  | 'overflow' // a value leaves its type's range
  | 'conversion' // a value can't be read as the wanted type
  | 'invalid-argument' // a function was given a value outside its domain
  | 'division-by-zero'
  | 'unsupported' // valid SQL that the engine does not do yet
  | 'io' // a file can't be opened, read or written
  | 'format' // a file's content is damaged or not of its format
  | 'memory' // the memory limit is reached
  | 'cancelled'
  | 'timeout'
  | 'settings' // an unknown setting, or a value that it does not take
  | 'closed' // the database was closed
  | 'internal';

export type ErrorDetails = {
  /** What the user can do about it, as a sentence: "did you mean 'price'?". */
  readonly hint?: string | undefined;
  /** Where in `source` the error is. */
  readonly span?: Span | undefined;
  /** The text that `span` points into: the SQL statement. */
  readonly source?: string | undefined;
  /** Where in the data: file, row group, column, line. */
  readonly where?: string | undefined;
  readonly cause?: unknown;
};

/** The one error class of the engine. `message` is complete for people: it includes position, caret and hint. */
export class RayexecError extends Error {
  override readonly name = 'RayexecError';
  readonly code: ErrorCode;
  /** The bare sentence, without position and hint. */
  readonly summary: string;
  readonly hint: string | undefined;
  readonly span: Span | undefined;
  readonly source: string | undefined;
  readonly where: string | undefined;

  constructor(code: ErrorCode, summary: string, details: ErrorDetails = {}) {
    super(compose(summary, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.summary = summary;
    this.hint = details.hint;
    this.span = details.span;
    this.source = details.source;
    this.where = details.where;
  }

  /** The same error with the text that its span points into, so that the message can show the line and a caret. */
  withSource(source: string): RayexecError {
    if (this.source !== undefined || this.span === undefined) return this;
    const { hint, span, where, cause } = this;
    return new RayexecError(this.code, this.summary, { hint, span, where, cause, source });
  }

  /** Plain data that crosses threads and machines. */
  toJSON(): SerializedError {
    const { code, summary, hint, span, source, where } = this;
    return { code, summary, hint, span, source, where };
  }

  static fromJSON(e: SerializedError): RayexecError {
    return new RayexecError(e.code, e.summary, e);
  }
}

export type SerializedError = { readonly code: ErrorCode; readonly summary: string } & Omit<ErrorDetails, 'cause'>;

/** Line and column, both from 1, of a character offset. */
export function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

function compose(summary: string, { where, span, source, hint }: ErrorDetails): string {
  let text = summary;
  if (where !== undefined) text += ` (${where})`;
  if (span !== undefined && source !== undefined) text += `\n${excerpt(source, span)}`;
  if (hint !== undefined) text += `\nhint: ${hint}`;
  return text;
}

/** The line that holds the span, with a caret line below it: `line 2:  select fro t` / `         ^^^`. */
function excerpt(source: string, span: Span): string {
  const start = Math.min(span.start, source.length);
  const { line, column } = positionOf(source, start);
  const lineText = source.split('\n')[line - 1] ?? '';
  const label = `line ${line}:${column}: `;
  const before = lineText.slice(0, column - 1);
  const carets = Math.max(1, Math.min(span.end, start + lineText.length - column + 1) - start);
  // Tabs stay tabs in the padding so that the caret stands under its character in any terminal.
  const pad = ' '.repeat(label.length) + before.replace(/[^\t]/g, ' ');
  return `${label}${lineText}\n${pad}${'^'.repeat(carets)}`;
}

/** Marks a switch that handles every case: the compiler refuses a forgotten one. */
export function assertNever(value: never): never {
  throw new RayexecError('internal', `unexpected ${JSON.stringify(value)}`);
}

/** A programmer's assumption; a failure is a bug of the engine, not of the query. Costly messages are made on failure. */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new RayexecError('internal', typeof message === 'string' ? message : message());
}
