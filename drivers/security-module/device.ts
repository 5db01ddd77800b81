import type { DeviceState, WatchedDevice } from '#core/domain/device';
import type { SecurityModulePort, SecurityModuleState } from './port.ts';

/** Shows a security module in the list of devices; `address` is the configured part of its slot's name. */
export function watchModule(module: SecurityModulePort, address: string): WatchedDevice {
  return {
    kind: 'security-module',
    address,
    state: () => deviceState(module.state()),
    onChange: (listener) => module.onChange((state) => listener(deviceState(state))),
  };
}

function deviceState(state: SecurityModuleState): DeviceState {
  return state.kind === 'ready'
    ? { kind: 'ready', detail: state.identity.terminalNumber }
    : { kind: 'fault', fault: state.fault };
}
