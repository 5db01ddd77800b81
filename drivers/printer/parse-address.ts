import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { parseSerialAddress, type SerialAddress } from '#core/serial-address';

/** Where a printer is, as `GUITAI_PRINTER` and `guitai.toml` name it. */
export type PrinterAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | ({ readonly kind: 'serial' } & SerialAddress)
  | { readonly kind: 'file'; readonly path: string };

const RAW_PORT = 9100;

/**
 * `tcp://host[:9100]`, `serial:PATH[?baud=19200&flow=rtscts|xonxoff|none]`, `file:PATH`. Anything else is the
 * permanent fault `printer-address-invalid`, whose detail names the part that is wrong.
 */
export function parsePrinterAddress(text: string): Result<PrinterAddress, Fault> {
  if (text.startsWith('tcp://')) return parseTcp(text.slice('tcp://'.length));
  if (text.startsWith('serial:')) return parseSerial(text);
  if (text.startsWith('file:')) return parseFile(text.slice('file:'.length));
  return invalid('it begins with none of tcp://, serial:, file:');
}

function parseTcp(rest: string): Result<PrinterAddress, Fault> {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]?#@]+))(?::(\d{1,5}))?\/?$/.exec(rest);
  const host = parts?.[1] ?? parts?.[2];
  if (host === undefined) return invalid('host or port cannot be read');
  const port = Number(parts?.[3] ?? RAW_PORT);
  if (port < 1 || port > 65_535) return invalid('the port is not between 1 and 65535');
  return ok({ kind: 'tcp', host, port });
}

function parseSerial(text: string): Result<PrinterAddress, Fault> {
  const address = parseSerialAddress(text);
  return address.ok ? ok({ kind: 'serial', ...address.value }) : invalid(address.error);
}

function parseFile(path: string): Result<PrinterAddress, Fault> {
  if (path.trim() === '' || path.includes('\0')) return invalid('the path of the file is missing');
  return ok({ kind: 'file', path });
}

function invalid(detail: string): Result<never, Fault> {
  return err(fault('printer-address-invalid', detail));
}
