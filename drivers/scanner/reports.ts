import type { DeviceState } from '#core/domain/device';
import { fault } from '#core/fault';
import { scanText } from './scan-text.ts';

/** State and listeners of one scanner, the same for every kind of connection. */
export class ScannerReports {
  readonly #scanListeners = new Set<(text: string) => void>();
  readonly #stateListeners = new Set<(state: DeviceState) => void>();
  #state: DeviceState = { kind: 'idle' };

  state(): DeviceState {
    return this.#state;
  }

  onScan(listener: (text: string) => void): () => void {
    this.#scanListeners.add(listener);
    return () => void this.#scanListeners.delete(listener);
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /** One whole scan; `prefix` is the symbology. A text that cannot be read is a fault until the next one. */
  scanned(bytes: Uint8Array, prefix = ''): void {
    const text = scanText(bytes);
    if (!text.ok) this.garbled(text.error);
    else if (text.value !== undefined) this.#tell(`${prefix}${text.value}`);
  }

  #tell(text: string): void {
    this.set({ kind: 'ready' });
    for (const listener of [...this.#scanListeners]) listener(text);
  }

  garbled(detail: string): void {
    this.set({ kind: 'fault', fault: fault('scanner-garbled', detail) });
  }

  missing(detail: string): void {
    this.set({ kind: 'fault', fault: fault('scanner-missing', detail) });
  }

  set(state: DeviceState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === state.kind && state.kind !== 'fault') return;
    if (before.kind === 'fault' && state.kind === 'fault' && before.fault.code === state.fault.code) return;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}
