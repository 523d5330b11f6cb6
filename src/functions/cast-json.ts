import { jsonText } from '../types/json-text.ts';
import { byValue, type Cast } from './cast-call.ts';
import { tryParseJson } from './json/json-node.ts';
import { jsonToRaw } from './json/json-to-raw.ts';

/** Any value but a text as JSON. */
export const castToJson: Cast = byValue(false, (value, from) => jsonText(from)(value));

/** JSON as another type: arrays as lists, objects as structs by their keys or as maps. */
export const castFromJson: Cast = byValue(true, (value, _from, to) => {
  const node = tryParseJson(value as string);
  return node === undefined ? undefined : jsonToRaw(to, node, 'fail');
});
