/**
 * Business time is Asia/Shanghai whatever the machine's zone. China has had no summer time since 1991,
 * so a fixed offset is exact for every date this program writes.
 */
const OFFSET_MS = 8 * 60 * 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;
let lastDay = { number: Number.NaN, text: '' };

/** `yyyy-MM-dd`, the business day (业务日) in which the instant falls. The last one is kept: it is mostly today. */
export function businessDay(epochMs: number): string {
  const number = Math.floor((epochMs + OFFSET_MS) / DAY_MS);
  if (number !== lastDay.number) lastDay = { number, text: shifted(epochMs).slice(0, 10) };
  return lastDay.text;
}

/** `yyyy-MM-dd HH:mm:ss`, the interface's DT type (interface table 1.1). */
export function businessDateTime(epochMs: number): string {
  return shifted(epochMs).slice(0, 19).replace('T', ' ');
}

/** Hour of the business day, 0 to 23. */
export function businessHour(epochMs: number): number {
  return Number(shifted(epochMs).slice(11, 13));
}

/** `yyyyMMddHHmmss`, as message ids carry it. */
export function compactDateTime(epochMs: number): string {
  return shifted(epochMs).slice(0, 19).replace(/[-T:]/g, '');
}

/** The instant of a DT value, or undefined when the text is not a real date and time. */
export function parseBusinessDateTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const epochMs = Date.parse(`${text.replace(' ', 'T')}Z`) - OFFSET_MS;
  if (Number.isNaN(epochMs) || businessDateTime(epochMs) !== text) return undefined;
  return epochMs;
}

function shifted(epochMs: number): string {
  return new Date(epochMs + OFFSET_MS).toISOString();
}
