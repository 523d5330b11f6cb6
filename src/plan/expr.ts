import type { Brand } from '../common/brand.ts';
import type { Span } from '../common/errors.ts';
import { BOOLEAN, type DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';

/** Names one column of one plan: unique in the whole plan, so that moving a node never renumbers anything. */
export type ColumnId = Brand<number, 'ColumnId'>;

/**
 * An expression whose names, types and overloads are settled; plain JSON-safe data.
 * `Ref` is how it names its inputs: by `ColumnId` in logical plans, by position in physical ones.
 *
 * - Calls hold the function's name and the key of the overload; code is found by these two (see `functions/registry`).
 * - `and`, `or`, `case`, `coalesce` are kinds of their own because they evaluate their arguments on some rows only:
 *   an argument that can fail runs just where the ones before it left the answer open.
 * - Three-valued logic throughout; `in` follows SQL (NULL among the items makes a miss unknown).
 */
export type ExprOf<Ref> =
  | Ref
  | LiteralExpr
  | CallOf<Ref>
  | {
      readonly kind: 'cast';
      readonly input: ExprOf<Ref>;
      readonly type: DataType;
      readonly try: boolean;
      /** The session's time zone, where the cast depends on it and it isn't UTC. */
      readonly zone?: string | undefined;
      readonly span?: Span | undefined;
    }
  | { readonly kind: 'and' | 'or'; readonly args: readonly ExprOf<Ref>[] } // two or more, boolean
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: ExprOf<Ref>; readonly result: ExprOf<Ref> }[]; // `when` is boolean
      readonly otherwise: ExprOf<Ref>;
      readonly type: DataType;
    }
  | { readonly kind: 'coalesce'; readonly args: readonly ExprOf<Ref>[]; readonly type: DataType }
  /** `input IN (constants)`, all of the input's type. */
  | { readonly kind: 'in'; readonly input: ExprOf<Ref>; readonly items: readonly Scalar[]; readonly negated: boolean };

export type LiteralExpr = { readonly kind: 'literal'; readonly value: Scalar };

export type CallOf<Ref> = {
  readonly kind: 'call';
  readonly fn: string;
  readonly overload: string;
  /** With `lambda`: the arguments that the query has beside it, then what its body reads of the surroundings. */
  readonly args: readonly ExprOf<Ref>[];
  readonly lambda?: LambdaExpr | undefined;
  readonly type: DataType;
  readonly span?: Span | undefined;
  /** A condition that only rows without a match fail: estimates of the joins above count these already. */
  readonly isImplied?: true | undefined;
};

/**
 * A lambda among a call's arguments. Its body is closed: the inputs that it reads are the parameters, by position, and after
 * them the last `captured` arguments of the call. So what walks or rewrites expressions of a plan sees what is captured among the
 * arguments, and never meets a parameter.
 */
export type LambdaExpr = {
  /** Names, for EXPLAIN. */
  readonly params: readonly string[];
  readonly captured: number;
  readonly body: PhysicalExpr;
};

export type ColumnRef = { readonly kind: 'column'; readonly id: ColumnId; readonly type: DataType };
/** A column of the operator's input batch, by position. */
export type InputRef = { readonly kind: 'input'; readonly index: number; readonly type: DataType };

export type BoundExpr = ExprOf<ColumnRef>;
export type PhysicalExpr = ExprOf<InputRef>;
/** An expression of a logical or a physical plan. */
export type AnyExpr = ExprOf<ColumnRef | InputRef>;

/** An aggregate over a group's rows. `filter` chooses the rows, then `distinct` drops repeated arguments. */
export type AggregateOf<Ref> = {
  readonly fn: string;
  readonly overload: string;
  readonly args: readonly ExprOf<Ref>[]; // empty for count(*)
  readonly distinct: boolean;
  readonly filter?: ExprOf<Ref> | undefined;
  readonly orderBy?: readonly SortKeyOf<Ref>[] | undefined;
  readonly type: DataType;
  /** `fn` gives NULL for a group without rows (sum, min) or not (count). */
  readonly nullable: boolean;
};
export type BoundAggregate = AggregateOf<ColumnRef>;
export type PhysicalAggregate = AggregateOf<InputRef>;

type SortKeyOf<Ref> = { readonly expr: ExprOf<Ref>; readonly descending: boolean; readonly nullsFirst: boolean };
export type BoundSortKey = SortKeyOf<ColumnRef>;
export type PhysicalSortKey = SortKeyOf<InputRef>;

/**
 * A window function, or an aggregate, over a window; `filter`, `distinct` and `orderBy` say which of the frame's rows an
 * aggregate takes, and in which order. The rows' partitions and order are the node's.
 */
type WindowCallOf<Ref> = AggregateOf<Ref> & {
  /** Rows whose first argument is NULL don't count (lag, lead, first_value, last_value, nth_value). */
  readonly ignoreNulls: boolean;
  readonly frame: FrameOf<Ref>;
};
export type BoundWindowCall = WindowCallOf<ColumnRef>;
export type PhysicalWindowCall = WindowCallOf<InputRef>;

/** Which rows of its partition a row sees. */
export type FrameOf<Ref> = {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBoundOf<Ref>;
  readonly end: FrameBoundOf<Ref>;
  readonly exclude?: 'current-row' | 'group' | 'ties' | undefined;
};

export type FrameBoundOf<Ref> =
  | { readonly kind: 'unbounded-preceding' | 'current-row' | 'unbounded-following' }
  | {
      readonly kind: 'preceding' | 'following';
      /** ROWS, GROUPS: how many (BIGINT). RANGE: the value of the one sort key, in its type, that the frame reaches to. */
      readonly offset: ExprOf<Ref>;
      /** RANGE: whether the distance that `offset` was computed from is negative, which is an error. */
      readonly negative?: ExprOf<Ref> | undefined;
      readonly span?: Span | undefined;
    };

/** The type of an expression's value. */
export function typeOf(expr: AnyExpr): DataType {
  switch (expr.kind) {
    case 'literal':
      return expr.value.type;
    case 'and':
    case 'or':
    case 'in':
      return BOOLEAN;
    default:
      return expr.type;
  }
}
