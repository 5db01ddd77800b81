import { businessDateTime } from '#core/business-time';
import { type DeviceKind, type DeviceState, deviceKinds, type WatchedDevice } from '#core/domain/device';
import type { Fault } from '#core/fault';
import type { ReaderEvent } from '#drivers/card-reader/port';
import type { SecurityModulePort, SecurityModuleState } from '#drivers/security-module/port';
import type { CheckoutParts } from './parts.ts';
import { faultView } from './present/parts-of-view.ts';
import type { DeviceView } from './view.ts';

interface Trouble {
  readonly fault: Fault;
  readonly atMs: number;
  readonly count: number;
}

/** Every device of the counter with its state now, its last fault and how many there were. */
export class Devices {
  readonly #parts: CheckoutParts;
  readonly #onChange: () => void;
  readonly #troubles = new Map<string, Trouble>();
  readonly #endings: (() => void)[] = [];
  #printer: DeviceState = { kind: 'idle' };
  #drawer: DeviceState = { kind: 'idle' };

  constructor(parts: CheckoutParts, onChange: () => void) {
    this.#parts = parts;
    this.#onChange = onChange;
  }

  start(): void {
    for (const device of this.#watched()) {
      this.#remember(device.kind, device.address, device.state());
      this.#endings.push(device.onChange((state) => this.#changed(device.kind, device.address, state)));
    }
    this.#endings.push(this.#parts.cardDesk.onEvent((event) => this.#readerEvent(event)));
  }

  stop(): void {
    for (const end of this.#endings) end();
  }

  /** What the printer's last slip or answer said of it. */
  printerSaid(fault: Fault | undefined): void {
    this.#printer = fault === undefined ? { kind: 'ready' } : { kind: 'fault', fault };
    this.#changed('printer', this.#parts.printer?.address ?? '', this.#printer);
  }

  drawerSaid(fault: Fault | undefined): void {
    this.#drawer = fault === undefined ? { kind: 'ready' } : { kind: 'fault', fault };
    this.#changed('cash-drawer', this.#parts.printer?.address ?? '', this.#drawer);
  }

  views(): readonly DeviceView[] {
    const { printer, config } = this.#parts;
    const views = [
      ...this.#readers(),
      ...this.#watched().map((device) => this.#view(device.kind, device.address, device.state())),
    ];
    if (printer !== undefined) {
      views.push(this.#view('printer', printer.address, this.#printer));
      if (config.cash_drawer.connection === 'printer')
        views.push(this.#view('cash-drawer', printer.address, this.#drawer));
    }
    return views.sort((a, b) => deviceKinds.indexOf(a.kind) - deviceKinds.indexOf(b.kind));
  }

  #watched(): readonly WatchedDevice[] {
    const { pinPads, scanners, displays, keyStore, securityModule: module, config } = this.#parts;
    const modules = module === undefined ? [] : [moduleDevice(module, config.reader.security_module)];
    return [...pinPads, ...scanners, ...displays, keyStore, ...modules];
  }

  #readers(): DeviceView[] {
    const { cardDesk, config } = this.#parts;
    const status = cardDesk.status();
    if (!status.ok)
      return [this.#view('card-reader', config.reader.name, { kind: 'fault', fault: status.error })];
    return cardDesk
      .readers()
      .map(({ reader, card }) => this.#view('card-reader', reader, { kind: 'ready', detail: card }));
  }

  #readerEvent(event: ReaderEvent): void {
    if (event.kind === 'reader-removed' || event.kind === 'card-mute')
      this.#changed('card-reader', event.reader, { kind: 'fault', fault: event.fault });
    else if (event.kind === 'service-lost')
      this.#changed('card-reader', this.#parts.config.reader.name, { kind: 'fault', fault: event.fault });
  }

  #changed(kind: DeviceKind, address: string, state: DeviceState): void {
    this.#remember(kind, address, state);
    this.#onChange();
  }

  #remember(kind: DeviceKind, address: string, state: DeviceState): void {
    if (state.kind !== 'fault') return;
    const key = `${kind} ${address}`;
    const count = (this.#troubles.get(key)?.count ?? 0) + 1;
    this.#troubles.set(key, { fault: state.fault, atMs: this.#parts.clock.nowMs(), count });
    this.#parts.log.warn({ kind, address, code: state.fault.code }, 'a device reports a fault');
  }

  #view(kind: DeviceKind, address: string, state: DeviceState): DeviceView {
    const trouble = this.#troubles.get(`${kind} ${address}`);
    const detail = state.kind === 'ready' ? state.detail : undefined;
    return {
      kind,
      address,
      state: state.kind,
      ...(detail === undefined ? {} : { detail }),
      ...(state.kind === 'fault' ? { fault: faultView(state.fault) } : {}),
      ...(trouble === undefined ? {} : { lastFault: lastFault(trouble) }),
      faults: trouble?.count ?? 0,
    };
  }
}

function lastFault({ fault, atMs }: Trouble): NonNullable<DeviceView['lastFault']> {
  return { code: fault.code, zh: fault.zh, en: fault.en, at: businessDateTime(atMs) };
}

/** The security module's port speaks of itself in its own words: here it stands among the other devices. */
function moduleDevice(module: SecurityModulePort, address: string): WatchedDevice {
  return {
    kind: 'security-module',
    address,
    state: () => moduleState(module.state()),
    onChange: (listener) => module.onChange((state) => listener(moduleState(state))),
  };
}

function moduleState(state: SecurityModuleState): DeviceState {
  if (state.kind === 'missing') return { kind: 'fault', fault: state.fault };
  const { terminalNumber, serial } = state.identity;
  return { kind: 'ready', detail: `${terminalNumber} / ${serial}` };
}
