import type { DataType, Field, Schema, StructField } from '../../types/data-type.ts';
import { type ColumnLayout, fileColumns, type LeafLayout, leavesOf } from './column-layout.ts';
import type { Annotation, SchemaElement } from './file-metadata.ts';
import { storedType } from './stored-type.ts';

/** A column of a file that is written, with the levels that a reader will find. */
export type WrittenColumn = {
  readonly name: string;
  readonly layout: ColumnLayout;
  readonly leaves: readonly WrittenLeaf[];
};

export type WrittenLeaf = { readonly layout: LeafLayout; readonly type: DataType; readonly path: readonly string[] };

export type WrittenSchema = {
  /** The schema's tree in depth-first order, its root first. */
  readonly elements: readonly SchemaElement[];
  readonly columns: readonly WrittenColumn[];
};

/** How columns are laid out in a file: LIST for lists and arrays, MAP, groups for structs, as the format's documents say. */
export function writtenSchema(schema: Schema): WrittenSchema {
  const trees = schema.map(treeOf);
  const elements = [group('schema', 'required', schema.length), ...trees.flatMap(t => t.elements)];
  const layouts = fileColumns(elements);
  const columns = trees.map(({ leaves }, i) => {
    const { name, layout } = layouts[i]!;
    return { name, layout, leaves: leavesOf(layout).map((leaf, k) => ({ layout: leaf, ...leaves[k]! })) };
  });
  return { elements, columns };
}

type Tree = {
  readonly elements: readonly SchemaElement[];
  readonly leaves: readonly { readonly type: DataType; readonly path: readonly string[] }[];
};

function treeOf({ name, type, nullable }: Field): Tree {
  const repetition = nullable ? 'optional' : 'required';
  switch (type.kind) {
    case 'list':
    case 'array': {
      const element = treeOf({ name: 'element', type: type.element, nullable: true });
      const repeated = groupTree(group('list', 'repeated', 1), [element]);
      return groupTree(group(name, repetition, 1, { kind: 'list' }), [repeated]);
    }
    case 'map': {
      const key = treeOf({ name: 'key', type: type.key, nullable: false });
      const value = treeOf({ name: 'value', type: type.value, nullable: true });
      const repeated = groupTree(group('key_value', 'repeated', 2), [key, value]);
      return groupTree(group(name, repetition, 1, { kind: 'map' }), [repeated]);
    }
    case 'struct': {
      const fields = type.fields.map(f => treeOf({ name: f.name, type: f.type, nullable: true }));
      return groupTree(group(name, repetition, fields.length), fields);
    }
    case 'union': {
      // Parquet has no unions: a group of the tag and one field for each member, all but one of them NULL.
      const tag = treeOf({
        name: freeName('tag', type.members),
        type: { kind: 'int', bits: 8, signed: false },
        nullable: true,
      });
      const members = type.members.map(m => treeOf({ name: m.name, type: m.type, nullable: true }));
      return groupTree(group(name, repetition, members.length + 1), [tag, ...members]);
    }
    default: {
      const stored = storedType(type);
      const length = stored.type === 'FIXED_LEN_BYTE_ARRAY' ? stored.width : 0;
      const element = {
        name,
        type: stored.type,
        length,
        repetition,
        children: 0,
        annotation: stored.annotation,
      } as const;
      return { elements: [element], leaves: [{ type, path: [name] }] };
    }
  }
}

function groupTree(element: SchemaElement, children: readonly Tree[]): Tree {
  return {
    elements: [element, ...children.flatMap(c => c.elements)],
    leaves: children.flatMap(c => c.leaves.map(({ type, path }) => ({ type, path: [element.name, ...path] }))),
  };
}

function group(
  name: string,
  repetition: SchemaElement['repetition'],
  children: number,
  annotation?: Annotation,
): SchemaElement {
  return { name, type: undefined, length: 0, repetition, children, annotation };
}

/** A name that no field has. */
function freeName(name: string, fields: readonly StructField[]): string {
  return fields.some(f => f.name.toLowerCase() === name) ? freeName(`${name}_`, fields) : name;
}
