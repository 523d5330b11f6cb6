// What is kept of a record's members. Records of a file mostly have the same members in the same order, written alike.
// What stands before the value of the nth member (from behind the value before it, or behind the brace: comma, key, colon
// and blanks) is kept from the record that had it last: where this is the same, nothing of it needs to be looked at again.

import { equalBytes } from './bytes';

/** How many members are kept. An entry: {address, length (0: there is none), key (-1: not wanted), kind of its last value}. */
export const MEMBERS: i32 = 64;
export const MEMBER_BYTES: usize = 16;

/** Whether `length` bytes, mostly about 16, are the same. */
// @ts-ignore: decorator
@inline export function sameBytes(a: usize, b: usize, length: usize): bool {
  const same = i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)));
  if (length <= 16) return ((~same << (32 - <i32>length)) == 0);
  return same == 0xffff && equalBytes(a + 16, b + 16, length - 16);
}
