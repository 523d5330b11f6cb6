// Numbers of table rows in the order in which they are first met: how dictionaries of texts are built.
import { at, check, checkOptional } from './memory';

/**
 * Writes the number of each row's table row (rows[i], u32 address), one behind the other, to `out`. Table rows keep their
 * number + 1 as u32 at `offset`; those with 0 get the numbers from `next` on and are appended to `fresh` (u32; room for
 * n). Returns how many those are.
 */
export function row_numbers(rows: usize, offset: usize, sel: usize, n: usize, next: u32, fresh: usize, out: usize): u32 {
  checkOptional(sel, n << 1);
  check(fresh, n << 2);
  check(out, n << 2);
  let count: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const row = <usize>load<u32>(rows + (at(sel, j) << 2));
    let number = load<u32>(row + offset);
    if (number == 0) {
      store<u32>(fresh + (<usize>count << 2), <u32>row);
      number = next + ++count;
      store<u32>(row + offset, number);
    }
    store<u32>(out + (j << 2), number - 1);
  }
  return count;
}
