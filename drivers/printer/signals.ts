/**
 * ESC p m t1 t2: a pulse on pin 2 of the drawer's socket, 50 ms on (t1 in units of 2 ms) and 500 ms of rest.
 * Worked off in order, so only while the printer is on line.
 */
export const drawerPulse: Uint8Array = Uint8Array.of(0x1b, 0x70, 0x00, 25, 250);

/**
 * DLE DC4 1 m t: the same pulse in real time, 100 ms. A printer without paper or with its cover open holds
 * ESC p back until that is cured and would open the drawer then, with nobody there.
 */
export const drawerPulseNow: Uint8Array = Uint8Array.of(0x10, 0x14, 0x01, 0x00, 0x01);

/** ESC B n t: two tones of 100 ms (t in units of 50 ms) on printers with a buzzer. */
export const buzzer: Uint8Array = Uint8Array.of(0x1b, 0x42, 0x02, 0x02);
