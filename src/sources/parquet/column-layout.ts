import { RayexecError } from '../../common/errors.ts';
import { type DataType, list, type StructField, struct } from '../../types/data-type.ts';
import type { ParquetType, SchemaElement } from './file-metadata.ts';
import { type Conversion, valueType } from './value-type.ts';

/**
 * Where a column's values are in a file and how they become vectors, as plain data. Levels are Dremel's: a value
 * is not NULL when its definition level is `def` or more; a new element of a list has the repetition level `rep`.
 */
export type ColumnLayout = LeafLayout | StructLayout | ListLayout;

export type LeafLayout = {
  readonly kind: 'leaf';
  readonly type: DataType;
  readonly nullable: boolean;
  readonly def: number;
  /** Position among the file's leaves: which column chunk. */
  readonly leaf: number;
  /** The highest repetition level: 0 outside of lists. */
  readonly rep: number;
  readonly stored: ParquetType;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly length: number;
  readonly conversion: Conversion;
};

type StructLayout = {
  readonly kind: 'struct';
  readonly type: DataType;
  readonly nullable: boolean;
  readonly def: number;
  readonly fields: readonly ColumnLayout[];
};

/** Lists and maps; a map's element is a struct of key and value. */
export type ListLayout = {
  readonly kind: 'list';
  readonly type: DataType;
  readonly nullable: boolean;
  readonly def: number;
  /** The definition level from which the list has an element. */
  readonly elementDef: number;
  readonly rep: number;
  readonly element: ColumnLayout;
};

export type FileColumn = { readonly name: string; readonly layout: ColumnLayout; readonly element: SchemaElement };

/** The columns of a file's schema. @throws RayexecError `format`, `unsupported` */
export function fileColumns(schema: readonly SchemaElement[]): readonly FileColumn[] {
  const walk: Walk = { schema, at: 0, leaves: 0 };
  const root = takeNode(walk, 0);
  if (walk.at !== schema.length) throw new RayexecError('format', 'damaged footer: the schema is no tree');
  return root.children.map(node => ({ name: node.element.name, layout: layoutOf(node, 0, 0), element: node.element }));
}

/** The leaves of a layout, in the file's order. */
export function leavesOf(layout: ColumnLayout): readonly LeafLayout[] {
  switch (layout.kind) {
    case 'leaf':
      return [layout];
    case 'list':
      return leavesOf(layout.element);
    case 'struct':
      return layout.fields.flatMap(leavesOf);
  }
}

type Node = { readonly element: SchemaElement; readonly children: readonly Node[]; readonly leaf: number };
type Walk = { readonly schema: readonly SchemaElement[]; at: number; leaves: number };

function takeNode(walk: Walk, depth: number): Node {
  const element = walk.schema[walk.at++];
  if (element === undefined || depth > 64) throw new RayexecError('format', 'damaged footer: the schema is no tree');
  if (element.type !== undefined) return { element, children: [], leaf: walk.leaves++ };
  const children: Node[] = [];
  for (let i = 0; i < element.children; i++) children.push(takeNode(walk, depth + 1));
  return { element, children, leaf: -1 };
}

/** @param def definition level of the parent's presence */
function layoutOf(node: Node, def: number, rep: number): ColumnLayout {
  const { repetition } = node.element;
  if (repetition !== 'repeated')
    return presentLayout(node, repetition === 'optional', def + (repetition === 'optional' ? 1 : 0), rep);
  // A repeated field that no LIST wraps is a list without NULLs.
  const element = presentLayout(node, false, def + 1, rep + 1);
  return { kind: 'list', type: list(element.type), nullable: false, def, elementDef: def + 1, rep: rep + 1, element };
}

/** The layout of a node whose own presence is the level `def`. */
function presentLayout(node: Node, nullable: boolean, def: number, rep: number): ColumnLayout {
  const { element, children } = node;
  if (element.type !== undefined) {
    const { type, conversion } = valueType(element);
    return {
      kind: 'leaf',
      type,
      nullable,
      def,
      leaf: node.leaf,
      rep,
      stored: element.type,
      length: element.length,
      conversion,
    };
  }
  if (children.length === 0) throw new RayexecError('unsupported', `the group '${element.name}' has no fields`);
  const [only] = children;
  const wrapsRepeated = children.length === 1 && only!.element.repetition === 'repeated';
  const kind = element.annotation?.kind;
  if (wrapsRepeated && (kind === 'map' || kind === 'map-entry') && only!.children.length === 2) {
    const [key, value] = only!.children.map(child => layoutOf(child, def + 1, rep + 1)) as [ColumnLayout, ColumnLayout];
    const entry = structLayout(['key', 'value'], [key, value], false, def + 1);
    const type: DataType = { kind: 'map', key: key.type, value: value.type };
    return { kind: 'list', type, nullable, def, elementDef: def + 1, rep: rep + 1, element: entry };
  }
  if (wrapsRepeated && kind === 'list') {
    const inner = isElementItself(only!, element.name)
      ? presentLayout(only!, false, def + 1, rep + 1)
      : layoutOf(only!.children[0]!, def + 1, rep + 1);
    return { kind: 'list', type: list(inner.type), nullable, def, elementDef: def + 1, rep: rep + 1, element: inner };
  }
  const names = children.map(c => c.element.name);
  return structLayout(
    names,
    children.map(c => layoutOf(c, def, rep)),
    nullable,
    def,
  );
}

/** Older writers leave out the group between a list and its element (the format's rules for backward compatibility). */
function isElementItself({ element, children }: Node, listName: string): boolean {
  return children.length !== 1 || element.name === 'array' || element.name === `${listName}_tuple`;
}

function structLayout(
  names: readonly string[],
  fields: readonly ColumnLayout[],
  nullable: boolean,
  def: number,
): StructLayout {
  const members: StructField[] = fields.map((f, i) => ({ name: names[i]!, type: f.type }));
  return { kind: 'struct', type: struct(members), nullable, def, fields };
}

/** A leaf whose values are rows, or NULL for them. */
export const isFlat = (layout: ColumnLayout): layout is LeafLayout =>
  layout.kind === 'leaf' && layout.rep === 0 && layout.def <= 1;
