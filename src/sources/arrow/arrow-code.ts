import type { TableFunctionCode } from '../../protocol/lazy-table-function.ts';
import { ArrowSplitReader } from './arrow-split-reader.ts';
import { bindArrow } from './bind-arrow.ts';

/** What `read_arrow` does. */
export const arrowCode: TableFunctionCode = {
  bind: bindArrow,
  open: (request, ctx) => new ArrowSplitReader(request, ctx),
};
