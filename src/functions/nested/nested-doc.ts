import type { FunctionDoc } from '../function.ts';

type Document = (summary: string, args: readonly string[], ...examples: FunctionDoc['examples']) => FunctionDoc;

const documents =
  (category: FunctionDoc['category']): Document =>
  (summary, args, ...examples) => ({ summary, args, examples, category });

/** Documentation of functions of lists, structs, maps. */
export const listDoc: Document = documents('list');
export const structDoc: Document = documents('struct');
export const mapDoc: Document = documents('map');
