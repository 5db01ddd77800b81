import { err, ok, type Result } from './result.ts';

/** Flow control of a serial line: by wires (RTS/CTS), by XON/XOFF bytes, or none. */
export type SerialFlow = 'rtscts' | 'xonxoff' | 'none';

export interface SerialAddress {
  readonly path: string;
  readonly baudRate: number;
  readonly flow: SerialFlow;
}

const BAUD_RATE = 9600;

/**
 * `serial:PATH[?baud=19200&flow=rtscts|xonxoff|none]`, as `guitai.toml` names it. The error says which part
 * is wrong, in English, for the detail of a fault.
 */
export function parseSerialAddress(text: string): Result<SerialAddress, string> {
  if (!text.startsWith('serial:')) return err('it does not begin with serial:');
  const [path = '', query = '', ...more] = text.slice('serial:'.length).split('?');
  if (path.trim() === '' || more.length > 0) return err('the path of the serial port is missing');
  const settings = new URLSearchParams(query);
  for (const key of settings.keys()) {
    if (key !== 'baud' && key !== 'flow') return err(`unknown setting ${key}`);
  }
  const baud = settings.get('baud') ?? String(BAUD_RATE);
  if (!/^\d{3,7}$/.test(baud)) return err('baud is not a speed');
  const flow = settings.get('flow') ?? 'none';
  if (flow !== 'none' && flow !== 'rtscts' && flow !== 'xonxoff') {
    return err('flow is none of rtscts, xonxoff, none');
  }
  return ok({ path, baudRate: Number(baud), flow });
}
