import type { BoundExpr } from '../plan/expr.ts';
import type { Binder } from './binder.ts';

/** Calls that give no NULL whatever they are given. */
const NEVER_NULL: ReadonlySet<string> = new Set([
  'is null',
  'is not null',
  'is distinct from',
  'is not distinct from',
  'list_value',
  'struct_pack',
  'concat',
]);

/** Calls that give NULL only for NULL; others may have no answer: `list[9]`, the year of infinity. */
const NULL_FOR_NULL_ONLY: ReadonlySet<string> = new Set([
  ...['=', '<>', '<', '<=', '>', '>=', 'not', 'like', 'not like', 'ilike', 'not ilike'],
  ...['+', '-', '*', '/', '//', '%', 'negate', 'abs', 'round', 'sqrt', 'pow', 'pi', '||', 'lower', 'upper', 'length'],
  ...[
    'trim',
    'ltrim',
    'rtrim',
    'substring',
    'left',
    'right',
    'replace',
    'reverse',
    'starts_with',
    'ends_with',
    'contains',
  ],
  ...['ln', 'log', 'log2', 'log10', 'exp', 'cbrt', 'sin', 'cos', 'tan', 'degrees', 'radians', 'isnan', 'glob'],
  ...[
    'lpad',
    'rpad',
    'repeat',
    'translate',
    'initcap',
    'instr',
    'strpos',
    'md5',
    'regexp_matches',
    'regexp_full_match',
    'regexp_replace',
    'date_trunc',
    'make_date',
  ],
]);

/** Whether an expression may give NULL; true when in doubt. */
export function nullable(b: Binder, expr: BoundExpr): boolean {
  if (b.mayLackKeys) return true;
  switch (expr.kind) {
    case 'column':
      return b.isNullable(expr.id);
    case 'literal':
      return expr.value.value === null;
    case 'call': {
      if (NEVER_NULL.has(expr.fn)) return false;
      const overload = b.catalog.functions.scalar(expr.fn)?.overloads.find(o => o.key === expr.overload);
      return overload?.nulls !== 'propagate' || !NULL_FOR_NULL_ONLY.has(expr.fn) || expr.args.some(a => nullable(b, a));
    }
    case 'cast':
      return expr.try || nullable(b, expr.input);
    case 'and':
    case 'or':
      return expr.args.some(a => nullable(b, a));
    case 'coalesce':
      return expr.args.every(a => nullable(b, a));
    case 'case':
      return nullable(b, expr.otherwise) || expr.branches.some(branch => nullable(b, branch.result));
    case 'in':
      return nullable(b, expr.input) || expr.items.some(i => i.value === null);
  }
}
