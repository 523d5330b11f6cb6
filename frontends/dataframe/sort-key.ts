import type { SortKey } from '../../src/query/expr.ts';
import type { Any } from './column-types.ts';
import type { Kind } from './operands.ts';

/** Where NULLs go; absent: last, unless the database's settings say otherwise. */
export interface OrderOptions {
  readonly nulls?: 'first' | 'last';
}

/** A direction with what it sorts by: `t.x.desc()`. */
export class Order<out K extends Kind = Any> {
  declare readonly kind: K;
  readonly key: SortKey;
  constructor(key: SortKey) {
    this.key = key;
  }
}

/**
 * A direction with the name of a column: `desc('x')`. The property is not called `name`: functions have one too, and
 * then editors offer no columns in `sort(desc('…'))`, where a function could stand as well.
 */
export class NamedOrder<N extends string> {
  readonly column: N;
  readonly direction: 'asc' | 'desc';
  readonly options: OrderOptions;
  constructor(column: N, direction: 'asc' | 'desc', options: OrderOptions) {
    this.column = column;
    this.direction = direction;
    this.options = options;
  }
}

/** Largest first. `sort(desc('revenue'))` */
export function desc<N extends string>(name: N, options: OrderOptions = {}): NamedOrder<N> {
  return new NamedOrder(name, 'desc', options);
}

/** Smallest first, which a bare name means too; for its options. `sort(asc('x', { nulls: 'first' }))` */
export function asc<N extends string>(name: N, options: OrderOptions = {}): NamedOrder<N> {
  return new NamedOrder(name, 'asc', options);
}
