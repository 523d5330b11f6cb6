import { RayexecError, type Span } from '../../../common/errors.ts';

/** The error of a `single` join that finds a second row. @param span where the subquery is written */
export const manyRows = (span: Span | undefined): RayexecError =>
  new RayexecError('invalid-argument', 'more than one row returned by a subquery used as an expression', {
    span,
    hint: 'add LIMIT 1, or an aggregate such as max(...)',
  });
