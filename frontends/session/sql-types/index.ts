/** Row types of SQL literals: a reader of queries for the compiler. What it does not know becomes untyped, never wrong. */
import type { Any, Dynamic } from '../../dataframe/column-types.ts';
import type { QueryOf, RelationOf } from './query.ts';
import type { Opaque, SqlError, Untyped } from './scope.ts';
import type { Tokens } from './tokens.ts';

/**
 * The columns of queries by their text, which go before what the compiler reads itself: what `rayexec typegen --queries`
 * declares.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface Queries {}

/** The columns of a query over the tables `DB`; `Dynamic` where they are not worked out. */
export type SqlColumns<DB, Text extends string> = Text extends keyof Queries
  ? Queries[Text]
  : Read<DB, Text> extends infer R
    ? R extends SqlError | Untyped
      ? Dynamic
      : { [K in keyof R]: Opaque extends R[K] ? Any : R[K] }
    : never;

/** The text itself, or what is wrong with it: as an argument's type, the compiler's message. */
export type CheckedSql<DB, Text extends string> = Text extends keyof Queries
  ? Text
  : Read<DB, Text> extends SqlError<infer Message>
    ? `SQL error: ${Message}`
    : Text;

/** Whether a text is not known whole: `string`, or a template literal with a `string` in it. */
// biome-ignore lint/complexity/noBannedTypes: the empty object lacks the key of a literal, and needs none of a pattern
type IsPattern<Text extends string> = {} extends Record<Text, 1> ? true : false;

type Read<DB, Text extends string> =
  IsPattern<Text> extends true
    ? Untyped
    : [keyof DB] extends [never]
      ? Untyped
      : string extends keyof DB
        ? Untyped
        : Tokens<Text> extends infer T
          ? [T] extends [never]
            ? Untyped
            : T extends string[]
              ? DB extends object
                ? RelationOf<QueryOf<DB, WithoutEnd<T>, undefined, 0>>
                : Untyped
              : never
          : never;

type WithoutEnd<T extends string[]> = T extends [...infer Rest extends string[], ';'] ? Rest : T;
