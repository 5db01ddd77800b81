import { type Actor, createActor, fromPromise, waitFor } from 'xstate';
import type { MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import { delay } from '#core/clock';
import type { Operator, Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { IntentOutcome, QuoteOutcome, SettleOutcome } from '#machines/checkout/events';
import { checkoutMachine } from '#machines/checkout/machine';
import { shiftMachine } from '#machines/shift/machine';
import { StoreError } from '#store/store-error';
import type { CatalogDownload } from '#sync/catalog-download';
import { PersonTurns } from '#sync/person-turns';
import { createSync, type Sync, type SyncConfig } from '#sync/sync';
import { basketTotal, begunSale, emptySale, noOrderWhenEmpty } from './basket.ts';
import { BlacklistKeeper } from './blacklist.ts';
import { Buzzer } from './buzzer.ts';
import type { CarryDesk } from './carry/desk.ts';
import { carryDeskOf } from './carry/of-till.ts';
import { catalogDownloadOf } from './catalog-download.ts';
import { Committer } from './commit.ts';
import { type Counter, type CounterHolder, withoutNumbers } from './counter.ts';
import { Devices } from './devices.ts';
import { Drawer } from './drawer.ts';
import { askEntitlements } from './entitlements.ts';
import { holderCame } from './holder-came.ts';
import { HolderDesk } from './holder-desk.ts';
import { JournalDesk } from './journal-desk.ts';
import { AgencyLink, xstateClock } from './link.ts';
import { Operators } from './operators.ts';
import type { CheckoutParts } from './parts.ts';
import { PinDesk } from './pin-desk.ts';
import { quoteSale } from './quote.ts';
import { beginRestsByItself, takeUpBaskets } from './refund.ts';
import { ShiftDesk } from './shift.ts';
import { Slips } from './slips.ts';

const DELIVER_MS = 1_500;

/** States in which a quote stands, is asked for, or is paid. */
const PAYING: ReadonlySet<string> = new Set(['quoting', 'confirming', 'committing']);

/**
 * Joins machines, records, agency and devices. It owns the working copy of the counter; every verb of the
 * facade goes through it. The machine says what may happen, the effects below make it happen.
 */
export class TillCore {
  readonly parts: CheckoutParts;
  readonly counter: Counter;
  readonly operators: Operators;
  readonly link: AgencyLink;
  readonly turns: PersonTurns;
  readonly sync: Sync;
  readonly carry: CarryDesk | undefined;
  readonly catalogDownload: CatalogDownload | undefined;
  readonly slips: Slips;
  readonly journal: JournalDesk;
  readonly shiftDesk: ShiftDesk;
  readonly blacklist: BlacklistKeeper;
  readonly devices: Devices;
  readonly drawer: Drawer;
  readonly buzzer: Buzzer;
  readonly pins: PinDesk;
  readonly holderDesk: HolderDesk;
  readonly checkout: Actor<typeof checkoutMachine>;
  readonly shift: Actor<typeof shiftMachine>;
  readonly #committer: Committer;
  readonly #listeners = new Set<() => void>();
  readonly #endings: (() => void)[] = [];
  #revision = 0;
  #quoteNumber = 0;
  #wasOpen = false;
  #wasUsable = true;
  #wasCommitting = false;

  constructor(parts: CheckoutParts) {
    this.parts = parts;
    const { clock } = parts;
    this.operators = new Operators(parts);
    this.journal = new JournalDesk(parts);
    this.shiftDesk = new ShiftDesk(parts, (number) => this.operators.byNumber(number), this.journal);
    this.counter = {
      sale: this.#blankSale(),
      useAccount: true,
      holder: undefined,
      quote: undefined,
      payment: undefined,
      readNumber: 0,
      actsFor: undefined,
      scanFault: undefined,
    };
    const onChange = () => this.changed();
    this.devices = new Devices(parts, onChange);
    this.link = this.#makeLink();
    this.turns = new PersonTurns(clock);
    this.sync = createSync(this.#syncConfig());
    this.carry = carryDeskOf(parts, {
      syncConfig: () => this.#syncConfig(),
      operator: () => this.operator().number,
      busy: (saleId) => this.sync.busy(saleId),
      onChange,
    });
    this.catalogDownload = catalogDownloadOf(parts, {
      ...{ link: this.link, shiftDesk: this.shiftDesk, onChange },
      shiftIsOpen: () => this.shiftOpen().ok,
      saleState: () => this.saleState(),
    });
    this.slips = new Slips(parts, (problem) => this.devices.printerSaid(problem));
    this.buzzer = new Buzzer(parts);
    this.drawer = new Drawer(parts, (problem) => this.devices.drawerSaid(problem));
    this.pins = new PinDesk(parts, onChange);
    this.blacklist = new BlacklistKeeper({
      parts,
      link: this.link,
      open: () => this.shiftOpen().ok,
      onChange,
    });
    this.holderDesk = new HolderDesk({
      parts,
      counter: this.counter,
      link: this.link,
      pins: this.pins,
      checkout: () => this.checkout,
      shiftOpen: () => this.shiftOpen(),
      onRecorded: () => this.#purchaseCleared(),
      onHolder: (at) => this.#holderCame(at),
    });
    this.#committer = new Committer({
      parts,
      link: this.link,
      turns: this.turns,
      counter: this.counter,
      pins: this.pins,
      context: () => this.context(),
      onRecorded: () => {
        this.holderDesk.refreshBalance();
        this.sync.kick();
      },
    });
    this.checkout = createActor(this.#checkoutWithEffects(), { clock: xstateClock(clock) });
    this.shift = createActor(this.#shiftWithEffects(), { clock: xstateClock(clock) });
    this.checkout.subscribe(() => this.#checkoutChanged());
    this.shift.subscribe((snapshot) => this.#shiftChanged(snapshot.matches('open')));
  }

  start(): void {
    this.slips.recover();
    this.devices.start();
    takeUpBaskets(this.parts, this.counter);
    this.checkout.start();
    this.shift.start();
    this.basketChanged();
    const operator = this.shiftDesk.openOperator();
    if (operator !== undefined) this.shift.send({ type: 'shift.resume', operatorNumber: operator });
    this.#endings.push(
      this.parts.cardDesk.onEvent((event) => {
        this.holderDesk.readerEvent(event);
        this.changed();
      }),
    );
    this.parts.store.meetPolicies(this.parts.policies, this.parts.clock.nowMs());
    this.journal.start(operator !== undefined);
    this.sync.start();
    this.carry?.start(this.parts.log);
    this.blacklist.start();
    this.catalogDownload?.start();
    void this.#makeFirstKey();
    void this.slips.printOwed();
  }

  async stop(): Promise<void> {
    for (const end of this.#endings) end();
    this.devices.stop();
    await this.pins.cancel();
    // A settlement on its way gets its answer recorded before anything is closed.
    await waitFor(this.checkout, (snapshot) => !snapshot.matches({ sale: 'committing' }));
    await this.catalogDownload?.stop();
    await this.sync.stop();
    await this.carry?.stop();
    await this.blacklist.stop();
    await this.slips.stop();
    await this.journal.stop(this.shiftOpen().ok);
    this.link.stop();
    this.checkout.stop();
    this.shift.stop();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }

  revision(): number {
    return this.#revision;
  }

  /** Operator and sign-in of the messages that are sent now. */
  context(): MessageContext {
    return this.shiftDesk.context() ?? { operator: this.operator(), signInNumber: '' };
  }

  operator(): Operator {
    const number = this.shift?.getSnapshot().context.operatorNumber;
    const known = number === undefined ? undefined : this.operators.byNumber(number);
    return known ?? { number: '', name: '', role: 'cashier' };
  }

  shiftOpen(): Result<void, Fault> {
    return this.shift.getSnapshot().matches('open') ? ok(undefined) : err(fault('shift-not-open'));
  }

  saleState(): 'selling' | 'quoting' | 'confirming' | 'committing' | 'delivering' | 'done' | 'unknown' {
    const value: unknown = this.checkout.getSnapshot().value.sale;
    return typeof value === 'string' ? (value as 'selling') : 'committing';
  }

  /** Puts a changed basket on the counter, on disk and before the machine. */
  setBasket(sale: Sale): void {
    this.keepSale(sale);
    this.basketChanged();
  }

  /** Keeps what does not change goods or sums: a quote stays good. */
  keepSale(sale: Sale): void {
    const first = sale.saleNumber === '';
    const numbered = first ? begunSale(sale, this.parts, this.operator()) : noOrderWhenEmpty(sale);
    this.parts.store.saveBasket(numbered);
    this.counter.sale = numbered;
    this.changed();
  }

  /** Reads the sale on the counter back from its row after something else changed it. */
  reloadSale(saleId: string): void {
    const row = saleId === this.counter.sale.saleId ? this.parts.store.sale(saleId) : undefined;
    if (row !== undefined) this.counter.sale = withoutNumbers(row);
    this.changed();
  }

  /** Clears the counter for the next customer; the holder stays until the card leaves. */
  nextSale(): void {
    this.counter.sale = this.#blankSale();
    this.counter.quote = undefined;
    this.counter.payment = undefined;
    this.counter.useAccount = true;
    this.counter.actsFor = undefined;
    this.checkout.send({ type: 'sale.next' });
    this.basketChanged();
  }

  basketChanged(): void {
    const { sale } = this.counter;
    this.counter.quote = undefined;
    this.counter.scanFault = undefined;
    this.checkout.send({
      type: 'basket.changed',
      lineCount: sale.lines.length,
      total: basketTotal(sale),
    });
    this.changed();
  }

  /** Waits until a card that is being read has given its holder or its reason; every step of it has a deadline. */
  async holderRead(): Promise<void> {
    await waitFor(this.checkout, (snapshot) => !snapshot.matches({ holder: 'reading' }));
  }

  /** Waits until the sale region has left every state in which an effect runs. */
  async settled(): Promise<void> {
    await waitFor(
      this.checkout,
      (snapshot) =>
        !snapshot.matches({ sale: 'quoting' }) &&
        !snapshot.matches({ sale: 'committing' }) &&
        !snapshot.matches({ sale: 'delivering' }),
    );
  }

  #checkoutWithEffects() {
    return checkoutMachine.provide({
      actors: {
        identify: fromPromise(() => this.holderDesk.identify()),
        quote: fromPromise(() => this.#quote()),
        confirmPresence: fromPromise(() => this.#committer.confirmPresence()),
        storeIntent: fromPromise((): Promise<IntentOutcome> => this.#committer.storeIntent()),
        settle: fromPromise((): Promise<SettleOutcome> => this.#committer.settle()),
        deliver: fromPromise(() => this.#deliver()),
      },
    });
  }

  #shiftWithEffects() {
    return shiftMachine.provide({
      actors: {
        signIn: fromPromise(({ input }) => this.shiftDesk.signIn(input.operatorNumber, this.link)),
        close: fromPromise(({ input }) => this.shiftDesk.close(input.operatorNumber, this.link, this.sync)),
      },
    });
  }

  #makeLink(): AgencyLink {
    const { agency, clock, random } = this.parts;
    return new AgencyLink({
      agency,
      clock,
      random,
      context: () => this.shiftDesk.context(),
      onSignedIn: (number) => this.shiftDesk.signedIn(number),
      onChange: () => this.#linkChanged(),
    });
  }

  #syncConfig(): SyncConfig {
    const { store, agency, clock, config, random, log } = this.parts;
    return {
      store,
      agency,
      clock,
      turns: this.turns,
      context: () => this.shiftDesk.context(),
      link: { usable: () => this.link.usable(), report: (outcome) => void this.link.report(outcome) },
      options: {
        requestLifeMs: config.agency.request_life_ms,
        afterUnknown: config.checkout.after_unknown,
        random,
        uploadsAtOnce: config.upload.at_once,
        uploadRandomStartMs: config.upload.random_start_seconds * 1000,
        uploadBatch: config.upload.batch,
        uploadPauseMs: config.upload.pause_ms,
      },
      knownElsewhere: (messageId) => this.carry?.knows(messageId) === true,
      onChange: () => this.#recordsChanged(),
      log,
    };
  }

  async #quote(): Promise<QuoteOutcome> {
    this.#quoteNumber += 1;
    const thisQuote = this.#quoteNumber;
    const quoted = await quoteSale(this.counter, {
      parts: this.parts,
      link: this.link,
      turns: this.turns,
      proveByModule: () => this.holderDesk.proveByModule(),
    });
    if (!quoted.ok) return { kind: 'refused', fault: quoted.error };
    // A slow answer to an earlier question must not replace the newer quote.
    if (thisQuote !== this.#quoteNumber) return { kind: 'refused', fault: fault('sale-interrupted') };
    this.counter.quote = quoted.value;
    const { mode, split } = quoted.value;
    return { kind: 'quoted', quote: { mode, total: split.total, account: split.account, cash: split.cash } };
  }

  /** What sells often comes first in the search; a disk that refuses this must not touch the sale. */
  #countSold(): void {
    try {
      this.parts.store.countSold(this.counter.sale.lines.map(({ product }) => product.shopCode));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** Drawer and slip now if the printer is quick; a slow or missing one does not hold the next customer. */
  async #deliver(): Promise<void> {
    const out = async () => {
      await this.drawer.openForSale(this.counter.sale, this.operator().number);
      await this.slips.printOwed();
    };
    await Promise.race([out(), delay(this.parts.clock, DELIVER_MS)]);
    this.#countSold();
    this.journal.anchors.saleDelivered();
  }

  #holderCame(at: CounterHolder): void {
    holderCame(this, at, this.operator().number);
    const { parts, counter, link } = this;
    void askEntitlements({ parts, counter, link, onChange: () => this.changed() }, at);
  }

  /** The terminal's key is made at the first run; the agency learns of it by enrolment. */
  async #makeFirstKey(): Promise<void> {
    const { keyStore, log } = this.parts;
    if (keyStore.state().kind === 'fault' || keyStore.keys().length > 0) return;
    const made = await keyStore.make();
    if (!made.ok) log.error({ code: made.error.code }, 'no terminal key could be made');
    this.changed();
  }

  /** A card that lay in the reader before the shift opened is read as soon as somebody is at the counter. */
  #shiftChanged(open: boolean): void {
    const opened = open && !this.#wasOpen;
    this.#wasOpen = open;
    const lies = this.parts.cardDesk.readers().some(({ card }) => card === 'present');
    if (opened && lies) this.holderDesk.readAgain();
    if (opened) {
      void this.blacklist.fetch();
      this.catalogDownload?.kick();
    }
    this.changed();
  }

  #checkoutChanged(): void {
    const state = this.saleState();
    const committing = state === 'committing';
    if (!PAYING.has(state) && this.turns.release()) this.sync.kick();
    if (this.#wasCommitting && !committing) this.holderDesk.forgetAbsent();
    this.#wasCommitting = committing;
    const snapshot = this.checkout.getSnapshot();
    this.buzzer.watch({
      outcomeUnknown: state === 'unknown',
      holderRefused: snapshot.matches({ holder: 'refused' }),
    });
    if (state === 'selling') {
      this.counter.quote = undefined;
      this.counter.payment = undefined;
    }
    const over = state === 'delivering' || state === 'done' || state === 'unknown';
    if (over) {
      this.counter.payment = undefined;
      this.holderDesk.dropSpent();
    }
    this.changed();
  }

  /** Back online: a card that nobody could vouch for is read again by itself, unless a sale is under way. */
  #linkChanged(): void {
    const checkout: typeof this.checkout | undefined = this.checkout;
    const usable = checkout !== undefined && this.link.usable();
    if (usable) {
      if (this.counter.holder?.source === 'cache' && this.saleState() === 'selling')
        this.holderDesk.readAgain();
      this.catalogDownload?.kick();
      // Every answer comes by here: a whole queue is read anew only where the link has come back.
      if (!this.#wasUsable) this.sync?.kick();
      if (!this.#wasUsable) void this.blacklist.fetch();
    }
    if (checkout !== undefined) this.#wasUsable = usable;
    this.changed();
  }

  /** A card has told of its torn purchase: the sale is over, the slip is owed, the upload may go. */
  #purchaseCleared(): void {
    this.sync.kick();
    this.#recordsChanged();
  }

  /** Rows changed behind the counter: an unknown sale may have been cleared up. */
  #recordsChanged(): void {
    this.holderDesk.refreshBalance();
    beginRestsByItself(this.parts);
    if (this.saleState() === 'unknown') {
      const row = this.parts.store.sale(this.counter.sale.saleId);
      if (row !== undefined && !['unknown', 'suspense', 'committing'].includes(row.state)) {
        this.counter.sale = withoutNumbers(row);
        const settled = row.state === 'done' || row.state === 'disputed' || row.state === 'queued';
        this.checkout.send({ type: 'sale.resolved', settled });
        if (!settled) this.nextSale();
      }
    } else void this.slips.printOwed();
    this.changed();
  }

  #blankSale(): Sale {
    const { clock, newId } = this.parts;
    const nowMs = clock.nowMs();
    return emptySale({
      saleId: newId(),
      saleNumber: '',
      businessDay: businessDay(nowMs),
      nowMs,
      operator: this.operator(),
    });
  }
}
