import { RayexecError } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';

/** The conditions that the callbacks now running have built, innermost last. */
const running: Expr[][] = [];

/** Notes a condition, so that its loss can be told. Returns it. */
export function noteCondition<E extends Expr>(condition: E): E {
  running.at(-1)?.push(condition);
  return condition;
}

/**
 * What `callback` returns, converted by `convert`. Throws 'invalid-argument' if the callback built a condition that is
 * no part of the result, as `a && b` does: JavaScript evaluates it to `b` and drops `a`. (`a || b` never builds `b`,
 * which no one can see.)
 */
export function withoutLostConditions<R, T>(verb: string, callback: () => R, convert: (result: R) => T): T {
  const built: Expr[] = [];
  running.push(built);
  try {
    const converted = convert(callback());
    if (built.length > 0) refuseLost(verb, built, converted);
    return converted;
  } finally {
    running.pop();
  }
}

function refuseLost(verb: string, built: readonly Expr[], result: unknown): void {
  const kept = new Set<unknown>();
  collect(result, kept);
  const lost = built.find(condition => !kept.has(condition));
  if (lost === undefined) return;
  throw new RayexecError(
    'invalid-argument',
    `${verb}: the condition ${sketch(lost)} was built but is not part of the result`,
    {
      hint: 'did you write && or ! instead of .and() or .not()? They do not work on column expressions',
    },
  );
}

/** Adds `value` and all objects below it. */
function collect(value: unknown, into: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || into.has(value)) return;
  into.add(value);
  for (const child of Object.values(value)) collect(child, into);
}

/** Enough of a condition to find it in the source: `'price' > …`. */
function sketch(e: Expr): string {
  switch (e.kind) {
    case 'call': {
      const [first, ...rest] = e.args;
      const subject = first === undefined ? '' : sketch(first);
      return rest.length > 0 ? `${subject} ${e.fn} …` : `${e.fn} ${subject}`;
    }
    case 'name':
      return `'${e.path.at(-1)}'`;
    case 'between':
    case 'in-list':
    case 'in-query':
      return `${sketch(e.input)} ${e.kind === 'between' ? 'between' : 'in'} …`;
    default:
      return '…';
  }
}
