import { asofJoin } from './asof-join.ts';
import type { FamilyCode } from './index.ts';
import { limitBy } from './limit-by.ts';
import { merge } from './merge.ts';
import { receive } from './receive.ts';
import { recursion, recursionScan } from './recursion.ts';
import { send } from './send.ts';
import { window } from './window.ts';

/** What few plans have. */
export const rareOperators: FamilyCode<'rare'> = {
  window,
  'asof-join': asofJoin,
  'limit-by': limitBy,
  recursion,
  'recursion-scan': recursionScan,
  send,
  receive,
  merge,
};
