import { RayexecError } from '../common/errors.ts';
import { civilFromDays, daysFromCivil, INFINITE_MICROS, microsDay } from './calendar.ts';

const MICROS_PER_MS = 1000n;
const DAY_MS = 86_400_000;
/** Offsets are looked for this often: no zone ever changed its clocks back and forth within a week. */
const PROBE_DAYS = 7;

/** No zone has rules before this year; what its first towns used then holds for ever. */
const FIRST_YEAR = 1800;
/** The calendar repeats every 400 years, and so do the rules from some year on: later instants are looked up earlier. */
const LAST_YEAR = 2499;
const yearStart = (year: number): bigint => BigInt(daysFromCivil(year, 1, 1)) * 86_400_000_000n;
const FOLD_FROM = yearStart(LAST_YEAR + 1);
const FOLD_BY = 146_097n * 86_400_000_000n;

/** From `starts[i]` on `offsets[i]` holds, microseconds both; before the first start, the first offset. */
export type ZoneTable = { readonly starts: BigInt64Array; readonly offsets: BigInt64Array };

/**
 * The rules of an IANA time zone, as `Intl` knows them. Asking Intl for each value costs microseconds, so that the
 * changes of the years that are wanted are found once, and looked up from then on.
 */
export class TimeZone {
  /** The zone's name as it was given. */
  readonly name: string;
  readonly #offsetAt: (ms: number) => number;
  /** The years that the tables are right for, and their ends as instants. */
  #covered: { readonly first: number; readonly last: number; readonly from: bigint; readonly to: bigint } | undefined;
  #instants: ZoneTable = NO_TABLE;
  #clocks: ZoneTable = NO_TABLE;

  private constructor(name: string, offsetAt: (ms: number) => number) {
    this.name = name;
    this.#offsetAt = offsetAt;
  }

  /** The zone of a name, in any case; undefined when there is none. */
  static find(name: string): TimeZone | undefined {
    let zone = zones.get(name);
    if (zone === undefined) {
      const offsetAt = fixedOffset(name) ?? offsetsOf(name);
      if (offsetAt === undefined) return undefined;
      zone = new TimeZone(name, offsetAt);
      if (zones.size > MOST_ZONES) zones.clear();
      zones.set(name, zone);
    }
    return zone;
  }

  /** @throws RayexecError `invalid-argument` when there is no such zone */
  static named(name: string): TimeZone {
    const zone = TimeZone.find(name);
    if (zone !== undefined) return zone;
    throw new RayexecError('invalid-argument', `there is no time zone '${name}'`, { hint: "try 'Europe/Berlin'" });
  }

  /** What to add to instants to get what clocks show, by the start of each offset as an instant; right from `min` to `max`. */
  byInstant(min: bigint, max: bigint): ZoneTable {
    this.#cover(min, max);
    return this.#instants;
  }

  /**
   * The same offsets by what clocks show when they begin. Of times that clocks show twice the later one counts; those that
   * they leave out are read as if the clocks had not been changed yet: as ICU does.
   */
  byClock(min: bigint, max: bigint): ZoneTable {
    this.#cover(min, max);
    return this.#clocks;
  }

  /** Microseconds that clocks are ahead of UTC at an instant. */
  offsetAt(instant: bigint): bigint {
    return offsetIn(this.byInstant(instant, instant), instant);
  }

  /** What clocks show at an instant. */
  toClock(instant: bigint): bigint {
    return isInfinite(instant) ? instant : instant + this.offsetAt(instant);
  }

  /** The instant at which clocks show a time. */
  toInstant(clock: bigint): bigint {
    return isInfinite(clock) ? clock : clock - offsetIn(this.byClock(clock, clock), clock);
  }

  #cover(min: bigint, max: bigint): void {
    const known = this.#covered;
    if (known !== undefined && min >= known.from && max < known.to) return;
    // Late instants are looked up in any of the last 400 years.
    const from = Math.min(yearOf(min), max >= FOLD_FROM ? LAST_YEAR - 399 : LAST_YEAR);
    const to = yearOf(max);
    const first = Math.min(from, known?.first ?? from);
    const last = Math.max(to, known?.last ?? to);
    this.#covered = {
      first,
      last,
      from: first === FIRST_YEAR ? -INFINITE_MICROS : yearStart(first),
      to: last === LAST_YEAR && first <= LAST_YEAR - 399 ? INFINITE_MICROS : yearStart(last + 1),
    };
    this.#instants = this.#tableOf(first, last);
    const { starts, offsets } = this.#instants;
    this.#clocks = { starts: starts.map((s, i) => s + offsets[i]!), offsets };
  }

  #tableOf(first: number, last: number): ZoneTable {
    // A day more on both sides: clocks may show another year than UTC.
    let ms = Date.UTC(first, 0, 1) - DAY_MS;
    const end = Date.UTC(last + 1, 0, 1) + DAY_MS;
    let offset = this.#offsetAt(ms);
    const starts = [BigInt(ms) * MICROS_PER_MS];
    const offsets = [BigInt(offset) * 1_000_000n];
    while (ms < end) {
      const next = ms + PROBE_DAYS * DAY_MS;
      const after = this.#offsetAt(next);
      if (after !== offset) {
        starts.push(BigInt(this.#changeBetween(ms, next, offset)) * MICROS_PER_MS);
        offsets.push(BigInt(after) * 1_000_000n);
        offset = after;
      }
      ms = next;
    }
    return { starts: BigInt64Array.from(starts), offsets: BigInt64Array.from(offsets) };
  }

  /** The second from which the offset is no longer the one before. */
  #changeBetween(from: number, to: number, before: number): number {
    let low = from / 1000;
    let high = to / 1000;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetAt(middle * 1000) === before) low = middle;
      else high = middle;
    }
    return high * 1000;
  }
}

const NO_TABLE: ZoneTable = { starts: new BigInt64Array(0), offsets: new BigInt64Array(0) };
const MOST_ZONES = 1000;
const zones = new Map<string, TimeZone>();

const isInfinite = (micros: bigint): boolean => micros === INFINITE_MICROS || micros === -INFINITE_MICROS;

/** Whether a name means UTC, where clocks show instants. */
export const isUtc = (zone: string): boolean => /^(etc\/)?(utc|uct|gmt|zulu|universal|greenwich)$/i.test(zone);

/** The instant, or for late ones one of the same date and time of day in a year with the same calendar and rules. */
function foldedInstant(micros: bigint): bigint {
  return micros < FOLD_FROM ? micros : FOLD_FROM - FOLD_BY + ((micros - FOLD_FROM) % FOLD_BY);
}

function yearOf(micros: bigint): number {
  return Math.min(Math.max(civilFromDays(microsDay(micros)).year, FIRST_YEAR), LAST_YEAR);
}

function offsetIn({ starts, offsets }: ZoneTable, micros: bigint): bigint {
  const at = foldedInstant(micros);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle;
  }
  return offsets[low]!;
}

/** Seconds ahead of UTC of `UTC`, `GMT+3`, `UTC-05:30`; undefined for other names. */
function fixedOffset(name: string): (() => number) | undefined {
  // The zone that databases start with: asking Intl for it takes milliseconds.
  if (name === 'UTC') return () => 0;
  const match = /^(?:gmt|utc)([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(name);
  if (match === null || Number(match[2]) > 23) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return () => (match[1] === '-' ? -seconds : seconds);
}

/** Seconds ahead of UTC at milliseconds since 1970, from Intl, which writes `GMT+00:53:28`. */
function offsetsOf(name: string): ((ms: number) => number) | undefined {
  // A bare offset is not the name of a zone.
  if (!/^[a-z]/i.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  return ms => {
    const text = format.format(ms);
    const at = text.lastIndexOf('GMT') + 3;
    if (at === text.length) return 0;
    const seconds =
      Number(text.slice(at + 1, at + 3)) * 3600 +
      Number(text.slice(at + 4, at + 6)) * 60 +
      Number(text.slice(at + 7, at + 9));
    return text[at] === '-' ? -seconds : seconds;
  };
}
