import type { Clock } from '#core/clock';
import { fault } from '#core/fault';
import type { SerialAddress } from '#core/serial-address';
import type { ByteOpener } from '../serial/byte-port.ts';
import { keepOpen, type LineOptions, openSerialLine } from '../serial/line.ts';
import { PadClient, type TalkingPinPad } from './client.ts';

/** Milliseconds; the usual ones suit a pad at 9600 baud. */
export interface PinPadTimings {
  /** Wait between tries to find the pad. Default 1 s. */
  readonly retryMs?: number;
  /** How often a pad that is ready is asked for its state. Default 3 s. */
  readonly probeEveryMs?: number;
  /** Deadline of each question. Default 2 s. */
  readonly answerMs?: number;
  /** How long after the time of an entry the pad's own word is waited for. Default 3 s. */
  readonly graceMs?: number;
}

export interface SerialPinPadOptions extends PinPadTimings {
  readonly address: SerialAddress;
  /** Transport key, 16 bytes, see `readPadKey`. */
  readonly key: Uint8Array;
  readonly clock: Clock;
}

export interface CablePinPadOptions extends PinPadTimings {
  readonly opener: ByteOpener;
  readonly address: string;
  readonly key: Uint8Array;
  readonly clock: Clock;
}

/** A PIN pad that speaks PROTOCOL.md on a serial port. */
export function serialPinPad(options: SerialPinPadOptions): TalkingPinPad {
  const { address, key, clock } = options;
  return new PadClient({
    ...options,
    address: `serial:${address.path}`,
    key,
    clock,
    openLine: (probe) => openSerialLine({ ...lineOptions(options, probe), address }),
  });
}

/** The same over a cable inside this process (`drivers/serial/memory`): the training shop's own pad. */
export function cablePinPad(options: CablePinPadOptions): TalkingPinPad {
  return new PadClient({
    ...options,
    openLine: (probe) => keepOpen(options.opener, lineOptions(options, probe)),
  });
}

function lineOptions(
  options: PinPadTimings & { readonly clock: Clock },
  probe: () => Promise<boolean>,
): LineOptions {
  const { clock, retryMs = 1_000, probeEveryMs = 3_000, answerMs = 2_000 } = options;
  return {
    clock,
    retryMs,
    probe,
    probeEveryMs,
    // Behind the pad's own deadline, so that the pad's word comes first.
    probeMs: answerMs + 500,
    missingFault: (detail) => fault('pin-pad-missing', detail),
  };
}
