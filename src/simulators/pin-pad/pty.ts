import { join } from 'node:path';
import { type DeviceOnPty, deviceOnPty } from '../pty.ts';
import { VirtualPinPad, type VirtualPinPadOptions } from './virtual-pad.ts';

export interface PinPadOnPty extends DeviceOnPty {
  readonly pad: VirtualPinPad;
  /** Unplugs and ends socat. */
  stop(): Promise<void>;
}

/** A virtual pad on `FOLDER/pin-pad`. Rejects when socat is missing. */
export async function startPinPadOnPty(folder: string, options: VirtualPinPadOptions): Promise<PinPadOnPty> {
  const pad = new VirtualPinPad(options);
  const line = deviceOnPty(join(folder, 'pin-pad'), pad);
  await line.plug();
  return { ...line, pad, stop: () => line.unplug() };
}
