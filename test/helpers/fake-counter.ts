import type { TerminalKeyRow, Till } from '#checkout/facade';
import { acceptedNumber } from '#checkout/identity-number';
import type { CustomerView, DeviceView, TillView } from '#checkout/view';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';

/** One of each kind that a screen tells apart: ready, not used yet, and back after a fault. */
export const fakeDevices: DeviceView[] = [
  { kind: 'card-reader', address: 'Virtual Reader 00', state: 'ready', detail: 'none', faults: 0 },
  {
    kind: 'security-module',
    address: 'Virtual Reader 01',
    state: 'ready',
    detail: '990100000001',
    faults: 0,
  },
  {
    kind: 'scanner',
    address: 'serial:/dev/ttyUSB0',
    state: 'fault',
    fault: { ...fault('scanner-missing') },
    lastFault: {
      code: 'scanner-missing',
      zh: fault('scanner-missing').zh,
      en: fault('scanner-missing').en,
      at: '2026-03-02 09:12:00',
    },
    faults: 2,
  },
  { kind: 'printer', address: 'tcp://127.0.0.1:9100', state: 'idle', faults: 0 },
];

/** What the real till refuses before anybody is asked. */
export function numberFault(request: Parameters<Till['identifyByNumber']>[0]): FaultCode | undefined {
  if (!acceptedNumber(request.identityNumber, true)) return 'identity-number-check';
  return [...request.reason.trim()].length < 4 ? 'reason-missing' : undefined;
}

/** The customer's side of the same view. */
export function fakeCustomer(view: TillView, screen: Partial<CustomerView> = {}): CustomerView {
  const { sale, holder, revision, shopName, training } = view;
  const { split } = sale;
  return {
    revision,
    shopName,
    training,
    state: sale.state,
    ...(holder.name === undefined ? {} : { holderName: `${holder.name[0]}**` }),
    lines: sale.lines.map(({ lineNumber, product, quantity, amount }) => ({
      lineNumber,
      name: product.tradeName ?? product.genericName,
      specification: product.specification,
      quantity,
      unit: product.packUnit,
      price: product.price,
      amount,
      insuranceClass: product.insuranceClass,
      unmapped: product.nationalCode === undefined,
    })),
    total: sale.total,
    ...(split === undefined ? {} : { fundTotal: split.fundTotal, account: split.account, cash: split.cash }),
    ...(sale.changeDue === undefined ? {} : { changeDue: sale.changeDue }),
    hint: hintOf(view),
    mode: 'normal',
    speech: false,
    ...screen,
  };
}

function hintOf({ sale, pin }: TillView): CustomerView['hint'] {
  if (pin.waiting) return 'enter-pin';
  if (sale.state === 'done') return 'thanks';
  if (sale.state === 'unknown') return 'ask-staff';
  if (sale.state === 'confirming') return sale.split?.cash === '0.00' ? 'check' : 'pay';
  return sale.lines.length === 0 ? 'welcome' : 'scanning';
}

/** Terminal keys without cryptography: states and order as the real store keeps them. */
export class FakeKeys {
  #rows: TerminalKeyRow[] = [row(1, 'new')];

  rows(): readonly TerminalKeyRow[] {
    return this.#rows;
  }

  async enrol(code: string): Promise<Result<TerminalKeyRow, Fault>> {
    if (this.#rows.some(({ state }) => state === 'enrolled')) return err(fault('terminal-key-enrolled'));
    if (code === '') return err(fault('agency-refused'));
    return this.#mark('new', 'enrolled');
  }

  async rotate(): Promise<Result<TerminalKeyRow, Fault>> {
    const old = this.#mark('enrolled', 'retired');
    if (!old.ok) return old;
    const made = row(this.#rows.length + 1, 'enrolled');
    this.#rows = [...this.#rows, made];
    return ok(made);
  }

  async revoke(): Promise<Result<TerminalKeyRow, Fault>> {
    return this.#mark('enrolled', 'revoked');
  }

  #mark(was: TerminalKeyRow['state'], state: TerminalKeyRow['state']): Result<TerminalKeyRow, Fault> {
    const found = this.#rows.find((one) => one.state === was);
    if (found === undefined) return err(fault('key-none'));
    const marked = { ...found, state };
    this.#rows = this.#rows.map((one) => (one === found ? marked : one));
    return ok(marked);
  }
}

function row(place: number, state: TerminalKeyRow['state']): TerminalKeyRow {
  const keyId = place.toString(16).toUpperCase().padStart(16, '0');
  return { keyId, publicKey: `04${'AB'.repeat(64)}`, state, createdAt: '2026-03-02 09:00:00' };
}
