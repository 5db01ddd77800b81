import type { Clock } from '#core/clock';
import type { Config } from '#core/config/schema';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { parseSerialAddress, type SerialAddress } from '#core/serial-address';
import type { CustomerDisplayPort } from '#drivers/customer-display/port';
import { serialCustomerDisplay } from '#drivers/customer-display/serial';
import { readPadKey } from '#drivers/pin-pad/key-file';
import type { PinPadPort } from '#drivers/pin-pad/port';
import { serialPinPad } from '#drivers/pin-pad/serial';
import { openScanner } from '#drivers/scanner/open';
import type { ScannerPort } from '#drivers/scanner/port';

/** Devices that stand beside reader and printer, as the configuration names them; not started yet. */
export interface CounterDevices {
  readonly pinPads: readonly PinPadPort[];
  readonly scanners: readonly ScannerPort[];
  readonly displays: readonly CustomerDisplayPort[];
}

export const noCounterDevices: CounterDevices = { pinPads: [], scanners: [], displays: [] };

/** The real devices. A wrong address or key file is the configuration's fault; a missing device is not. */
export function configuredDevices(config: Config, clock: Clock): Result<CounterDevices, Fault> {
  const pinPads = all(config.pin_pads, (entry) => openPinPad(entry, clock));
  if (!pinPads.ok) return pinPads;
  const scanners = all(config.scanners, ({ address }) => openScanner(address, clock));
  if (!scanners.ok) return scanners;
  const displays = all(config.customer_displays, (entry) => openDisplay(entry, clock));
  if (!displays.ok) return displays;
  return ok({ pinPads: pinPads.value, scanners: scanners.value, displays: displays.value });
}

/** Looks for every device at once; none of them delays the till by more than its own deadline. */
export async function startDevices({ pinPads, scanners, displays }: CounterDevices): Promise<void> {
  await Promise.all([...pinPads, ...scanners, ...displays].map((device) => device.start()));
}

export async function stopDevices({ pinPads, scanners, displays }: CounterDevices): Promise<void> {
  await Promise.all([...pinPads, ...scanners, ...displays].map((device) => device.stop()));
}

function openPinPad(entry: Config['pin_pads'][number], clock: Clock): Result<PinPadPort, Fault> {
  const address = serialAddressOf(entry.address, 'pin_pads');
  if (!address.ok) return address;
  const key = readPadKey(entry.key_file);
  return key.ok ? ok(serialPinPad({ address: address.value, key: key.value, clock })) : key;
}

function openDisplay(
  { address: text, columns, charset }: Config['customer_displays'][number],
  clock: Clock,
): Result<CustomerDisplayPort, Fault> {
  const address = serialAddressOf(text, 'customer_displays');
  return address.ok
    ? ok(serialCustomerDisplay({ address: address.value, columns, charset, clock }))
    : address;
}

function serialAddressOf(text: string, table: string): Result<SerialAddress, Fault> {
  const address = parseSerialAddress(text);
  return address.ok ? address : err(fault('config-invalid', `${table}: ${address.error}`));
}

function all<T, U>(entries: readonly T[], open: (entry: T) => Result<U, Fault>): Result<U[], Fault> {
  const opened: U[] = [];
  for (const entry of entries) {
    const one = open(entry);
    if (!one.ok) return one;
    opened.push(one.value);
  }
  return ok(opened);
}
