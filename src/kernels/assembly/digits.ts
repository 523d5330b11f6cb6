// Digits in text.

/** The value of the digit at p; more than 9 when there is none. */
// @ts-ignore: decorator
@inline export function digit(p: usize): u32 {
  return <u32>load<u8>(p) - 48;
}
