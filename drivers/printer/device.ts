import type { DeviceState, WatchedDevice } from '#core/domain/device';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { PrinterPort } from './port.ts';
import { notReady } from './status.ts';

/** A printer that also shows how it stood at its last answer. */
export type WatchedPrinter = PrinterPort & WatchedDevice;

/**
 * Watches a printer through its own answers: nothing is asked or opened for it, so a network printer keeps its
 * one connection for slips. `idle` until the first answer; beeps tell nothing.
 */
export function watchPrinter(printer: PrinterPort): WatchedPrinter {
  const listeners = new Set<(state: DeviceState) => void>();
  let state: DeviceState = { kind: 'idle' };
  const set = (next: DeviceState): void => {
    const same =
      next.kind === state.kind &&
      (next.kind !== 'fault' || (state.kind === 'fault' && state.fault.code === next.fault.code)) &&
      (next.kind !== 'ready' || (state.kind === 'ready' && state.detail === next.detail));
    state = next;
    if (!same) for (const listener of [...listeners]) listener(next);
  };
  const told = async (answer: Promise<Result<void, Fault>>): Promise<Result<void, Fault>> => {
    const result = await answer;
    set(result.ok ? { kind: 'ready' } : { kind: 'fault', fault: result.error });
    return result;
  };
  return {
    kind: 'printer',
    address: printer.address,
    state: () => state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    status: async () => {
      const result = await printer.status();
      const why = result.ok ? notReady(result.value) : result.error;
      if (why !== undefined) set({ kind: 'fault', fault: why });
      else if (result.ok && result.value.paper === 'low') set({ kind: 'ready', detail: 'paper low' });
      else set({ kind: 'ready' });
      return result;
    },
    print: (bytes) => told(printer.print(bytes)),
    // Opens without paper too, so its success says nothing about paper; its fault says something.
    openDrawer: async () => {
      const result = await printer.openDrawer();
      if (!result.ok) set({ kind: 'fault', fault: result.error });
      return result;
    },
    beep: () => printer.beep(),
    close: () => printer.close(),
  };
}
