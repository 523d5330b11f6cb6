/** How a constant LIKE pattern is tested: by one kernel that compares or searches bytes, part by part, or in general. */
export type LikePlan =
  | { readonly kind: 'starts-with' | 'ends-with' | 'contains' | 'equals'; readonly text: Uint8Array }
  | { readonly kind: 'parts'; readonly parts: readonly Uint8Array[] }
  | { readonly kind: 'general' };

const PERCENT = 0x25;
const UNDERSCORE = 0x5f;

/**
 * Reads a pattern. @param escapeChar its bytes; empty: none
 * Patterns with `_`, and those that end with their escape character, are `general`.
 */
export function planLike(pattern: Uint8Array, escapeChar: Uint8Array): LikePlan {
  const parts: number[][] = [[]];
  for (let i = 0; i < pattern.length; i++) {
    let byte = pattern[i]!;
    if (escapeChar.length > 0 && escapeChar.every((e, k) => pattern[i + k] === e)) {
      i += escapeChar.length;
      if (i >= pattern.length) return { kind: 'general' };
      byte = pattern[i]!;
    } else if (byte === PERCENT) {
      parts.push([]);
      continue;
    } else if (byte === UNDERSCORE) return { kind: 'general' };
    parts.at(-1)!.push(byte);
  }
  return planParts(parts.map(p => Uint8Array.from(p)));
}

function planParts(parts: readonly Uint8Array[]): LikePlan {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return { kind: 'equals', text: first };
  const middle = parts.slice(1, -1).filter(p => p.length > 0);
  if (middle.length === 0 && last.length === 0) return { kind: 'starts-with', text: first };
  if (middle.length === 0 && first.length === 0) return { kind: 'ends-with', text: last };
  if (middle.length === 1 && first.length + last.length === 0) return { kind: 'contains', text: middle[0]! };
  return { kind: 'parts', parts: [first, ...middle, last] };
}
