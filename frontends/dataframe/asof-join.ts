import { RayexecError } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { call, conjunction, name } from './expr-node.ts';
import { DEFAULT_SUFFIX, joinQuery, LEFT, RIGHT } from './join.ts';
import type { KeyMap, SharedKeys } from './join-types.ts';
import { intervalLiteral, literal } from './literal.ts';
import type { Duration } from './operands.ts';

export interface AsofOptions<L, R> {
  /** The ordered column, a time mostly: a shared name or one pair of names. */
  readonly on: SharedKeys<L, R> | KeyMap<L, R>;
  /** What must be equal: a shared name or several, which come out once, or pairs of names. */
  readonly by?: SharedKeys<L, R> | readonly SharedKeys<L, R>[] | KeyMap<L, R>;
  /**
   * 'backward' (default) finds the last right row at or before, 'forward' the first at or after, 'nearest' the nearer of
   * these two, of equally near ones the one before.
   */
  readonly direction?: 'backward' | 'forward' | 'nearest';
  /** How far away a match may be, at most: `{ minutes: 5 }`, or of numbers a number. */
  readonly tolerance?: number | bigint | Duration;
}
type Unchecked = {
  readonly on: unknown;
  readonly by?: unknown;
  readonly direction?: 'backward' | 'forward' | 'nearest';
  readonly tolerance?: number | bigint | Duration;
  readonly suffix?: string;
};
type Pair = readonly [left: string, right: string];

/** Each left row with the nearest right row, or NULLs. */
export function asofJoinQuery(left: Query, right: Query, options: Unchecked): Query {
  const { direction = 'backward', suffix = DEFAULT_SUFFIX, tolerance } = options;
  if (!['backward', 'forward', 'nearest'].includes(direction)) {
    throw new RayexecError('invalid-argument', `asofJoin: there is no direction '${direction}'`, {
      hint: "directions are 'backward', 'forward' and 'nearest'",
    });
  }
  const order = pairsOf(options.on);
  if (order.length !== 1) {
    throw new RayexecError('invalid-argument', 'asofJoin: `on` wants exactly one column, or one pair of columns');
  }
  const keys: Keys = { on: order[0]!, by: options.by === undefined ? [] : pairsOf(options.by) };
  // A shared name comes out once, which a predicate alone does not say.
  const twice = isMap(options.by) ? [] : keys.by.map(([column]) => column + suffix);
  if (direction !== 'nearest' && tolerance === undefined) {
    return dropped(asofLeft(left, right, keys, COMPARISONS[direction], suffix), twice);
  }
  const near = withNear(left, right, keys, direction, tolerance);
  const joined = asofLeft(near, right, { ...keys, on: [NEAR, keys.on[1]] }, '>=', suffix);
  return dropped(joined, [NEAR, ...twice]);
}

/** The plain join, of which it can be told whether its columns exist. */
export function plainAsofJoin(left: Query, right: Query, { on, by }: Unchecked): Query {
  return asofLeft(left, right, { on: pairsOf(on)[0]!, by: by === undefined ? [] : pairsOf(by) }, '>=', DEFAULT_SUFFIX);
}

type Keys = { readonly on: Pair; readonly by: readonly Pair[] };

const COMPARISONS = { backward: '>=', forward: '<=' } as const;
/** The right side's value that a left row is matched with; then the candidates at both of its sides. */
const NEAR = '$near';
const BEFORE = '$before';
const AFTER = '$after';

function asofLeft(left: Query, right: Query, { on, by }: Keys, comparison: '>=' | '<=', suffix: string): Query {
  const predicate = conjunction([...by.map(pair => compare('=', pair)), compare(comparison, on)]);
  return joinQuery('asof-left', left, right, { kind: 'predicate', left: LEFT, right: RIGHT, predicate }, { suffix });
}

/**
 * The left side with the value of the right side's `on` that each row is matched with, NULL where none is near enough: the
 * candidates are looked up first, so that what is compared is one value each and no pairs of rows.
 */
function withNear(
  left: Query,
  right: Query,
  keys: Keys,
  direction: 'backward' | 'forward' | 'nearest',
  tolerance: Unchecked['tolerance'],
): Query {
  const looksBack = direction !== 'forward';
  const looksAhead = direction !== 'backward';
  const back = looksBack ? withCandidate(left, right, keys, '>=', BEFORE) : left;
  const both = looksAhead ? withCandidate(back, right, keys, '<=', AFTER) : back;
  const on = name(keys.on[0]);
  const near = !looksAhead
    ? name(BEFORE)
    : !looksBack
      ? name(AFTER)
      : when(
          call('or', call('is null', name(AFTER)), call('<=', call('-', on, name(BEFORE)), call('-', name(AFTER), on))),
          name(BEFORE),
          name(AFTER),
        );
  const extended = extend(both, near);
  const candidates = [...(looksBack ? [BEFORE] : []), ...(looksAhead ? [AFTER] : [])];
  if (tolerance === undefined) return dropped(extended, candidates);
  const limit = toleranceExpr(tolerance);
  const isNear = call(
    'and',
    call('>=', call('+', name(NEAR), limit), on),
    call('<=', name(NEAR), call('+', on, limit)),
  );
  return dropped(extend(extended, when(isNear, name(NEAR))), candidates);
}

/** The left side with the first value of the right side's `on` that compares so. */
function withCandidate(left: Query, right: Query, { on, by }: Keys, comparison: '>=' | '<=', as: string): Query {
  const renamed = by.map(([l, r], i) => [l, r, `$by_${i + 1}`] as const);
  const items = [...renamed.map(([, r, alias]) => ({ expr: name(r), alias })), { expr: name(on[1]), alias: as }];
  const keys = { on: [on[0], as] as const, by: renamed.map(([l, , alias]) => [l, alias] as const) };
  const joined = asofLeft(left, { kind: 'select', from: right, items }, keys, comparison, DEFAULT_SUFFIX);
  return dropped(
    joined,
    renamed.map(([, , alias]) => alias),
  );
}

const extend = (input: Query, expr: Expr): Query => ({ kind: 'extend', input, columns: [{ name: NEAR, expr }] });

const dropped = (input: Query, columns: readonly string[]): Query =>
  columns.length === 0 ? input : { kind: 'drop', input, columns };

function when(condition: Expr, result: Expr, otherwise?: Expr): Expr {
  const branches = [{ when: condition, result }];
  return otherwise === undefined ? { kind: 'case', branches } : { kind: 'case', branches, otherwise };
}

function toleranceExpr(tolerance: number | bigint | Duration): Expr {
  if (typeof tolerance === 'object') return intervalLiteral(tolerance);
  if (tolerance >= 0) return literal(tolerance);
  throw new RayexecError('invalid-argument', `asofJoin: a tolerance of ${tolerance} lets nothing match`);
}

function pairsOf(on: unknown): Pair[] {
  return isMap(on) ? Object.entries(on) : [on as string | string[]].flat().map(column => [column, column] as const);
}

function isMap(on: unknown): on is Record<string, string> {
  return typeof on === 'object' && on !== null && !Array.isArray(on);
}

function compare(op: string, [left, right]: Pair): Expr {
  return call(op, name(LEFT, left), name(RIGHT, right));
}
