const WILDCARDS = /[*?[]/;

/** Whether a path has wildcards: `*`, `?`, `[…]`. */
export const hasWildcards = (path: string): boolean => WILDCARDS.test(path);

/**
 * The regular expression of one path segment's pattern: `*` any text, `?` one character, `[a-c]` and `[!a-c]` one of
 * (not of) the listed. As in shells, wildcards match names that begin with a dot only when the pattern does.
 */
export function segmentPattern(segment: string): RegExp {
  let source = segment.startsWith('.') ? '' : '(?!\\.)';
  for (let i = 0; i < segment.length; i++) {
    const c = segment[i]!;
    const close = c === '[' ? segment.indexOf(']', i + 2) : -1;
    if (c === '*') source += '.*';
    else if (c === '?') source += '.';
    else if (close > 0) {
      const negated = segment[i + 1] === '!' || segment[i + 1] === '^';
      const listed = segment.slice(negated ? i + 2 : i + 1, close).replace(/[\\\]^[]/g, '\\$&');
      source += `[${negated ? '^' : ''}${listed}]`;
      i = close;
    } else source += c.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'su');
}
