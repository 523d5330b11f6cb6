import { jsonText } from '../types/json-text.ts';
import { byValue, type Cast } from './cast-call.ts';

/** Any value but a text as JSON. */
export const castToJson: Cast = byValue(false, (value, from) => jsonText(from)(value));
