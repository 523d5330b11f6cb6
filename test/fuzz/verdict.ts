import type { Answer } from '../support/answering-engines.ts';

/**
 * How two answers compare. `error` and `duckdb-error`: only one engine fails; `not-supported` and `peer-limit`: one
 * says that it does not do this; `both-fail` counts as agreement, whatever the messages. `open`: the query does not say
 * which rows it wants. `peer-bug`: DuckDB answers as this engine does when its optimizer is off.
 */
export type Verdict = {
  readonly kind:
    | 'same'
    | 'both-fail'
    | 'not-supported'
    | 'peer-limit'
    | 'open'
    | 'peer-bug'
    | 'rows'
    | 'types'
    | 'error'
    | 'duckdb-error';
  readonly detail: string;
};

/** Verdicts that mean a bug, here or there. */
export const isFailure = ({ kind }: Verdict): boolean =>
  kind === 'rows' || kind === 'types' || kind === 'error' || kind === 'duckdb-error';

const PEER_LIMIT =
  /not implemented|unimplemented|not supported|not yet|unsupported|INTERNAL Error|Serialization Error|Cannot mix aggregates|FATAL Error|INTERRUPT|could not choose|has no effect|Parser Error|outside of supported range/i;

/** Whether DuckDB's error says that it does not do this, or can't. */
export const isPeerLimit = (error: string): boolean => PEER_LIMIT.test(error);

/** Whether an error says that a function is missing as a whole, which is no wrong answer. */
export const isMissing = (error = ''): boolean =>
  /^there is no function|^lambda body cannot contain |^subqueries in lambda expressions|^no function matches (?:(?:min|max|arg_min|arg_max)\(|\w+ (?:<<|>>))/.test(
    error,
  );

/** Errors of single values: where a query leaves open which values it computes, it may fail or not. */
const OF_VALUES =
  /^(?:overflow|conversion|division-by-zero|invalid-argument|Out of Range Error|Conversion Error|Invalid Input Error)/;
/** More than plain expressions over a table: conditions, branches, rows, subqueries. */
const LAZY =
  /\b(?:AND|OR|IN|CASE|WHERE|JOIN|HAVING|QUALIFY|LIMIT|coalesce|if|ifnull|nullif|ROW|WITH|NULL)\b|\(\(|\(SELECT/i;

/** DuckDB's constants that are NULL have no type, however they came about; here they have. */
const refusesNull = ({ error = '' }: Answer, sql: string): boolean =>
  error.startsWith('Cannot compare values of type') && /\bNULL\b/.test(sql);
/** A name that USING or NATURAL merged and that a further table has: here ambiguous, in DuckDB the merged one. */
const isAmbiguous = ({ error = '' }: Answer, sql: string): boolean =>
  error.startsWith('Ambiguous reference to column name') && /\b(?:USING|NATURAL)\b/.test(sql);
/** DuckDB takes wide decimals for doubles, but fails as if they were none. */
const WIDE_REMAINDER = /^Invalid Input Error: Division by zero in expression \((?:.* % .*AS DOUBLE\)|.*AS DOUBLE\) % )/;

/** What stands beside a constant that is NULL is not always computed. */
const isAllNull = (answer: Answer): boolean =>
  answer.error === undefined && answer.rows.length > 0 && answer.rows.every(row => row.every(value => value === null));

/** Whether an error is one of values that a statement need not compute. */
export const isOpenError = (error: string, sql: string): boolean => OF_VALUES.test(error) && LAZY.test(sql);

function onlyError(ours: Answer, theirs: Answer): string | undefined {
  if (ours.error !== undefined && theirs.error === undefined) return `${ours.code}: ${ours.error}`;
  return ours.error === undefined ? theirs.error : undefined;
}

/** Compares answers; rows in any order unless `ordered`, floats to nine digits. */
export function verdictOf(ours: Answer, theirs: Answer, ordered: boolean, sql = ''): Verdict {
  const one = onlyError(ours, theirs);
  if (one !== undefined && OF_VALUES.test(one) && (LAZY.test(sql) || isAllNull(theirs) || isAllNull(ours)))
    return { kind: 'open', detail: `only one fails: ${one}` };
  if (ours.error === undefined ? WIDE_REMAINDER.test(theirs.error ?? '') : refusesNull(ours, sql))
    return { kind: 'open', detail: `types of NULLs and wide decimals: ${one}` };
  if (one !== undefined && isAmbiguous(ours, sql)) return { kind: 'open', detail: `a name of several tables: ${one}` };
  if (ours.error !== undefined) {
    if (ours.code === 'unsupported' || isMissing(ours.error)) return { kind: 'not-supported', detail: ours.error };
    const crashed = ours.code === 'crash' || ours.code === 'internal';
    if (theirs.error !== undefined && !crashed) return { kind: 'both-fail', detail: ours.error };
    return { kind: 'error', detail: `${ours.code}: ${ours.error}` };
  }
  if (theirs.error !== undefined)
    return { kind: isPeerLimit(theirs.error) ? 'peer-limit' : 'duckdb-error', detail: theirs.error };
  if (ours.types.join() !== theirs.types.join())
    return { kind: 'types', detail: `${ours.types.join(', ')} but DuckDB ${theirs.types.join(', ')}` };
  // Floats that differ in their last digit sort differently, and so does a NaN that became a text.
  const inOrder = ordered && !ours.types.some(isFloat) && !theirs.rows.some(row => row.includes('-nan'));
  const [a, b] = [ours, theirs].map(answer => linesOf(answer.rows, answer.types, inOrder));
  if (a!.join('\n') === b!.join('\n')) return { kind: 'same', detail: '' };
  const detail = `${a!.join('\n')}\nbut DuckDB\n${b!.join('\n')}`;
  const isOpen = BAG_DIFFERENCE.test(sql) && sameButIntervals(a!, b!);
  return isOpen ? { kind: 'open', detail: 'which of equal intervals a set operation keeps' } : { kind: 'rows', detail };
}

const BAG_DIFFERENCE = /\b(?:EXCEPT|INTERSECT) ALL\b/;

/** Whether lines are the same but for how equal intervals are written: of equal rows any may be kept. */
function sameButIntervals(a: readonly string[], b: readonly string[]): boolean {
  const spelled = (line: string): string => line.replaceAll('24:00:00', '1 day').replaceAll('30 days', '1 month');
  return a.map(spelled).sort().join('\n') === b.map(spelled).sort().join('\n');
}

const isFloat = (type: string): boolean => type === 'DOUBLE' || type === 'FLOAT';

function linesOf(
  rows: readonly (readonly (string | null)[])[],
  types: readonly string[],
  ordered: boolean,
): readonly string[] {
  const shown = (value: string | null, i: number): string => {
    if (value === null) return 'NULL';
    // DuckDB shows the sign bit of NaN, which depends on the processor's instruction that made it.
    if (!isFloat(types[i]!)) return JSON.stringify(value === '-nan' ? 'nan' : value);
    const n = Number(value.replace(/^(-?)inf$/, '$1Infinity'));
    // Engines may write a FLOAT with as few digits as tell it from others, or more.
    const exact = types[i] === 'FLOAT' ? Math.fround(n) : n;
    return n === 0 ? '0' : String(Number(exact.toPrecision(types[i] === 'FLOAT' ? 6 : 9)));
  };
  const lines = rows.map(row => row.map(shown).join(' | '));
  return ordered ? lines : lines.sort();
}
