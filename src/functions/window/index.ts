import type { WindowFunction } from '../function.ts';
import { fill } from './fill.ts';
import { frameValues } from './frame-value.ts';
import { ntile } from './ntile.ts';
import { ranks } from './rank.ts';
import { shifts } from './shift.ts';

/** The window functions. */
export const windowFunctions: readonly WindowFunction[] = [fill, ...frameValues, ntile, ...ranks, ...shifts];
