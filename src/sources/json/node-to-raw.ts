import { parseRaw } from '../../batch/parse-raw.ts';
import type { DataType, StructField } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { typeName } from '../../types/type-name.ts';
import { type JsonNode, JsonNumber, JsonObject, nodeText } from './json-node.ts';

/** Told about a value that does not have the wanted type; what it returns stands in its place. */
export type OnMisfit = (text: string, type: string) => null;

/** A JSON value as a value of a type; struct fields by name, missing ones NULL. */
export function nodeToRaw(type: DataType, node: JsonNode, onMisfit: OnMisfit): RawValue {
  if (node === null) return null;
  const misfit = (): null => onMisfit(nodeText(node), typeName(type));
  switch (type.kind) {
    case 'json':
      return nodeText(node);
    case 'utf8':
      return typeof node === 'string' ? node : nodeText(node);
    case 'list':
    case 'array': {
      if (!Array.isArray(node) || (type.kind === 'array' && node.length !== type.length)) return misfit();
      return node.map(item => nodeToRaw(type.element, item, onMisfit));
    }
    case 'struct': {
      if (!(node instanceof JsonObject)) return misfit();
      return type.fields.map(f => nodeToRaw(f.type, member(node, f), onMisfit));
    }
    case 'map': {
      if (!(node instanceof JsonObject)) return misfit();
      return [...node.members].map(([name, value]) => [
        nodeToRaw(type.key, name, onMisfit),
        nodeToRaw(type.value, value, onMisfit),
      ]);
    }
    case 'union': {
      // As it is written: an object with the name of the value's member.
      const [name, value] = node instanceof JsonObject && node.members.size === 1 ? [...node.members][0]! : [];
      const member = type.members.findIndex(m => m.name === name);
      return member < 0 ? misfit() : [member, nodeToRaw(type.members[member]!.type, value!, onMisfit)];
    }
    default: {
      if (Array.isArray(node) || node instanceof JsonObject) return misfit();
      const text = node instanceof JsonNumber ? node.text : String(node);
      return parseRaw(type, text) ?? misfit();
    }
  }
}

function member({ members }: JsonObject, { name }: StructField): JsonNode {
  const exact = members.get(name);
  if (exact !== undefined) return exact;
  const key = name.toLowerCase();
  for (const [other, value] of members) if (other.toLowerCase() === key) return value;
  return null;
}
