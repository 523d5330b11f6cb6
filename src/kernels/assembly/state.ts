// Where aggregate states lie; for the aggregate kernels.

/** The state of position i. */
// @ts-ignore: decorator
@inline export function stateOf(states: usize, sm: usize, offset: usize, i: usize): usize {
  return <usize>load<u32>(states + ((i & sm) << 2)) + offset;
}
