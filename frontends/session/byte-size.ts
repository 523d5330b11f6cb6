const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  byte: 1,
  bytes: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes of a text such as '512MB' (10⁶), '2 GiB' (2³⁰), or 'unlimited'; undefined when it is none. */
export function parseByteSize(text: string): number | undefined {
  if (/^(none|unlimited|-1)$/i.test(text.trim())) return Number.POSITIVE_INFINITY;
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const scale = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  return number === undefined || scale === undefined ? undefined : Math.floor(Number(number) * scale);
}

/** A number of bytes for people: '1.5 GiB'. */
export function formatByteSize(bytes: number): string {
  if (bytes === Number.POSITIVE_INFINITY) return 'unlimited';
  for (const [unit, scale] of [
    ['TiB', 2 ** 40],
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (bytes >= scale) return `${(bytes / scale).toFixed(1)} ${unit}`;
  }
  return `${bytes} bytes`;
}
