import type { ScalarOverload } from '../function.ts';

/** Overloads of users' functions by their keys: made when a plan first names one, deleted when its function is. */
export const knownOverloads: Map<string, ScalarOverload> = new Map();
