import type { Span } from '../../common/errors.ts';
import {
  type BoundExpr,
  type BoundSortKey,
  type ColumnRef,
  type FrameBoundOf,
  type FrameOf,
  typeOf,
} from '../../plan/expr.ts';
import type { Expr, FrameBound, WindowFrame } from '../../query/expr.ts';
import { commonTypeOf } from '../../types/coercion.ts';
import { type DataType, INT32, INT64, INTERVAL } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { castTo } from '../coerce.ts';
import { integerOf, literal, textLiteral } from '../constant.ts';
import { makeCall } from './bind-call.ts';

type Bound = FrameBoundOf<ColumnRef>;

/** A frame, and the order of its window: RANGE may need its key in another type. */
export type FramedOrder = { readonly frame: FrameOf<ColumnRef>; readonly orderBy: readonly BoundSortKey[] };

/** All rows up to the current one and its peers. */
const DEFAULT: FrameOf<ColumnRef> = {
  unit: 'range',
  start: { kind: 'unbounded-preceding' },
  end: { kind: 'current-row' },
};

const ORDER: readonly FrameBound['kind'][] = [
  'unbounded-preceding',
  'preceding',
  'current-row',
  'following',
  'unbounded-following',
];

/** Binds a frame over rows in an order. @throws RayexecError `bind` for frames that make no sense */
export function bindFrame(
  b: Binder,
  frame: WindowFrame | undefined,
  orderBy: readonly BoundSortKey[],
  bind: (e: Expr) => BoundExpr,
  span: Span | undefined,
): FramedOrder {
  if (frame === undefined) return { frame: DEFAULT, orderBy };
  const { unit, start, end, exclude } = frame;
  checkOrder(start, end, span);
  const rest = { unit, ...(exclude === undefined ? {} : { exclude }) };
  const bounds = [start, end] as const;
  if (unit === 'range' && bounds.some(hasOffset)) {
    const key = orderBy[0];
    if (key === undefined || orderBy.length > 1)
      throw bindError('RANGE frames must have only one ORDER BY expression', span);
    const reaches = bounds.map(x => (hasOffset(x) ? reach(b, x, key, bind, span) : x));
    const type = commonTypeOf([typeOf(key.expr), ...reaches.flatMap(r => ('offset' in r ? [typeOf(r.offset)] : []))]);
    if (type === undefined) throw bindError('The ends of the RANGE frame have types that do not go together', span);
    const [s, e] = reaches.map(r => ('offset' in r ? { ...r, offset: castTo(b, r.offset, type) } : r));
    return { frame: { ...rest, start: s!, end: e! }, orderBy: [{ ...key, expr: castTo(b, key.expr, type) }] };
  }
  const [s, e] = bounds.map((x): Bound => {
    if (!hasOffset(x)) return x;
    return { kind: x.kind, offset: castTo(b, bind(x.offset), INT64), span: x.offset.span ?? span };
  });
  return { frame: { ...rest, start: s!, end: e! }, orderBy };
}

type WithOffset = Extract<FrameBound, { readonly offset: Expr }>;
const hasOffset = (bound: FrameBound): bound is WithOffset => 'offset' in bound;

function checkOrder(start: FrameBound, end: FrameBound, span: Span | undefined): void {
  if (start.kind === 'unbounded-following')
    throw bindError("a window's frame cannot start at UNBOUNDED FOLLOWING", span);
  if (end.kind === 'unbounded-preceding') throw bindError("a window's frame cannot end at UNBOUNDED PRECEDING", span);
  if (ORDER.indexOf(start.kind) <= ORDER.indexOf(end.kind)) return;
  const from = start.kind === 'current-row' ? 'the current row' : 'following rows';
  const to = end.kind === 'current-row' ? 'the current row' : 'preceding rows';
  throw bindError(`a window's frame that starts at ${from} cannot end at ${to}`, span);
}

/** How far a RANGE frame reaches: the sort key plus or minus the distance. */
function reach(
  b: Binder,
  bound: WithOffset,
  key: BoundSortKey,
  bind: (e: Expr) => BoundExpr,
  span: Span | undefined,
): Extract<Bound, { offset: BoundExpr }> {
  const place = bound.offset.span ?? span;
  const distance = bind(bound.offset);
  if (distance.kind === 'literal' && distance.value.value === null)
    throw bindError('Window RANGE expressions cannot be NULL', place);
  const back = (bound.kind === 'preceding') !== key.descending;
  const offset = makeCall(b, back ? '-' : '+', [key.expr, distance], place);
  const negative = makeCall(b, '<', [distance, zero(b, typeOf(distance))], place);
  return { kind: bound.kind, offset, negative, span: place };
}

const zero = (b: Binder, type: DataType): BoundExpr =>
  type.kind === 'interval' ? castTo(b, textLiteral('0 days'), INTERVAL) : b.markUntyped(literal(integerOf(INT32, 0n)));
