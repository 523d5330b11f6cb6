/** How deep parentheses may be nested; deeper ones are opaque, because the compiler's recursion ends. */
export interface Deeper {
  0: 1;
  1: 2;
  2: 3;
  3: 4;
  4: 5;
  5: 6;
  6: 'too deep';
}
export type Depth = keyof Deeper;
