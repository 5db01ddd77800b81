import type { AgencyOutcome, MessageContext } from '#agency/port';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { Sale, SaleState } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import type { ManualClock } from '#core/manual-clock';
import type { StoreOptions } from '#store/open';
import { cancelIntended, cancelRefused, cancelSucceeded, cancelUnknown } from '#store/records/cancel';
import { offlineAuthorised } from '#store/records/offline';
import {
  settlementIntended,
  settlementRefused,
  settlementSucceeded,
  settlementUnknown,
} from '#store/records/settlement';
import type { SqliteStore } from '#store/sqlite-store';
import { PersonTurns } from '#sync/person-turns';
import { createSync, type Sync, type SyncOptions } from '#sync/sync';
import type { ScriptedAgency } from './scripted-agency.ts';
import { cashier, institution, openSale, openStore, proofOf, requestOf, wideLimits } from './till-records.ts';

export const requestLifeMs = 120_000;

/** A clock whose timers die with their process. */
export class ProcessClock implements Clock {
  readonly #clock: ManualClock;
  dead = false;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#clock.after(delayMs, () => {
      if (!this.dead) run();
    });
  }
}

/** Records and sync of one till as one process would hold them; `kill` ends it at any point. */
export class TillProcess {
  readonly store: SqliteStore;
  readonly sync: Sync;
  readonly turns: PersonTurns;
  readonly errors: string[] = [];
  usable = true;
  signedIn = true;
  readonly #clock: ProcessClock;
  readonly #agency: ScriptedAgency;

  constructor(
    folder: string,
    clock: ManualClock,
    agency: ScriptedAgency,
    options: Partial<SyncOptions> = {},
    records: Partial<StoreOptions> = {},
  ) {
    this.#clock = new ProcessClock(clock);
    this.#agency = agency;
    this.store = openStore(folder, this.#clock, records);
    agency.ids = (nowMs) => this.store.nextMessageId(institution, nowMs);
    const context: MessageContext = { operator: cashier, signInNumber: '900100' };
    const note = (facts: Readonly<Record<string, unknown>>, text: string) => {
      this.errors.push(`${text} ${JSON.stringify(facts)}`);
    };
    this.turns = new PersonTurns(this.#clock);
    this.sync = createSync({
      store: this.store,
      agency,
      turns: this.turns,
      clock: this.#clock,
      context: () => (this.signedIn ? context : undefined),
      link: { usable: () => this.usable, report: () => undefined },
      options: { requestLifeMs, random: () => 0.5, uploadRandomStartMs: 0, uploadBatch: 100_000, ...options },
      onChange: () => undefined,
      log: { info: () => undefined, warn: () => undefined, error: note },
    });
    this.sync.start();
  }

  /** As `kill -9`: nothing is awaited, nothing more is written. */
  kill(): void {
    this.#clock.dead = true;
    this.store.close();
  }

  state(saleId: string): SaleState {
    return this.sale(saleId).state;
  }

  sale(saleId: string): Sale {
    const sale = this.store.sale(saleId);
    assert(sale !== undefined, 'the sale is stored');
    return sale;
  }

  /** An insured sale at the counter, as checkout makes it: intent, send, outcome. */
  async sell(more: Partial<Sale> = {}): Promise<string> {
    const nowMs = this.#clock.nowMs();
    const sale = openSale(this.store, nowMs, more);
    const request = requestOf(sale);
    const prepared = this.#agency.prepareSettlement(request);
    assert(prepared.ok, 'the message is prepared');
    const message = prepared.value;
    const clearing = { office: '990199', type: '41' };
    this.store.commit(
      settlementIntended({ sale, request, message, clearing, nowMs, operator: cashier.number }),
    );
    const outcome = await this.#agency.sendSettlement(message);
    if (!this.#clock.dead) this.#settled(sale.saleId, message.messageId, outcome);
    return sale.saleId;
  }

  /** A sale deducted offline: queued for upload in the lane of its card. */
  sellOffline(lane: string, more: Partial<Sale> = {}): string {
    const nowMs = this.#clock.nowMs();
    const sale = openSale(this.store, nowMs, { mode: 'offline', ...more });
    const step = { sale, nowMs, operator: cashier.number };
    const proof = proofOf(sale, lane);
    this.store.commit(
      offlineAuthorised({ ...step, request: requestOf(sale), lane, proof, facts: {}, limits: wideLimits }),
    );
    return sale.saleId;
  }

  /** A cancellation by two persons, as checkout makes it. */
  async cancel(saleId: string): Promise<void> {
    const settled = this.store.settled(saleId);
    assert(settled?.settlement.settlementId !== undefined, 'the sale is settled');
    const { settlement, messageId: settledMessageId } = settled;
    const { personNumber, visitId, settlementId } = settlement;
    assert(settlementId !== undefined, 'a settlement has its id');
    const prepared = this.#agency.prepareCancel({
      personNumber,
      insuredRegion: '990101',
      visitId,
      settlementId,
    });
    assert(prepared.ok, 'the message is prepared');
    const message = prepared.value;
    const who = { operator: cashier.number, secondOperator: '0900', reason: 'test' };
    const nowMs = this.#clock.nowMs();
    this.store.commit(cancelIntended({ sale: this.sale(saleId), nowMs, message, settledMessageId, ...who }));
    const outcome = await this.#agency.sendCancel(message);
    if (this.#clock.dead) return;
    const step = { sale: this.sale(saleId), nowMs: this.#clock.nowMs(), operator: cashier.number };
    const { messageId } = message;
    if (outcome.kind === 'success') {
      const { answer, value: cancellation } = outcome;
      this.store.commit(cancelSucceeded({ ...step, messageId, answer, settlement, cancellation }));
    } else if (outcome.kind === 'refused') {
      const { answer, agencyText } = outcome;
      const faultCode = outcome.fault.code;
      this.store.commit(cancelRefused({ ...step, messageId, answer, faultCode, agencyText }));
    } else {
      const { lastByteAtMs } = outcome;
      this.store.commit(cancelUnknown({ ...step, messageId, lastByteAtMs, faultCode: outcome.fault.code }));
    }
    this.sync.kick();
  }

  #settled(saleId: string, messageId: string, outcome: AgencyOutcome<Settlement>): void {
    const step = { sale: this.sale(saleId), nowMs: this.#clock.nowMs(), operator: cashier.number, messageId };
    const { answer } = outcome;
    if (outcome.kind === 'success') {
      this.store.commit(settlementSucceeded({ ...step, answer, settlement: outcome.value }));
    } else if (outcome.kind === 'refused') {
      const { agencyText } = outcome;
      this.store.commit(settlementRefused({ ...step, answer, agencyText, faultCode: outcome.fault.code }));
    } else {
      const { lastByteAtMs } = outcome;
      this.store.commit(settlementUnknown({ ...step, lastByteAtMs, faultCode: outcome.fault.code }));
    }
    this.sync.kick();
  }
}
