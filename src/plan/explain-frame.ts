import type { ExprOf, FrameBoundOf, FrameOf } from './expr.ts';

/** A frame as in SQL; nothing for the default one with an order (all rows up to the current one and its peers). */
export function explainFrame<Ref>(frame: FrameOf<Ref>, show: (e: ExprOf<Ref>) => string): string {
  const { unit, start, end, exclude } = frame;
  const isDefault = unit === 'range' && start.kind === 'unbounded-preceding' && end.kind === 'current-row';
  if (isDefault && exclude === undefined) return '';
  const bound = (b: FrameBoundOf<Ref>): string => {
    if (!('offset' in b)) return b.kind.replace('-', ' ');
    return unit === 'range' ? `value ${show(b.offset)}` : `${show(b.offset)} ${b.kind}`;
  };
  const excluded = exclude === undefined ? '' : ` exclude ${exclude.replace('-', ' ')}`;
  return `${unit} between ${bound(start)} and ${bound(end)}${excluded}`;
}
