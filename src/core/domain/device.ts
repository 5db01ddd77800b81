import type { Fault } from '../fault.ts';

/** Kinds of devices on a counter (设备), in the order in which a list shows them. */
export const deviceKinds = [
  'card-reader',
  'security-module',
  'pin-pad',
  'scanner',
  'printer',
  'cash-drawer',
  'customer-display',
  'key-store',
] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/**
 * How a device stands. `idle`: configured and not tried yet (a printer is opened with its first slip).
 * A fault is told until the device answers again; recovery is the driver's own business.
 */
export type DeviceState =
  | { readonly kind: 'ready'; readonly detail?: string }
  | { readonly kind: 'idle' }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** What every device driver shows of itself, whatever else it can do. */
export interface WatchedDevice {
  readonly kind: DeviceKind;
  /** Where it is, as configured or found: `serial:/dev/ttyUSB0`, `hid:05e0:1900`, a reader's name. */
  readonly address: string;
  state(): DeviceState;
  /** Called after every change of state; the answer ends it. */
  onChange(listener: (state: DeviceState) => void): () => void;
}
