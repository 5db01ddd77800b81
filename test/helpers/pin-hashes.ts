import { hashPin } from '#checkout/operators';

const made = new Map<string, Promise<string>>();

/** `pin_hash` of a test's operator; made to be slow, so once in a process. */
export function pinHash(pin: string): Promise<string> {
  const before = made.get(pin);
  if (before !== undefined) return before;
  const hash = hashPin(pin);
  made.set(pin, hash);
  return hash;
}
