/**
 * Whether one agency version (版本号, or the day of the last change) comes after another: numbers by size, all
 * else as text, in which the forms that were seen (`F001_20250801000000_A`, `2025-08-01`) sort by time.
 */
export function laterVersion(a: string, b: string): boolean {
  if (/^\d+$/.test(a) && /^\d+$/.test(b) && a.length !== b.length) return a.length > b.length;
  return a > b;
}
