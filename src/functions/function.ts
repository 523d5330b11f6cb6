import type { Rows } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DataType } from '../types/data-type.ts';

/** What documentation and error messages know of a function. */
export type FunctionDoc = {
  /** One sentence. */
  readonly summary: string;
  /** Names of the parameters, for the signature. */
  readonly args: readonly string[];
  /** SQL expressions with their results as text; executed by the tests. */
  readonly examples: readonly (readonly [sql: string, result: string])[];
  readonly category: FunctionCategory;
};
export type FunctionCategory =
  | 'comparison'
  | 'logic'
  | 'conversion'
  | 'numeric'
  | 'bit'
  | 'text'
  | 'blob'
  | 'date'
  | 'list'
  | 'struct'
  | 'map'
  | 'union'
  | 'enum'
  | 'json'
  | 'aggregate'
  | 'window'
  | 'table'
  | 'system';

/** How an overload takes a call's arguments: the types to cast them to (same length), and the result's type. */
export type Fit = {
  readonly args: readonly DataType[];
  readonly returns: DataType;
  /** Sum of the implicit casts' costs (0 = exact); the cheapest overload wins, the first among equals. */
  readonly cost: number;
};

export type ScalarFunction = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly doc: FunctionDoc;
  readonly overloads: readonly ScalarOverload[];
};

export type ScalarOverload = {
  /** Unique within the function; plans name the overload by it. */
  readonly key: string;
  /** For "no function matches": `(VARCHAR, INTEGER) -> VARCHAR`. */
  readonly signature: string;
  /** Undefined when the arguments don't fit even with implicit casts. */
  readonly fit: (args: readonly DataType[]) => Fit | undefined;
  /**
   * `propagate`: NULL in any argument gives NULL; the evaluator computes that and `run` writes the other rows.
   * `handles`: `run` sees NULLs and builds its own validity.
   */
  readonly nulls: 'propagate' | 'handles';
  /** May fail for some values (overflow, bad text): never moved below what protected it, run on valid selected rows only. */
  readonly canFail?: boolean;
  /** Gives other results for the same arguments (random, nextval): never folded, never merged. */
  readonly volatile?: boolean;
  /** Arguments name places in the memory of the database: the call runs there only. */
  readonly readsMemory?: boolean;
  /** Gets dictionary vectors as they are; else the evaluator flattens them. */
  readonly takesDictionaries?: boolean;
  readonly run: (ctx: EvalContext, call: ScalarCall) => Vector;
  /** For boolean results: the rows of `call.rows` where the call is true. Absent: `run`, then a selection from it. */
  readonly select?: (ctx: EvalContext, call: ScalarCall) => Rows;
};

/** What a kernel call works on. */
export type ScalarCall = {
  /** Flat or constant vectors (operand masks: -1, 0), of the types that `fit` named. */
  readonly args: readonly Vector[];
  /** Rows to compute; results go to their positions. With `propagate` and `canFail`, only rows without NULL. */
  readonly rows: Rows;
  /** With `propagate`: the result's bitmap (0 = no NULLs), to be handed on. */
  readonly validity: number;
  readonly type: DataType;
  /** Present when the call has one; its captured values are the last of `args`. */
  readonly lambda?: LambdaBody | undefined;
};

/** A lambda ready to run, over columns that are its parameters and then the captured values. */
export type LambdaBody = {
  readonly params: number;
  readonly captured: number;
  readonly type: DataType;
  /** The body's values, in any form. */
  readonly evaluate: (columns: readonly Vector[], rows: Rows) => Vector;
  /** For booleans: the rows where the body is true. */
  readonly select: (columns: readonly Vector[], rows: Rows) => Rows;
};

/** What evaluating needs; belongs to one partition of one operator. */
export type EvalContext = {
  readonly memory: LinearMemory;
  readonly kernels: Kernels;
  /** Takes results; reset with every source batch. */
  readonly arena: Arena;
};

export type AggregateFunction = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly doc: FunctionDoc;
  readonly overloads: readonly AggregateOverload[];
};

/**
 * An aggregate's states lie in rows of a hash table or alone, in linear memory. All zeros is the initial state.
 * States merge, so that partitions (and machines) aggregate apart.
 */
export type AggregateOverload = {
  readonly key: string;
  readonly signature: string;
  readonly fit: (args: readonly DataType[]) => Fit | undefined;
  /** False when the result is never NULL (count). */
  readonly nullable: boolean;
  /** A NULL argument leaves the state as it is (all but count(*), first, list …, which see every row). */
  readonly skipsNulls: boolean;
  /** The result depends on the order of the rows (list, string_agg, first). */
  readonly ordered?: boolean;
  /** DISTINCT changes nothing (min, max, bool_and). */
  readonly ignoresDistinct?: boolean;
  /** Bytes of one state, a multiple of 8. */
  readonly stateBytes: (args: readonly DataType[], returns: DataType) => number;
  /** Overloads of one name here keep the same state of the same arguments: one is enough for all of them. */
  readonly stateKind?: string;
  /** A state can be merged into another one only once. */
  readonly mergeConsumes?: boolean;
  /**
   * Pairs are merged one after the other, so that a target may be the source of a later pair, and it makes no difference
   * which rows came first: running values can be made in place.
   */
  readonly mergesInPlace?: (args: readonly DataType[]) => boolean;
  /** How to find results over sliding frames without folding each of them. */
  readonly overFrames?: OverFrames;
  /** Folds rows into their states. */
  readonly update: (ctx: AggregateContext, call: UpdateCall) => void;
  /** The same for several calls over states of the same rows, where that is quicker: of overloads with this function. */
  readonly updateTogether?: (ctx: AggregateContext, calls: readonly UpdateCall[]) => void;
  /** Folds source states into target states, pairwise; with `mergeConsumes`, sources are dead afterwards. */
  readonly merge: (ctx: AggregateContext, call: MergeCall) => void;
  /** The values of `count` states as a flat vector in `ctx.arena`. */
  readonly result: (ctx: AggregateContext, call: ResultCall) => Vector;
  /** How states leave the memory that they lie in. */
  readonly partial: PartialState;
};

/**
 * `ranked`: by what stands where in the frames' orders. `most-frequent`: the result is the frame's most frequent value.
 * `counted`: the entropy of the counts of its values, a map of all values to their counts, or a list of the most frequent ones,
 * as many as the second argument says. `best`: a list of values whose keys are greatest or smallest, as many as the last argument
 * says; where the aggregate is DISTINCT or has an ORDER BY. `picked`: the first argument of the first or last row by ORDER BY, or
 * before it by the second argument; of rows where the arguments `present` are not NULL. `binned`: from how many values lie in
 * ranges, where the aggregate is DISTINCT.
 */
export type OverFrames =
  | { readonly kind: 'ranked'; readonly run: (ctx: EvalContext, call: RankedCall) => Vector }
  | { readonly kind: 'most-frequent' }
  | { readonly kind: 'counted'; readonly what: 'entropy' | 'counts' | 'top' }
  | { readonly kind: 'best'; readonly isMax: 0 | 1; readonly takesNulls: boolean }
  | {
      readonly kind: 'picked';
      readonly rank: 'first' | 'last';
      readonly isMax?: 0 | 1;
      readonly present: readonly number[];
    }
  | { readonly kind: 'binned'; readonly run: (ctx: EvalContext, call: BinnedCall) => Vector };

/** `count` sets of values of an aggregate's first argument, each in order. */
export type RankedCall = {
  readonly count: number;
  /** How many values each set has: u32 by position. */
  readonly sizes: number;
  /** The sets' values with some ranks: u32 from 0 by position, `NO_ROW` gives NULL. */
  readonly values: (ranks: number) => Vector;
  /** The values of another argument. */
  readonly arg: (index: number) => Vector;
  readonly argTypes: readonly DataType[];
  readonly type: DataType;
};

/** `count` sets of distinct values of an aggregate's first argument. */
export type BinnedCall = Pick<RankedCall, 'count' | 'argTypes' | 'type'> & {
  /** All values of all sets, in order. */
  readonly values: Vector;
  /** How many values of each set come before bounds, by their place in `values`: u32 by set and bound. */
  readonly below: (bounds: readonly number[]) => number;
  /** The second argument, a constant. */
  readonly bins: Vector;
};

/** States as columns: what one task hands on of an aggregate, and another folds into its own states. */
export type PartialState = {
  /** Types of the columns that hold a state of an aggregate of such arguments. */
  readonly types: (args: readonly DataType[]) => readonly DataType[];
  /** `count` states as such columns: flat vectors in `ctx.arena`, which may refer to what the states refer to. */
  readonly columns: (ctx: AggregateContext, call: ResultCall) => readonly Vector[];
  /** Folds rows of such columns (`args`) into states. */
  readonly fold: (ctx: AggregateContext, call: FoldCall) => void;
};

export type AggregateContext = EvalContext & {
  /**
   * For parts of states that vary in size (text, lists); lives as long as the states. After a merge the target may point
   * into its sources' heaps: none is given back before the results are taken.
   */
  readonly heap: Arena;
};

/** State of position i: the u32 address at `states + 4 × (i & statesMask)`, plus `offset`. Mask 0: one state for all rows. */
export type UpdateCall = {
  /** Flat or constant; NULL arguments are not filtered out. */
  readonly args: readonly Vector[];
  /** With `skipsNulls`, only rows whose arguments are all valid. */
  readonly rows: Rows;
  readonly states: number;
  readonly statesMask: 0 | -1;
  readonly offset: number;
  readonly type: DataType;
};

/** `args` are columns of partial states; `argTypes` the types of the aggregate's own arguments. */
type FoldCall = UpdateCall & { readonly argTypes: readonly DataType[] };

/** `count` u32 addresses each; the state is at address + `offset`. */
export type MergeCall = {
  readonly targets: number;
  readonly sources: number;
  readonly count: number;
  readonly offset: number;
  readonly argTypes: readonly DataType[];
  readonly type: DataType;
};

export type ResultCall = {
  readonly states: number;
  readonly count: number;
  readonly offset: number;
  readonly argTypes: readonly DataType[];
  readonly type: DataType;
};

/** A function that has a meaning over a window only; aggregates go over windows as they are. */
export type WindowFunction = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly doc: FunctionDoc;
  /** The one key of the window's ORDER BY is its last argument; rows in which an argument is NULL are no neighbours. */
  readonly takesSortKey?: boolean;
  readonly overloads: readonly WindowOverload[];
};

export type WindowOverload = {
  readonly key: string;
  readonly signature: string;
  readonly fit: (args: readonly DataType[]) => Fit | undefined;
  /** False when the result is never NULL (row_number). */
  readonly nullable: boolean;
  /** Looks at the rows of the frame; others know only the partition and its order. */
  readonly usesFrame?: boolean;
  /** ORDER BY may stand among the arguments: the function then sees its frame in that order, as if it were the partition. */
  readonly canOrder?: boolean;
  /** IGNORE NULLS may stand with it. */
  readonly canIgnoreNulls?: boolean;
  /** The values of consecutive rows as a vector in `ctx.arena`. */
  readonly run: (ctx: EvalContext, call: WindowCall) => Vector;
};

/**
 * `count` consecutive rows of a run of sorted rows, the first of which is number `from` there. All places are row numbers
 * in that run, u32 by position, as addresses.
 */
export type WindowCall = {
  readonly from: number;
  readonly count: number;
  readonly places: WindowPlaces;
  /** With `usesFrame`. */
  readonly frame: WindowFrameRows;
  /** The values of an argument for these rows, flat or constant. */
  readonly arg: (index: number) => Vector;
  /** An argument's (the first one's) values of any rows of the run: u32 row numbers, `NO_ROW` gives NULL. */
  readonly gather: (rows: number, index?: number) => Vector;
  /** With IGNORE NULLS: the rows whose first argument (with `takesSortKey`: none) is not NULL, and how many of these come before each row (one more than there are rows). */
  readonly nonNulls: { readonly rows: number; readonly before: number } | undefined;
  readonly type: DataType;
};

/** Where rows stand: u32 by position. Ends are exclusive. In an order of its own (`rank(ORDER BY x)`), in their frames. */
export type WindowPlaces = {
  /** The row's number. */
  readonly row: number;
  readonly partitionStart: number;
  readonly partitionEnd: number;
  readonly peerStart: number;
  readonly peerEnd: number;
  /** Number of the row's peers among all peers of its partition, from 1. */
  readonly peers: number;
};

/** First row and end of each frame, before `exclude` takes rows out. */
export type WindowFrameRows = {
  readonly start: number;
  readonly end: number;
  /** 0 = nothing, 1 = the current row, 2 = it and its peers, 3 = its peers. */
  readonly exclude: 0 | 1 | 2 | 3;
};
