/**
 * Two frames differ. `actual` and `expected` are texts of what differs, which test runners print side by side; the
 * message holds both as well.
 */
export class FrameMismatch extends Error {
  override readonly name: string = 'FrameMismatch';
  readonly actual: string;
  readonly expected: string;

  constructor(summary: string, actual: string, expected: string) {
    super(`${summary}\nactual:\n${indented(actual)}\nexpected:\n${indented(expected)}`);
    this.actual = actual;
    this.expected = expected;
  }
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');
