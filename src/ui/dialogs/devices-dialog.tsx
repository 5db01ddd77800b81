import type { DeviceView, TillView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { timeOf } from '../format.ts';
import { first, SECOND, second } from '../language.ts';
import { type TextKey, texts } from '../texts.ts';
import { Words } from '../words.tsx';

const KINDS = {
  'card-reader': 'kindCardReader',
  'security-module': 'kindSecurityModule',
  'pin-pad': 'kindPinPad',
  scanner: 'kindScanner',
  printer: 'kindPrinter',
  'cash-drawer': 'kindDrawer',
  'customer-display': 'kindDisplay',
  'key-store': 'kindKeyStore',
} as const satisfies Record<DeviceView['kind'], TextKey>;
const STATES = { ready: 'ready', idle: 'deviceIdle', fault: 'faulty' } as const;
const TONES = { ready: 'ok', idle: 'idle', fault: 'bad' } as const;

/** Every device of the counter, with what is wrong now and what was wrong last. */
export function DevicesDialog({ till, onClose }: { till: TillView; onClose: () => void }) {
  return (
    <Dialog title="devicesTitle" testId="devices-dialog" wide onClose={onClose}>
      <DeviceList till={till} />
    </Dialog>
  );
}

/** The same without the dialog, for the back office. */
export function DeviceList({ till }: { till: TillView }) {
  return till.devices.length === 0 ? (
    <p class="list-empty">
      <Words k="devicesNone" />
    </p>
  ) : (
    <ul class="doctor devices" aria-label={first(texts.devicesTitle)}>
      {till.devices.map((device) => (
        <Device key={`${device.kind} ${device.address}`} device={device} />
      ))}
    </ul>
  );
}

function Device({ device }: { device: DeviceView }) {
  const { kind, address, state, detail, fault, lastFault, faults } = device;
  return (
    <li class={`doctor-row device ${TONES[state]}`} data-testid={`device-${kind}`} data-state={state}>
      <i class="light" aria-hidden="true" />
      <span class="device-what">
        <b>
          <Words k={KINDS[kind]} />
        </b>
        <span class="device-address">{address}</span>
        {detail === undefined ? null : <span class="muted small">{detail}</span>}
      </span>
      <span class="device-state">
        <Words k={STATES[state]} />
      </span>
      {fault === undefined ? null : <FaultNote fault={fault} tone="warn" />}
      {lastFault === undefined ? null : (
        <p class="device-last muted small" data-testid={`device-last-${kind}`}>
          {faults} {first(texts.deviceFaults)} · {first(texts.deviceLast)} {timeOf(lastFault.at)}{' '}
          {first(lastFault)} <code>{lastFault.code}</code>{' '}
          {fault === undefined ? (
            <span>
              {first(texts.deviceBack)} <small lang={SECOND}>{second(texts.deviceBack)}</small>
            </span>
          ) : null}
        </p>
      )}
    </li>
  );
}
