import type { FieldsOf } from '../../dataframe/column-types.ts';

/** A value whose type is not worked out here: its column becomes `any`. */
export interface Opaque {
  readonly opaque: true;
}
/** A query whose columns are not worked out here: its rows become untyped. */
export interface Untyped {
  readonly untyped: true;
}
/** What is wrong with the text. */
export interface SqlError<Message extends string = string> {
  readonly sqlError: Message;
}

/** What names mean in an expression. */
export interface Scope {
  /** Columns by table alias. */
  readonly tables: object;
  /** Whether there are tables whose columns are not known. */
  readonly open: boolean;
  /** Whether every row of the result stands for at least one row of the input: aggregates are then not NULL. */
  readonly grouped: boolean;
  /** Names that the select list gave before. */
  readonly aliases: string;
  /** The scope of the query around a subquery. */
  readonly outer: Scope | undefined;
  /** What CTEs and tables are there. */
  readonly relations: object;
}

/** The type of `name` or `table.name`. */
export type Reference<S extends Scope, Name extends string> = Name extends `${infer Table}.${infer Column}`
  ? Qualified<S, Unquoted<Table>, Unquoted<Column>>
  : Unqualified<S, Unquoted<Name>>;

type Unquoted<Name extends string> = Name extends `"${infer Plain}` ? Plain : Name;

type Qualified<S extends Scope, Table extends string, Column extends string> = Column extends `${string}.${string}`
  ? Opaque
  : KeyLike<S['tables'], Table> extends infer A
    ? [A] extends [never]
      ? S['open'] extends true
        ? Opaque
        : S['outer'] extends Scope
          ? Qualified<S['outer'], Table, Column>
          : // A column that is a struct may stand before the point as well.
            Unqualified<S, Table> extends infer T
            ? [T] extends [SqlError]
              ? SqlError<`no table '${Table}'`>
              : [FieldsOf<T>] extends [never]
                ? Opaque
                : Column extends keyof FieldsOf<T>
                  ? FieldsOf<T>[Column] | Extract<T, null>
                  : Opaque
            : never
      : A extends keyof S['tables']
        ? ColumnOf<S['tables'][A], Column> extends infer T
          ? [T] extends [never]
            ? SqlError<`no column '${Column}' in '${Table}'`>
            : T
          : never
        : never
    : never;

type Unqualified<S extends Scope, Name extends string> = {
  [A in keyof S['tables']]: KeyLike<S['tables'][A], Name> extends never ? never : A;
}[keyof S['tables']] extends infer A
  ? [A] extends [never]
    ? S['open'] extends true
      ? Opaque
      : Lowercase<Name> extends Lowercase<S['aliases']>
        ? Opaque
        : S['outer'] extends Scope
          ? Unqualified<S['outer'], Name>
          : IsName<Name> extends true
            ? SqlError<`no column '${Name}'`>
            : Opaque
    : IsUnion<A> extends true
      ? Opaque
      : A extends keyof S['tables']
        ? ColumnOf<S['tables'][A], Name>
        : never
  : never;

/** The column of that name, in whatever case; never if there is none. */
type ColumnOf<Columns, Name extends string> =
  KeyLike<Columns, Name> extends infer K ? (K extends keyof Columns ? Columns[K] : never) : never;

/** The key of that name, in whatever case; never if there is none. */
export type KeyLike<Of, Name extends string> = Name extends keyof Of
  ? Name
  : { [K in keyof Of]: K extends string ? (Lowercase<K> extends Lowercase<Name> ? K : never) : never }[keyof Of];

export type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

/** Whether nothing but a name is written like this. */
type IsName<Text extends string> = Text extends `${Digit | Sign}${string}` | `${string}${'?' | '`' | '\\'}${string}`
  ? false
  : true;
type Sign = '$' | '?' | '#' | "'" | '~' | '@' | '!' | '&' | '|' | '^' | '%' | '<' | '>' | '=' | ':' | '/' | '*';
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
