import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { parseSerialAddress } from '#core/serial-address';
import { hidScanner, parseHidAddress } from './hid.ts';
import type { ScannerPort } from './port.ts';
import { serialScanner } from './serial.ts';

/** The scanner at an address of the configuration, `hid:05e0:1900` or `serial:PATH[?baud=9600]`; not started. */
export function openScanner(address: string, clock: Clock): Result<ScannerPort, Fault> {
  const hid = parseHidAddress(address);
  if (hid !== undefined) return ok(hidScanner({ ...hid, clock }));
  const serial = parseSerialAddress(address);
  if (!serial.ok) return err(fault('config-invalid', `scanner: ${serial.error}`));
  return ok(serialScanner({ address: serial.value, clock }));
}
