import { Pin } from '#core/pin';

/** A PIN as a pad would hand it over; the digits of a test are no secret. */
export function pinOf(digits: string): Pin {
  const pin = Pin.fromAscii(Buffer.from(digits, 'ascii'));
  if (!pin.ok) throw new Error(pin.error.code);
  return pin.value;
}
