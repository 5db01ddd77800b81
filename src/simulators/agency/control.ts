import type { CardStatus } from '#agency/port';
import type { Blacklist } from '#core/domain/blacklist';
import { fen, type Money, sumMoney, zeroMoney } from '#core/money';
import type { AgencyFaultKind } from '#core/training';
import type { BlacklistEntry } from './blacklist.ts';
import type { CatalogueControl } from './catalogue/control.ts';
import type { IssuedCertificate } from './certificates.ts';
import type { AgencyContext } from './context.ts';
import { type AgencyFault, type FaultBoard, faultSchema } from './faults.ts';
import type { AgencyGateway, HandledMessage, RecordedViolation } from './gateway.ts';
import type { HeldRequests } from './held.ts';
import type { AgencyLink } from './link.ts';
import type { OfflineSaleRecord } from './offline-sales.ts';
import type { InsuredPerson } from './person.ts';
import type { AccountState, LedgerEvent, ReversalRecord, SettlementRecord } from './records.ts';
import type { TerminalKeyRecord } from './terminal-keys.ts';

/** What one sale took at the agency, by its invoice number. */
export interface SaleCharges {
  /** Every settlement and cancellation that carries the number, also the undone ones. */
  readonly records: readonly SettlementRecord[];
  /** Settlements that stand: neither cancelled nor reversed. More than one is a double charge. */
  readonly standing: readonly SettlementRecord[];
  readonly account: Money;
  readonly fund: Money;
}

export interface ControlState {
  readonly cut: boolean;
  readonly faults: readonly AgencyFault[];
  readonly held: readonly string[];
}

/** Switches and looks into the simulated agency; the same by function and over the control address. */
export class AgencyControl {
  /** The catalogue tables, and with them what settlement goes by. */
  readonly catalogue: CatalogueControl;
  readonly #context: AgencyContext;
  readonly #gateway: AgencyGateway;
  readonly #faults: FaultBoard;
  readonly #held: HeldRequests;
  readonly #link: AgencyLink;

  constructor(
    context: AgencyContext,
    parts: {
      gateway: AgencyGateway;
      faults: FaultBoard;
      held: HeldRequests;
      link: AgencyLink;
      catalogue: CatalogueControl;
    },
  ) {
    this.#context = context;
    this.catalogue = parts.catalogue;
    this.#gateway = parts.gateway;
    this.#faults = parts.faults;
    this.#held = parts.held;
    this.#link = parts.link;
  }

  /** Replaces all faults by this one; `none` only clears, `cut` also closes the line. */
  async setFault(fault: AgencyFault | AgencyFaultKind): Promise<void> {
    const wanted = faultSchema.parse(typeof fault === 'string' ? { kind: fault } : fault);
    this.#faults.clear();
    if (wanted.kind === 'cut') {
      await this.cut();
      return;
    }
    await this.restore();
    if (wanted.kind !== 'none') this.#faults.add(wanted);
  }

  /** Adds a fault behind those that wait; a request meets the first that fits it. */
  async addFault(fault: AgencyFault): Promise<void> {
    const wanted = faultSchema.parse(fault);
    if (wanted.kind === 'cut') await this.cut();
    else if (wanted.kind !== 'none') this.#faults.add(wanted);
  }

  /** No faults, line open. Held requests stay held. */
  clearFaults(): Promise<void> {
    return this.setFault('none');
  }

  /** Closes the listener and every connection: from now on connections are refused. */
  cut(): Promise<void> {
    return this.#link.cut();
  }

  /** Listens again on the same port. */
  restore(): Promise<void> {
    return this.#link.restore();
  }

  state(): ControlState {
    return { cut: !this.#link.listening, faults: this.#faults.list(), held: this.#held.list() };
  }

  /** Message ids of requests that are held back. */
  held(): string[] {
    return this.#held.list();
  }

  /** Delivers held requests now, all or the one named; answers how many arrived. */
  deliverHeld(messageId?: string): number {
    const wanted = messageId === undefined ? this.#held.list() : [messageId];
    return wanted.filter((each) => this.#held.deliver(each)).length;
  }

  persons(): readonly InsuredPerson[] {
    return [...this.#context.persons.values()];
  }

  account(personNumber: string): AccountState | undefined {
    return this.#context.ledger.account(personNumber);
  }

  settlements(): SettlementRecord[] {
    return this.#context.ledger.settlements();
  }

  events(): LedgerEvent[] {
    return this.#context.ledger.events();
  }

  /** Accepted 2601s, also those that found nothing. */
  reversals(): ReversalRecord[] {
    return this.#context.ledger.reversals();
  }

  chargesOf(saleNumber: string): SaleCharges {
    const records = saleNumber === '' ? [] : this.#context.ledger.bySale(saleNumber);
    const standing = records.filter((record) => record.kind === 'settlement' && record.state === 'booked');
    return {
      records,
      standing,
      account: standing.length === 0 ? zeroMoney : sumMoney(standing.map((record) => record.account)),
      fund: standing.length === 0 ? zeroMoney : sumMoney(standing.map((record) => record.fund)),
    };
  }

  /** Messages that broke the interface, since the start of this process. */
  violations(): readonly RecordedViolation[] {
    return [...this.#gateway.violations];
  }

  /** Every message that was processed, since the start of this process. */
  messages(): readonly HandledMessage[] {
    return [...this.#gateway.messages];
  }

  /** What 1904 and settlements by card say; `sinceMs` (default now) counts for offline sales uploaded later. */
  setCardStatus(cardId: string, status: CardStatus, sinceMs = this.#context.clock.nowMs()): void {
    this.#context.database
      .prepare('INSERT INTO card_event (card_id, status, at_ms) VALUES (?, ?, ?)')
      .run(cardId.toUpperCase(), status, Math.trunc(sinceMs));
  }

  /** Sets an account balance, fen: a purchase somewhere else, or money that came in. */
  setBalance(personNumber: string, balance: bigint): void {
    this.#context.ledger.setBalance(personNumber, fen(balance));
  }

  /** Ends every sign-in; the next message that carries a sign-in number is refused. */
  expireSignIns(): void {
    this.#context.database.prepare('UPDATE sign_in SET open = 0').run();
  }

  /** A QR code of an electronic certificate as the holder's phone shows it: good for 60 s and one decoding. */
  issueCertificate(holder: string): IssuedCertificate | undefined {
    const person = [...this.#context.persons.values()].find(
      ({ personNumber, card }) => personNumber === holder || card?.cardId === holder.toUpperCase(),
    );
    return person === undefined ? undefined : this.#context.certificates.issue(person.personNumber);
  }

  /** The blacklist of cards (黑名单) as G002 tells it. */
  blacklist(): Blacklist {
    return this.#context.blacklist.current();
  }

  /** Lists a card id, a card number or a range; offline sales after `sinceMs` (default now) are refused. */
  blacklistAdd(entry: BlacklistEntry, sinceMs?: number): void {
    this.#context.blacklist.add(entry, sinceMs);
  }

  /** False when the entry does not stand on the list. */
  blacklistRemove(entry: BlacklistEntry): boolean {
    return this.#context.blacklist.remove(entry);
  }

  /** A one-time code for the first key of a terminal. */
  issueEnrolmentCode(): string {
    return this.#context.keys.issueCode();
  }

  terminalKeys(): readonly TerminalKeyRecord[] {
    return this.#context.keys.list();
  }

  /** What this key signs after `sinceMs` (default now) is refused; false when there is no such key. */
  revokeKey(keyId: string, sinceMs?: number): boolean {
    return this.#context.keys.end(keyId, 'revoked', { ...(sinceMs === undefined ? {} : { sinceMs }) });
  }

  /** Uploaded offline sales whose proof was accepted. */
  offlineSales(): readonly OfflineSaleRecord[] {
    return this.#context.offline.list();
  }
}
