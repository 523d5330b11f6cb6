// JSON: the values of wanted keys in a run of records, as references into the text.
//
// A record is a value; between records stand blanks (commas too, in an array). For each wanted key and record there is
// a reference to the value's text and a kind. Keys are 8-byte references.

import { equalBytes, refAddress, refLength, storeRef } from './bytes';
import { fourRecords, LANES, LANES_BYTES, shortestRecord } from './json-lanes';
import { MEMBER_BYTES, MEMBERS, sameBytes } from './json-members';
import { ESCAPED, hasSlash, isBlank, NULL, NUMBER, quoteOrSlash, skipBlanks, TEXT, textEnd, unescape, valueEnd, wordEnd } from './json-text';
import { at, check, checkOptional, setBit } from './memory';

const FULL = 0; // as many records as were asked for
const MORE = 1; // the text ends within a record
const DONE = 2; // the end of the file, or of the array
const BAD = 3; // not JSON, at state[2]
const TWICE = 4; // an object has the same key twice, at state[2]

const ARRAY: i32 = 1; // records are separated by commas, and end with ]
const WHOLE: i32 = 2; // the only column is the record itself
const SKIP: i32 = 4; // lines that are no JSON become records without values

/** Which key the text is: `guess` if it is that one, else the first that is the same; -1 when none is. */
// @ts-ignore: decorator
@inline function findKey(p: usize, length: usize, keys: usize, count: i32, guess: i32): i32 {
  if (guess < count) {
    const key = keys + (<usize>guess << 3);
    if (refLength(key) == length && equalBytes(p, refAddress(key), length)) return guess;
  }
  for (let k: i32 = 0; k < count; k++) {
    const key = keys + (<usize>k << 3);
    if (refLength(key) == length && equalBytes(p, refAddress(key), length)) return k;
  }
  return -1;
}

/** Whether the name from `p` on is this key. */
// @ts-ignore: decorator
@inline function isKey(p: usize, end: usize, key: usize): bool {
  const length = refLength(key);
  return p + length < end && load<u8>(p + length) == 34 && equalBytes(p, refAddress(key), length);
}

/** Longest key with escapes that is looked at. */
const SCRATCH: usize = 1024;

// Of the state: where reading stopped and why; how many members the record read last has, if they are like those of the
// one before it; a kind; a key without escapes; members; lanes.
const LIKE_AT: usize = 12;
const KIND_AT: usize = 24;
const KEY_AT: usize = 32;
const MEMBERS_AT: usize = KEY_AT + SCRATCH;
const LANES_AT: usize = MEMBERS_AT + <usize>MEMBERS * MEMBER_BYTES;
const STATE_BYTES: usize = LANES_AT + LANES_BYTES;

/** Lines are no longer read four at once when that failed about half of the time. */
const PATIENCE: i32 = 8;

/**
 * Finds the values of up to `maxRows` records. Returns how many records; state[0] is the address where reading
 * stopped, state[1] why, state[2] where the error is; scratch behind them (`STATE_BYTES` in all). `starts` gets the records'
 * addresses, and one more: where the next record is looked for. Key k of record r: reference r of refs + k * maxRows
 * * 8, kind r of kinds + k * maxRows.
 */
export function json_records(state: usize, from: usize, end: usize, isFinal: i32, keys: usize, keyCount: i32, maxRows: i32, flags: i32, starts: usize, refs: usize, kinds: usize): i32 {
  check(from, end - from);
  check(state, STATE_BYTES);
  check(keys, <usize>keyCount << 3);
  check(starts, <usize>(maxRows + 1) << 2);
  check(refs, <usize>keyCount * <usize>maxRows << 3);
  check(kinds, <usize>keyCount * <usize>maxRows);
  const final = isFinal != 0;
  const areLines = (flags & (ARRAY | WHOLE)) == 0;
  const columns = (flags & WHOLE) != 0 ? 1 : keyCount;
  // In the text a backslash of a key is two.
  let arePlain = true;
  // Whole records have no keys.
  for (let k: i32 = 0; k < keyCount && (flags & WHOLE) == 0; k++) {
    const key = keys + (<usize>k << 3);
    if (hasSlash(refAddress(key), refAddress(key) + refLength(key))) arePlain = false;
  }
  // The texts of the call before may be gone: an entry without length is none.
  for (let m: i32 = 0; m < MEMBERS; m++) store<u32>(state + MEMBERS_AT + <usize>m * MEMBER_BYTES, 0, 4);
  store<u32>(state, 0, LIKE_AT);
  let rows: i32 = 0;
  // Of records with so many members, the least bytes.
  let measured: i32 = 0;
  let shortest: usize = 0;
  let alone: i32 = 0;
  let patience = PATIENCE;
  let status = FULL;
  let p = from;
  let next = from;
  while (rows < maxRows) {
    while (p < end && (isBlank(load<u8>(p)) || ((flags & ARRAY) != 0 && load<u8>(p) == 44))) p++;
    next = p;
    if (p >= end) {
      status = final ? DONE : MORE;
      break;
    }
    if ((flags & ARRAY) != 0 && load<u8>(p) == 93) {
      status = DONE;
      break;
    }
    const like = load<i32>(state, LIKE_AT);
    if (alone == 0 && like > 0 && areLines && patience > 0 && rows + LANES <= maxRows) {
      const members = state + MEMBERS_AT;
      const last = members + <usize>like * MEMBER_BYTES;
      if (like != measured) shortest = shortestRecord(members, last);
      measured = like;
      const behind = shortest == 0 ? <usize>0 : fourRecords(state + LANES_AT, members, last, shortest, p, end, keyCount, maxRows, rows, starts, refs, kinds);
      if (behind != 0) {
        patience = min(patience + 1, PATIENCE);
        p = behind;
        next = p;
        rows += LANES;
        continue;
      }
      patience -= 2;
      alone = LANES;
    }
    if (alone > 0) alone--;
    if (like == 0) measured = 0;
    for (let k: i32 = 0; k < columns; k++) store<u8>(kinds + <usize>(k * maxRows + rows), 0);
    store<u32>(starts + (<usize>rows << 2), <u32>p);
    let behind: usize;
    if ((flags & WHOLE) != 0) {
      behind = valueEnd(p, end, final, kinds + <usize>rows);
      storeRef(refs + (<usize>rows << 3), p, behind - p);
    } else behind = oneObject(state, p, end, final, keys, keyCount, arePlain, maxRows, rows, refs, kinds);
    if (behind == 0 && !final && (flags & SKIP) != 0) {
      // A line that ends within a record is bad, not cut.
      while (p < end && load<u8>(p) != 10) p++;
      if (p < end) behind = 1;
    }
    if (behind == 0 && !final) {
      status = MORE;
      break;
    }
    if (behind <= 4) {
      status = behind == <usize>TWICE ? TWICE : BAD;
      if (behind == 0) store<u32>(state, <u32>end, 8);
      else if ((flags & WHOLE) != 0) store<u32>(state, <u32>p, 8);
      if ((flags & SKIP) == 0) break;
      for (let k: i32 = 0; k < columns; k++) store<u8>(kinds + <usize>(k * maxRows + rows), 0);
      p = next;
      while (p < end && load<u8>(p) != 10) p++;
      if (p >= end && !final) {
        status = MORE;
        break;
      }
      status = FULL;
      behind = p;
    }
    p = behind;
    next = p;
    rows++;
  }
  store<u32>(starts + (<usize>rows << 2), <u32>next);
  store<u32>(state, <u32>next);
  store<u32>(state, status, 4);
  return rows;
}

/** The address behind the object (or null) at `p` (`arePlain`: no key has a backslash); 0: it is cut off; 1: it is bad, at state[2]; TWICE: a key repeats. */
function oneObject(state: usize, p: usize, end: usize, isFinal: bool, keys: usize, keyCount: i32, arePlain: bool, maxRows: i32, row: i32, refs: usize, kinds: usize): usize {
  store<u32>(state, <u32>p, 8);
  store<u32>(state, 0, LIKE_AT);
  if (load<u8>(p) != 123) {
    const behind = valueEnd(p, end, isFinal, state + KIND_AT);
    return behind > 1 && load<u8>(state + KIND_AT) != NULL ? 1 : behind;
  }
  let guess: i32 = 0;
  let member = state + MEMBERS_AT;
  const noMember = state + LANES_AT;
  p++;
  let isFirst = true;
  let isLike = true;
  while (true) {
    let found: i32 = -1;
    const length: usize = member < noMember ? load<u32>(member, 4) : 0;
    if (length != 0 && p + length < end && sameBytes(p, load<u32>(member), length)) {
      found = load<i32>(member, 8);
      p = skipBlanks(p + length, end);
    } else {
      const before = p;
      p = skipBlanks(p, end);
      if (p >= end) return 0;
      store<u32>(state, <u32>p, 8);
      const c = load<u8>(p);
      if (c == 125) {
        if (isLike) store<u32>(state, <u32>((member - state - MEMBERS_AT) / MEMBER_BYTES), LIKE_AT);
        return p + 1;
      }
      if (!isFirst) {
        if (c != 44) return 1;
        p = skipBlanks(p + 1, end);
        if (p >= end) return 0;
        store<u32>(state, <u32>p, 8);
      }
      if (load<u8>(p) != 34) return 1;
      const name = p + 1;
      if (guess < keyCount && arePlain && isKey(name, end, keys + (<usize>guess << 3))) {
        found = guess;
        p = name + refLength(keys + (<usize>guess << 3));
      } else {
        p = textEnd(name, end);
        if (p >= end) return 0;
        if (!hasSlash(name, p)) found = findKey(name, p - name, keys, keyCount, guess);
        else if (p - name <= SCRATCH) {
          const plain = unescape(name, p, state + KEY_AT);
          if (plain == 0) return 1;
          found = findKey(state + KEY_AT, plain - state - KEY_AT, keys, keyCount, guess);
        }
      }
      p = skipBlanks(p + 1, end);
      if (p >= end) return 0;
      store<u32>(state, <u32>p, 8);
      if (load<u8>(p) != 58) return 1;
      p = skipBlanks(p + 1, end);
      isLike = false;
      if (member < noMember) {
        store<u32>(member, <u32>before);
        store<u32>(member, <u32>(p - before), 4);
        store<i32>(member, found, 8);
      }
    }
    if (p >= end) return 0;
    isFirst = false;
    if (found >= 0) guess = found + 1;
    const start = p;
    const c = load<u8>(p);
    let kind = TEXT;
    // Most values are texts without backslashes and numbers: not worth a call.
    const close = c == 34 ? quoteOrSlash(p + 1, end) : end;
    if (close < end && load<u8>(close) == 34) p = close + 1;
    else if (<u32>c - 48 <= 9) {
      kind = NUMBER;
      p = wordEnd(p, end);
      if (p >= end && !isFinal) return 0;
    } else {
      p = valueEnd(p, end, isFinal, state + KIND_AT);
      kind = load<u8>(state + KIND_AT);
    }
    if (p <= 1) {
      store<u32>(state, <u32>start, 8);
      return p;
    }
    if (member < noMember) store<u8>(member, kind, 12);
    member += MEMBER_BYTES;
    if (found >= 0) {
      const place = kinds + <usize>(found * maxRows + row);
      if (load<u8>(place) != 0) {
        store<u32>(state, <u32>start, 8);
        return TWICE;
      }
      store<u8>(place, kind);
      storeRef(refs + (<usize>(found * maxRows + row) << 3), start, p - start);
    }
  }
}

/**
 * The values of one key for the rows: text without quotes and escapes (which are removed in place: once a batch), or
 * as it stands in the file when `raw`. Bits in `validity`, zeroed before, are set for rows that are not NULL. Returns
 * the number of NULLs, or -1 - position for a wrong escape.
 */
export function json_refs(refs: usize, kinds: usize, sel: usize, n: usize, raw: i32, out: usize, validity: usize): i32 {
  checkOptional(sel, n << 1);
  let missing: i32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const kind = load<u8>(kinds + i);
    let p = refAddress(refs + (i << 3));
    let length = refLength(refs + (i << 3));
    if (kind <= NULL) {
      storeRef(out + (i << 3), refs, 0);
      missing++;
      continue;
    }
    setBit(validity, i);
    if (raw == 0 && (kind == TEXT || kind == ESCAPED)) {
      p++;
      length -= 2;
      if (kind == ESCAPED) {
        const plain = unescape(p, p + length, p);
        if (plain == 0) return -1 - <i32>i;
        length = plain - p;
      }
    }
    storeRef(out + (i << 3), p, length);
  }
  return missing;
}
