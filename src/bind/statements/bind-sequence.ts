import type { SequenceEntry } from '../../catalog/entry.ts';
import { fullPath } from '../../catalog/schema-key.ts';
import { RayexecError, type Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { Statement } from '../../query/statement.ts';
import { INT64 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { literal, textLiteral } from '../constant.ts';
import { missingSchema } from './free-place.ts';

type CreateSequence = Extract<Statement, { kind: 'create-sequence' }>;

const MOST = 2n ** 63n - 1n;
const LEAST = -(2n ** 63n);

/** CREATE SEQUENCE. @throws RayexecError `bind` for limits that exclude each other or the start */
export function bindCreateSequence(b: Binder, statement: CreateSequence): BoundStatement {
  const { name, mode, cycle, temporary } = statement;
  const place = b.catalog.place(name, temporary);
  if (!b.catalog.hasSchema(place.schema)) throw missingSchema(b, place.schema, name);
  const known = b.catalog.sequence(fullPath(place));
  if (known !== undefined && mode !== 'or-replace') {
    if (mode === 'if-not-exists') return { kind: 'nothing' };
    throw new RayexecError('catalog', `Sequence with name "${known.name}" already exists!`, { span: name.span });
  }
  const increment = BigInt(statement.increment);
  const min = statement.min === undefined ? (increment > 0n ? 1n : LEAST) : BigInt(statement.min);
  const max = statement.max === undefined ? (increment > 0n ? MOST : -1n) : BigInt(statement.max);
  const start = BigInt(statement.start);
  if (min >= max) throw bindError(`MINVALUE (${min}) must be less than MAXVALUE (${max})`, name.span);
  if (start < min) throw bindError(`START value (${start}) cannot be less than MINVALUE (${min})`, name.span);
  if (start > max) throw bindError(`START value (${start}) cannot be greater than MAXVALUE (${max})`, name.span);
  return { kind: 'create-sequence', sequence: { ...place, start, increment, min, max, cycle, temporary } };
}

/** `nextval('s')`, `currval('s')`: calls that know the sequence and where its state is. */
export function bindSequenceCall(
  b: Binder,
  fn: string,
  args: readonly BoundExpr[],
  span: Span | undefined,
): BoundExpr | undefined {
  if (fn !== 'nextval' && fn !== 'currval') return undefined;
  const [name] = args;
  if (args.length !== 1 || name?.kind !== 'literal' || name.value.type.kind !== 'utf8' || name.value.value === null) {
    throw bindError(
      `${fn} takes the name of a sequence`,
      span,
      `${fn}('s'), not ${fn}(${args.map(a => typeName(typeOf(a))).join(', ')})`,
    );
  }
  const text = String(name.value.value);
  const sequence = b.catalog.sequence(text.split('.'));
  if (sequence === undefined) {
    const names = b.catalog.sequences().map(s => s.name);
    throw new RayexecError('catalog', `Sequence with name ${text} does not exist!`, {
      span,
      hint: didYouMean(text, names),
    });
  }
  const overload = b.catalog.functions.scalar(fn)!.overloads[0]!.key;
  return { kind: 'call', fn, overload, args: sequenceArgs(sequence), type: INT64, span };
}

const sequenceArgs = (s: SequenceEntry): readonly BoundExpr[] => [
  textLiteral(s.name),
  ...[BigInt(s.state), s.start, s.increment, s.min, s.max, s.cycle ? 1n : 0n].map(v =>
    literal({ type: INT64, value: String(v) }),
  ),
];
