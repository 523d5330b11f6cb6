// CSV: records and fields of a piece of text.
//
// The dialect is 12 bytes at an address: delimiter, quote, escape, newline (10 or 13), comment, 1 where a quote, escape,
// comment exists, how many bytes the delimiter has more (0 … 3), and these. Bounds of fields are u32 addresses,
// `columns + 1` a record: b[0] is where the record starts, field i is [b[i], b[i + 1] - 1), but for the further bytes of
// the delimiter in front of it. The last field of a line that ends with CR LF still has the CR. Of records that are only
// counted there are two bounds, of the whole record.

import { countRecords } from './csv-count';
import { isMisplaced, mask64, prefixXor } from './csv-masks';
import { check, require } from './memory';

const FULL = 0; // as many rows as were asked for
const MORE = 1; // the text ends within a record
const DONE = 2; // the end of the file
const RAGGED = 3; // a record with more or fewer fields
const UNTERMINATED = 4; // the file ends within quotes
const BAD_QUOTE = 5; // text between a closing quote and the delimiter

const PAD: i32 = 1; // short records are filled up
const SKIP: i32 = 2; // bad records are passed over
const COUNT: i32 = 4; // nothing is asked of the fields but that there are enough

/** The address behind the quote that closes the text from `p`, or 0. */
// @ts-ignore: decorator
@inline function closeQuote(p: usize, end: usize, quote: u8, escape: u8): usize {
  while (p < end) {
    const c = load<u8>(p);
    if (c == escape && (escape != quote || (p + 1 < end && load<u8>(p + 1) == quote))) p += 2;
    else if (c == quote) return p + 1;
    else p++;
  }
  return 0;
}

/** Whether a delimiter whose first byte is at `p` goes on; one of a single byte has nothing more. */
// @ts-ignore: decorator
@inline function goesOn(p: usize, end: usize, dialect: usize): bool {
  const more = <usize>load<u8>(dialect, 8);
  if (more == 0) return true;
  if (p + more >= end) return false;
  for (let i: usize = 0; i < more; i++) if (load<u8>(p + 1 + i) != load<u8>(dialect + 9 + i)) return false;
  return true;
}

/**
 * One record byte by byte: its number of fields, or -status. Stores the address behind it in state[0]. A delimiter
 * behind the last field is allowed.
 */
function oneRecord(state: usize, row: usize, end: usize, isFinal: bool, columns: i32, dialect: usize, out: usize): i32 {
  const delimiter = load<u8>(dialect);
  const quote = load<u8>(dialect, 1);
  const newline = load<u8>(dialect, 3);
  const hasQuote = load<u8>(dialect, 5) != 0;
  const comment = load<u8>(dialect, 7) != 0 ? load<u8>(dialect, 4) : newline;
  const more = <usize>load<u8>(dialect, 8);
  let p = row;
  let start = row;
  let fields: i32 = 0;
  store<u32>(out, <u32>row);
  while (true) {
    start = p;
    if (hasQuote && p < end && load<u8>(p) == quote) {
      p = closeQuote(p + 1, end, quote, load<u8>(dialect, 2));
      if (p == 0) return isFinal ? -UNTERMINATED : -MORE;
      if (p < end && load<u8>(p) == 13 && newline == 10) {
        if (p + 1 >= end && !isFinal) return -MORE;
        if (p + 1 >= end || load<u8>(p + 1) == 10) p++;
      }
      if (!isFinal && p < end && load<u8>(p) == delimiter && p + more >= end) return -MORE;
      const isDelimiter = p < end && load<u8>(p) == delimiter && goesOn(p, end, dialect);
      if (p < end && !isDelimiter && load<u8>(p) != newline && load<u8>(p) != comment) {
        store<u32>(state, <u32>p);
        return -BAD_QUOTE;
      }
    } else {
      while (p < end && load<u8>(p) != newline && load<u8>(p) != comment) {
        if (load<u8>(p) == delimiter && goesOn(p, end, dialect)) break;
        p++;
      }
    }
    if (p >= end && !isFinal) return -MORE;
    fields++;
    if (fields <= columns) store<u32>(out + (<usize>fields << 2), <u32>p + 1);
    if (p >= end || load<u8>(p) != delimiter || !goesOn(p, end, dialect)) break;
    p += 1 + more;
  }
  if (fields == columns + 1 && isBlank(start, p, newline)) fields--;
  while (p < end && load<u8>(p) != newline) p++;
  if (p >= end && !isFinal) return -MORE;
  store<u32>(state, <u32>min(p + 1, end));
  return fields;
}

/** Whether the line from `row` to its end has nothing but a line end. */
// @ts-ignore: decorator
@inline function isBlank(row: usize, next: usize, newline: u8): bool {
  let length = next - row;
  if (length > 0 && load<u8>(next - 1) == newline) length--;
  return length == 0 || (length == 1 && newline == 10 && load<u8>(row) == 13);
}

/** The address behind the end of the line that `p` is in, or 0 when it ends nowhere. */
// @ts-ignore: decorator
@inline function nextLine(p: usize, end: usize, newline: u8, isFinal: bool): usize {
  while (p < end && load<u8>(p) != newline) p++;
  if (p < end) return p + 1;
  return isFinal ? end : 0;
}

/** Makes the bounds of a record's fields those of the whole record. */
// @ts-ignore: decorator
@inline function asOneField(bounds: usize, columns: i32): void {
  store<u32>(bounds, load<u32>(bounds + (<usize>columns << 2)), 4);
}

/**
 * Splits text into records of `columns` fields. Returns how many; state[0] is the address where reading stopped,
 * state[1] why, for a bad record state[2] its number of fields and state[3] the address behind it (0: not known), and
 * state[4] counts records that were passed over (added to what is there). `out` has room for maxRows + 1 records, and for
 * the bounds of one record's fields behind those that are only counted.
 */
export function csv_rows(state: usize, from: usize, end: usize, isFinal: i32, columns: i32, maxRows: i32, dialect: usize, flags: i32, out: usize): i32 {
  check(from, end - from);
  const counts = (flags & COUNT) != 0;
  const stride: usize = counts ? 8 : <usize>(columns + 1) << 2;
  check(out, <usize>(maxRows + 1) * stride + (counts ? <usize>(columns + 1) << 2 : 0));
  check(state, 20);
  check(dialect, 12);
  const quote = load<u8>(dialect, 1);
  const newline = load<u8>(dialect, 3);
  const hasQuote = load<u8>(dialect, 5) != 0;
  const hasComment = load<u8>(dialect, 7) != 0;
  const isSimd = load<u8>(dialect, 8) == 0 && !hasComment && (!hasQuote || load<u8>(dialect, 2) == quote);
  let row = from;
  let rows: i32 = 0;
  let status = FULL;
  while (rows < maxRows) {
    if (row >= end) {
      status = isFinal != 0 ? DONE : MORE;
      break;
    }
    if (isSimd) {
      if (counts) rows = countRecords(state, row, end, columns, rows, maxRows, dialect, out);
      else rows = splitRecords(state, row, end, columns, rows, maxRows, dialect, stride, out);
      row = <usize>load<u32>(state);
      if (rows == maxRows || row >= end) continue;
    }
    if (hasComment && load<u8>(row) == load<u8>(dialect, 4)) {
      const next = nextLine(row, end, newline, isFinal != 0);
      if (next == 0) {
        status = MORE;
        break;
      }
      row = next;
      continue;
    }
    const target = out + <usize>rows * stride;
    const fields = oneRecord(state, row, end, isFinal != 0, columns, dialect, target);
    let next = <usize>load<u32>(state);
    if (fields == columns) {
      if (counts) asOneField(target, columns);
      rows++;
      row = next;
      continue;
    }
    if (fields == -MORE) {
      status = MORE;
      break;
    }
    if (fields > 0) {
      if (fields == 1 && isBlank(row, next, newline)) {
        row = next;
        continue;
      }
      if (fields < columns && (flags & PAD) != 0) {
        for (let i = fields; i < columns; i++) {
          const p = target + (<usize>(i + 1) << 2);
          store<u32>(p, load<u32>(p - 4) + 1);
        }
        if (counts) asOneField(target, columns);
        // The last field that there is may end with CR, which only the last column loses.
        rows++;
        row = next;
        continue;
      }
      status = RAGGED;
      store<u32>(state, <u32>fields, 8);
    } else {
      status = -fields;
      next = status == BAD_QUOTE ? nextLine(next, end, newline, isFinal != 0) : end;
      if (next == 0) {
        status = MORE;
        break;
      }
    }
    store<u32>(state, <u32>next, 12);
    if ((flags & SKIP) == 0) break;
    store<u32>(state, load<u32>(state, 16) + 1, 16);
    status = FULL;
    row = next;
  }
  // So that the last record has an end.
  store<u32>(out + <usize>rows * stride, <u32>row);
  store<u32>(state, <u32>row);
  store<u32>(state, <u32>status, 4);
  return rows;
}

/** Records by 64 bytes at a time, up to one that needs a closer look, at state[0]. Returns the new number of rows. */
function splitRecords(state: usize, from: usize, end: usize, columns: i32, have: i32, maxRows: i32, dialect: usize, stride: usize, out: usize): i32 {
  const delimiters = i8x16.splat(load<i8>(dialect));
  const quotes = i8x16.splat(load<i8>(dialect, 1));
  const newlines = i8x16.splat(load<i8>(dialect, 3));
  const returns = i8x16.splat(13);
  const hasQuote = load<u8>(dialect, 5) != 0;
  let rows = have;
  let w = out + <usize>rows * stride;
  let row = from;
  let fields: i32 = 0;
  let inside: u64 = 0; // all ones within quotes
  let mayOpen: u64 = 1; // bit 0: a quote may open at the next byte
  let closed: u64 = 0; // the byte before was a closing quote
  store<u32>(w, <u32>row);
  w += 4;
  for (let p = from; p < end; p += 64) {
    let valid: u64 = ~(<u64>0);
    if (end - p < 64) valid = (<u64>1 << <u64>(end - p)) - 1;
    let n = mask64(p, newlines) & valid;
    let s = (mask64(p, delimiters) & valid) | n;
    if (hasQuote) {
      const q = mask64(p, quotes) & valid;
      if ((q | inside | closed) != 0) {
        const quoted = prefixXor(q) ^ inside;
        s &= ~quoted;
        n &= ~quoted;
        const closes = q & ~quoted;
        const opens = q & quoted;
        const follows = s | q | (mask64(p, returns) & valid);
        if (isMisplaced(opens, closes, s, follows, mayOpen, closed)) break;
        closed = closes >> 63;
        inside = <u64>(<i64>quoted >> 63);
        mayOpen = (s | closes) >> 63;
      } else mayOpen = s >> 63;
    }
    let isOdd = false;
    while (n != 0) {
      const upTo = n ^ (n - 1);
      let now = s & upTo;
      if (fields + <i32>popcnt(now) != columns) {
        isOdd = true;
        break;
      }
      const next = p + 1;
      row = next + <usize>ctz(n);
      while (now != 0) {
        store<u32>(w, <u32>(next + <usize>ctz(now)));
        w += 4;
        now &= now - 1;
      }
      s &= ~upTo;
      n &= n - 1;
      fields = 0;
      rows++;
      store<u32>(w, <u32>row);
      w += 4;
      if (rows == maxRows) {
        store<u32>(state, <u32>row);
        return rows;
      }
    }
    if (isOdd) break;
    fields += <i32>popcnt(s);
    if (fields >= columns) break;
    while (s != 0) {
      store<u32>(w, <u32>(p + 1 + <usize>ctz(s)));
      w += 4;
      s &= s - 1;
    }
  }
  store<u32>(state, <u32>row);
  return rows;
}
