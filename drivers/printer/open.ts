import type { Clock } from '#core/clock';
import { filePrinter } from './file.ts';
import type { PrinterTimings } from './link.ts';
import type { PrinterManner } from './link-printer.ts';
import type { PrinterAddress } from './parse-address.ts';
import type { PrinterPort } from './port.ts';
import { serialPrinter } from './serial.ts';
import { tcpPrinter } from './tcp.ts';

export interface PrinterDependencies {
  readonly clock: Clock;
  /** Deadlines that differ from the usual ones. */
  readonly timings?: Partial<PrinterTimings>;
  /** What the printer's profile says of drawer and answers; default what every receipt printer can. */
  readonly manner?: PrinterManner;
}

/** The printer at an address. Nothing is opened before the first call, so a missing printer delays no start. */
export function openPrinter(address: PrinterAddress, dependencies: PrinterDependencies): PrinterPort {
  const { clock } = dependencies;
  const timings = dependencies.timings ?? {};
  const manner = dependencies.manner === undefined ? {} : { manner: dependencies.manner };
  switch (address.kind) {
    case 'tcp':
      return tcpPrinter({ host: address.host, port: address.port, clock, timings, ...manner });
    case 'serial': {
      const { path, baudRate, flow } = address;
      return serialPrinter({ path, baudRate, flow, clock, timings, ...manner });
    }
    case 'file': {
      const { transferMs } = timings;
      return filePrinter({
        path: address.path,
        clock,
        ...manner,
        ...(transferMs === undefined ? {} : { transferMs }),
      });
    }
  }
}
