// The order of values of any type, nested ones too, where they are. Types and vectors are described as in nested.ts.
import { compareKind, widthOf } from './kind';
import { at, check, checkOptional, isValid } from './memory';

const DICTIONARY: u32 = 2;
/** Of physical types: lists; structs are behind. */
const LIST: u32 = 15;
/** The kinds of the physical types before lists, four bits each. */
const KINDS: u64 = 0xdc98b7654a32104;

/** With `equality` only 0 means something. NULL, inside of lists and structs, is greater than all else, and equal to itself. */
function compareAt(equality: bool, type: usize, a: usize, i: usize, b: usize, j: usize): i32 {
  if (load<u32>(a) == 1) i = 0;
  if (load<u32>(b) == 1) j = 0;
  const av = isValid(<usize>load<u32>(a, 12), i);
  const bv = isValid(<usize>load<u32>(b, 12), j);
  const x = <usize>load<u32>(a, 8);
  const y = <usize>load<u32>(b, 8);
  // Codes may mean NULL, too.
  if (av && load<u32>(a) == DICTIONARY) return compareAt(equality, type, <usize>load<u32>(a, 16), <usize>load<u32>(x + (i << 2)), b, j);
  if (bv && load<u32>(b) == DICTIONARY) return compareAt(equality, type, a, i, <usize>load<u32>(b, 16), <usize>load<u32>(y + (j << 2)));
  if (!av || !bv) return <i32>!av - <i32>!bv;
  const physical = load<u32>(type);
  if (physical < LIST) {
    const kind = <i32>(KINDS >> (<u64>physical << 2)) & 15;
    return compareKind(kind, x + i * widthOf(kind), y + j * widthOf(kind));
  }
  if (physical == LIST) {
    const element = <usize>load<u32>(type, 8);
    const m = load<u32>(x + (i << 3), 4);
    const n = load<u32>(y + (j << 3), 4);
    if (equality && m != n) return 1;
    const common = min<u32>(m, n);
    for (let e: u32 = 0; e < common; e++) {
      const c = compareAt(equality, element, <usize>load<u32>(a, 16), <usize>(load<u32>(x + (i << 3)) + e), <usize>load<u32>(b, 16), <usize>(load<u32>(y + (j << 3)) + e));
      if (c != 0) return c;
    }
    return <i32>(m > n) - <i32>(m < n);
  }
  const children = <usize>load<u32>(type, 4) << 2;
  for (let f: usize = 0; f < children; f += 4) {
    const c = compareAt(equality, <usize>load<u32>(type + 8 + f), <usize>load<u32>(a + 16 + f), i, <usize>load<u32>(b + 16 + f), j);
    if (c != 0) return c;
  }
  return 0;
}

/** `a op b` (op: 0 = 1 <> 2 < 3 <= 4 > 5 >=) as booleans; rows that `validity` rules out are left as they are. */
export function compare_nested(op: i32, type: usize, a: usize, b: usize, validity: usize, sel: usize, n: usize, out: usize): void {
  check(type, 8);
  checkOptional(sel, n << 1);
  // Which orders (bit 0 less, 1 equal, 2 greater) satisfy it.
  const orders = op == 0 ? 2 : op == 1 ? 5 : op == 2 ? 1 : op == 3 ? 3 : op == 4 ? 4 : 6;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    const c = compareAt(op < 2, type, a, i, b, i);
    store<u8>(out + i, <u8>((orders >> (<i32>(c > 0) - <i32>(c < 0) + 1)) & 1));
  }
}
