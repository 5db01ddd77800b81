import type { PrinterProfile } from '#core/printer-profile';

type Drawer = NonNullable<PrinterProfile['drawer']>;

/**
 * ESC p m t1 t2: a pulse on a pin of the drawer's socket, times in units of 2 ms. Worked off in order, so only while
 * the printer is on line.
 */
export function drawerPulse({ pin, on_ms, off_ms }: Drawer): Uint8Array {
  return Uint8Array.of(0x1b, 0x70, pin === 5 ? 1 : 0, Math.round(on_ms / 2), Math.round(off_ms / 2));
}

/**
 * DLE DC4 1 m t: the same pulse in real time, in units of 100 ms. A printer without paper or with its cover open holds
 * ESC p back until that is cured and would open the drawer then, with nobody there.
 */
export function drawerPulseNow({ pin, on_ms }: Drawer): Uint8Array {
  const units = Math.min(8, Math.max(1, Math.round(on_ms / 100)));
  return Uint8Array.of(0x10, 0x14, 0x01, pin === 5 ? 1 : 0, units);
}

/** ESC B n t: two tones of 100 ms (t in units of 50 ms) on printers with a buzzer. */
export const buzzer: Uint8Array = Uint8Array.of(0x1b, 0x42, 0x02, 0x02);
