import type { CarryStatus } from '#checkout/carry/desk';
import type { CarryFileRow, CarryInRow } from '#checkout/carry/rows';
import type { CarriedBack } from '#checkout/carry/sender';
import type {
  BackupRow,
  BasketRequest,
  CatalogDownloadView,
  DayPrices,
  DoctorRow,
  Equivalents,
  LineBack,
  MappingList,
  MappingRow,
  OperatorCredential,
  OwedList,
  PaperAsk,
  PayRequest,
  PolicyRow,
  PriceChangeRow,
  QueueRow,
  SaleReceipt,
  SplitReport,
  TerminalKeyRow,
  Till,
} from '#checkout/facade';
import { actingPersonView } from '#checkout/present/parts-of-view';
import type {
  CustomerView,
  DeviceView,
  FaultView,
  HolderView,
  LineView,
  SaleSummary,
  SaleView,
  TillView,
} from '#checkout/view';
import type { ActingPerson } from '#core/domain/acting-person';
import { type Fault, type FaultCode, fault } from '#core/fault';
import {
  formatMoney,
  lineAmount,
  type Money,
  price,
  quantity,
  subtractMoney,
  sumMoney,
  yuan,
  zeroMoney,
} from '#core/money';
import { err, ok, type Result } from '#core/result';
import { policiesExample, splitReportExample } from '#server/schemas-benefits';
import { carryFileExample, carryStateExample } from '#server/schemas-carry';
import { catalogStateExample } from '#server/schemas-catalog';
import { backupExample, owedExample } from '#server/schemas-guards';
import { journalVerifyExample } from '#server/schemas-journal';
import { mappingExample } from '#server/schemas-mappings';
import { equivalentsExample, priceLogExample, pricesExample } from '#server/schemas-prices';
import { chosenOf } from './fake-chronic.ts';
import { fakeConsent, fakeConsentGiven } from './fake-consent.ts';
import { FakeKeys, fakeCustomer, fakeDevices, numberFault } from './fake-counter.ts';
import { fakeList } from './fake-list.ts';
import { fakeOffice } from './fake-office.ts';
import { fakePaper } from './fake-papers.ts';
import { findFakeProduct, searchFakeProducts } from './fake-products.ts';
import { fakeRefundPreview, fakeReplaced, fakeRest } from './fake-refund.ts';
import { fakeSplit } from './fake-split.ts';

const OPERATORS = [
  { number: '01', name: '柜员甲', role: 'cashier', pin: '111111' },
  { number: '02', name: '店长乙', role: 'manager', pin: '222222' },
] as const;

export const fakePinHints = OPERATORS.map(({ number, pin }) => ({ number, pin }));

type Outcome = Promise<Result<TillView, Fault>>;
type Finished = { summary: SaleSummary; view: SaleView; reference?: string };

/**
 * A till without machines, store or devices: it keeps a real basket and gives every state of the screen on
 * demand (`control`). It stands in for the real one where only server and pages are under test.
 */
export class FakeTill implements Till {
  readonly office = fakeOffice(OPERATORS, (credential) => this.checkOperator(credential));
  readonly list = fakeList();
  readonly listState = this.list.listState;
  readonly offerList = this.list.offerList;
  readonly importList = this.list.importList;
  readonly dropList = this.list.dropList;
  readonly operatorRole = this.office.operatorRole;
  readonly shiftOperator = () =>
    this.#view.shift.state === 'open' ? this.#view.shift.operator?.number : undefined;
  readonly lockMinutes = this.office.lockMinutes;
  readonly checkSecond = this.office.checkSecond;
  readonly operatorRows = this.office.operatorRows;
  readonly addOperator = this.office.addOperator;
  readonly changeOperator = this.office.changeOperator;
  readonly changeOwnSecret = this.office.changeOwnSecret;
  readonly addFirstManager = this.office.addFirstManager;
  readonly glassRows = this.office.glassRows;
  readonly seeGlass = this.office.seeGlass;
  readonly startVerify = this.office.startVerify;
  readonly verifyState = this.office.verifyState;
  readonly looks = this.office.looks;
  readonly dayPicture = this.office.dayPicture;
  readonly settings = this.office.settings;
  readonly checkSettings = this.office.checkSettings;
  /** What was printed besides slips, and for whom. */
  readonly printedPapers: { kind: PaperAsk['kind']; by?: string }[] = [];
  /** Who looked at which sale. */
  readonly lookedAt: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #sales: Finished[] = [];
  readonly #keys = new FakeKeys();
  readonly #held: { summary: SaleSummary; sale: SaleView }[] = [];
  #queue: QueueRow[] = [];
  #view: TillView;
  #counter = 1;
  #payOutcome: FaultCode | 'done' = 'done';
  #consentRule: 'off' | 'ask' | 'print' = 'off';
  #screen: Partial<CustomerView> = {};
  #balance = yuan('320.00');

  constructor() {
    this.#view = {
      revision: 1,
      shopName: '示例大药房（训练）',
      terminal: 'T01',
      training: true,
      now: '2026-03-02 09:30:00',
      shift: { state: 'signed-out', businessDay: '2026-03-02' },
      connectivity: { state: 'online', forced: false, sinceSeconds: 640, driftSeconds: 1 },
      reader: { state: 'ready', readers: ['Virtual Reader 00'] },
      printer: { state: 'ready', owed: 0 },
      queue: { waiting: 0, rejected: 0, adjusted: 0, atRisk: '0.00' },
      catalog: { version: '2026-03-01', products: 300 },
      holder: { state: 'none', warnings: [] },
      devices: fakeDevices,
      pin: { entry: 'keyboard', waiting: false },
      credentials: { certificate: true, identityNumber: true },
      sale: this.#emptySale(),
      pending: [],
    };
  }

  /** What a test does to the world around the till. */
  readonly control = {
    set: (change: Partial<TillView>): void => {
      this.#change(change);
    },
    /** What the shop asks of an insured sale with own-pay lines. */
    consent: (rule: 'off' | 'ask' | 'print'): void => {
      this.#consentRule = rule;
    },
    /** What the shop's configuration and the counter make of the customer's screen. */
    screen: (change: Partial<CustomerView>): void => {
      this.#screen = change;
      this.#change({});
    },
    /** What changes from now on is told by answers alone: its pushes are still under way. */
    mute: (): void => {
      this.#listeners.clear();
    },
    balance: (amount: string): void => {
      this.#balance = yuan(amount);
    },
    nextPayment: (outcome: FaultCode | 'done'): void => {
      this.#payOutcome = outcome;
    },
    insertCard: (): void => {
      this.#change({
        reader: { state: 'card-present', readers: ['Virtual Reader 00'] },
        holder: this.#holder(),
      });
    },
    pullCard: (): void => {
      this.#change({
        reader: { state: 'ready', readers: ['Virtual Reader 00'] },
        holder: { state: 'none', warnings: [] },
      });
    },
    refuseCard: (code: FaultCode): void => {
      this.#change({ holder: { state: 'refused', warnings: [], fault: viewOf(code) } });
    },
    /** The agency is out of reach: sales go offline under budgets. */
    cut: (): void => {
      this.#change({
        connectivity: {
          state: 'offline',
          forced: false,
          sinceSeconds: 95,
          fault: viewOf('agency-unreachable'),
        },
        offline: {
          allowed: true,
          perSale: '200.00',
          leftOnCard: '160.00',
          leftOnTerminal: '1840.00',
          salesLeftOnCard: 9,
          salesLeftOnTerminal: 496,
          percent: 100,
          dataAgeHours: 5,
          bearerZh: '若上传后被拒付，由本店承担',
          bearerEn: 'If the upload is refused, the shop bears it',
        },
      });
    },
    printerFault: (code: FaultCode): void => {
      this.#change({ printer: { state: 'fault', owed: 1, fault: viewOf(code) } });
    },
  };

  view(): TillView {
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  async checkOperator({ number, pin }: OperatorCredential) {
    const found = OPERATORS.find((operator) => operator.number === number && operator.pin === pin);
    if (found === undefined) return err(fault('operator-unknown'));
    return ok({ number: found.number, name: found.name, role: found.role });
  }

  operators() {
    return OPERATORS.map(({ number, name, role }) => ({ number, name, role }));
  }

  async openShift(operatorNumber: string): Outcome {
    const operator = this.operators().find(({ number }) => number === operatorNumber);
    if (operator === undefined) return err(fault('operator-unknown'));
    return this.#change({ shift: { state: 'open', businessDay: '2026-03-02', operator } });
  }

  async closeShift(): Outcome {
    if (this.#queue.length > 0) return err(fault('shift-not-balanced'));
    return this.#change({ shift: { state: 'closed', businessDay: '2026-03-02' } });
  }

  async scan(code: string): Outcome {
    const product = findFakeProduct(code);
    if (product === undefined) return err(fault('catalog-product-unknown'));
    return this.addProduct(product.shopCode);
  }

  async addProduct(shopCode: string, count = '1'): Outcome {
    const product = findFakeProduct(shopCode);
    if (product === undefined) return err(fault('catalog-product-unknown'));
    if (this.#view.sale.state === 'done' || this.#view.sale.state === 'unknown') await this.nextSale();
    if (this.#view.sale.state !== 'selling') return err(fault('sale-not-now'));
    const { lines } = this.#view.sale;
    const same = lines.find((line) => line.product.shopCode === shopCode);
    if (same !== undefined) {
      return this.setQuantity(same.lineNumber, String(Number(same.quantity) + Number(count)));
    }
    const lineNumber = Math.max(0, ...lines.map((line) => line.lineNumber)) + 1;
    return this.#setLines([...lines, makeLine(lineNumber, product, count)]);
  }

  async setQuantity(lineNumber: number, count: string): Outcome {
    const { lines } = this.#view.sale;
    if (!lines.some((line) => line.lineNumber === lineNumber)) return err(fault('sale-line-unknown'));
    if (Number(count) <= 0) return err(fault('sale-quantity-invalid'));
    return this.#setLines(
      lines.map((line) =>
        line.lineNumber === lineNumber ? makeLine(lineNumber, line.product, count) : line,
      ),
    );
  }

  async setDoses(lineNumber: number, doses: string, gramsPerDose: string): Outcome {
    const weighed = await this.setQuantity(lineNumber, String(Number(doses) * Number(gramsPerDose)));
    if (!weighed.ok) return weighed;
    const herbalDoses = { doses, gramsPerDose };
    const { lines } = this.#view.sale;
    return this.#setLines(
      lines.map((line) => (line.lineNumber === lineNumber ? { ...line, herbalDoses } : line)),
    );
  }

  async replaceProduct(lineNumber: number, shopCode: string): Outcome {
    const product = findFakeProduct(shopCode);
    if (product === undefined) return err(fault('catalog-product-unknown'));
    const { lines } = this.#view.sale;
    return this.#setLines(
      lines.map((line) =>
        line.lineNumber === lineNumber ? makeLine(lineNumber, product, line.quantity) : line,
      ),
    );
  }

  async removeLine(lineNumber: number): Outcome {
    const { lines } = this.#view.sale;
    if (!lines.some((line) => line.lineNumber === lineNumber)) return err(fault('sale-line-unknown'));
    return this.#setLines(lines.filter((line) => line.lineNumber !== lineNumber));
  }

  async clearSale(): Outcome {
    return this.#setLines([]);
  }

  async hold(): Outcome {
    if (this.#view.sale.lines.length === 0) return err(fault('sale-empty'));
    const sale = this.#view.sale;
    this.#held.push({ sale, summary: this.#summary(sale, 'held') });
    return this.#change({ sale: this.#emptySale(), pending: this.#pending() });
  }

  async recall(saleId: string): Outcome {
    const index = this.#held.findIndex(({ sale }) => sale.saleId === saleId);
    const found = this.#held[index];
    if (found === undefined) return err(fault('sale-not-found'));
    if (this.#view.sale.lines.length > 0) return err(fault('sale-in-progress'));
    this.#held.splice(index, 1);
    return this.#change({ sale: found.sale, pending: this.#pending() });
  }

  search(text: string, limit: number) {
    return searchFakeProducts(text, limit);
  }

  async readCard(): Outcome {
    if (this.#view.reader.state !== 'card-present') return err(fault('card-none'));
    return this.#change({ holder: this.#holder() });
  }

  async dropHolder(): Outcome {
    return this.#change({ holder: { state: 'none', warnings: [] } });
  }

  async setUseAccount(useAccount: boolean): Outcome {
    this.#change({ sale: { ...this.#view.sale, useAccount } });
    return this.#view.sale.state === 'confirming' ? this.quote() : ok(this.#view);
  }

  async setVisit(diseaseCode: string | undefined): Outcome {
    const { chronic: _before, ...ordinary } = this.#view.sale;
    const chronic = diseaseCode === undefined ? undefined : chosenOf(this.#view.holder.chronic, diseaseCode);
    if (diseaseCode !== undefined && chronic === undefined) return err(fault('chronic-not-valid'));
    this.#change({ sale: { ...ordinary, ...(chronic === undefined ? {} : { chronic }) } });
    return this.#view.sale.state === 'confirming' ? this.quote() : ok(this.#view);
  }

  async quote(): Outcome {
    const { sale, holder, connectivity } = this.#view;
    if (sale.lines.length === 0) return err(fault('sale-empty'));
    const identified = holder.state === 'identified';
    const insured = connectivity.state === 'offline' ? 'offline' : 'agency';
    const source = identified ? insured : 'own-pay';
    const balance = identified ? this.#balance : undefined;
    const { split, lines } = fakeSplit(sale.lines, source, balance, sale.useAccount);
    const mode = source === 'agency' ? 'insured' : source;
    const asked = fakeConsent(this.#consentRule, split, lines);
    const { consent: _earlier, ...rest } = sale;
    const consent = asked === undefined ? {} : { consent: asked };
    const quoted = { ...rest, state: 'confirming', mode, split, lines, ...consent } as const;
    return this.#change({ sale: { ...quoted, ...fakeReplaced(rest.replaces, split) } });
  }

  async backToSelling(): Outcome {
    if (this.#view.sale.state !== 'confirming') return err(fault('sale-not-now'));
    const { split: _split, mode: _mode, consent: _consent, ...sale } = this.#view.sale;
    return this.#change({ sale: { ...sale, state: 'selling' } });
  }

  async pay(request: PayRequest): Outcome {
    const { sale } = this.#view;
    if (sale.state !== 'confirming' || sale.split === undefined) return err(fault('sale-not-now'));
    if (sale.consent?.state === 'needed') return err(fault('consent-missing'));
    const due = yuan(sale.split.cash);
    if (request.expectedCash !== undefined && yuan(request.expectedCash) !== due) {
      return err(fault('sale-quote-changed'));
    }
    if (request.mode === 'offline' && request.acceptOfflineRisk !== true) {
      return err(fault('offline-risk-not-accepted'));
    }
    if (request.mode === 'offline' && request.pin !== '123456') return err(fault('card-pin-wrong'));
    const given = sumMoney(request.tenders.map(({ amount }) => yuan(amount)));
    const change = subtractMoney(given, due);
    if (change < 0n) return err(fault('tender-too-small'));
    if (this.#payOutcome !== 'done') return this.#failPayment(this.#payOutcome);
    return this.#finish(sale, request, change);
  }

  async nextSale(): Outcome {
    return this.#change({ sale: this.#emptySale() });
  }

  async sellBasket(request: BasketRequest): Promise<Result<SaleReceipt, Fault>> {
    const before = this.#sales.find(({ reference }) => reference === request.reference);
    if (before !== undefined) return ok({ summary: before.summary, view: before.view });
    if (this.#view.sale.lines.length > 0) return err(fault('sale-in-progress'));
    for (const line of request.lines) {
      const product = findFakeProduct(line.code);
      const added =
        product === undefined
          ? err(fault('catalog-product-unknown'))
          : await this.addProduct(product.shopCode, line.quantity);
      if (!added.ok) {
        this.#setLines([]);
        return added;
      }
    }
    await this.quote();
    const { split, mode } = this.#view.sale;
    const amount = split?.cash ?? '0.00';
    const paid = await this.pay({ mode: mode ?? 'own-pay', tenders: [{ kind: 'cash', amount }] });
    const done = this.#sales[0];
    if (!paid.ok || done === undefined) return paid.ok ? err(fault('sale-not-found')) : paid;
    done.reference = request.reference;
    return ok({ summary: done.summary, view: done.view });
  }

  sales(): readonly SaleSummary[] {
    return this.#sales.map(({ summary }) => summary);
  }

  saleById(saleId: string, by?: string): SaleReceipt | undefined {
    if (by !== undefined) this.lookedAt.push(`${by} ${saleId}`);
    const found = this.#sales.find(({ summary }) => summary.saleId === saleId);
    return found === undefined ? undefined : { summary: found.summary, view: found.view };
  }

  async cancelSale(saleId: string, second: OperatorCredential, reason: string): Outcome {
    const found = this.#sales.find(({ summary }) => summary.saleId === saleId);
    if (found === undefined) return err(fault('sale-not-found'));
    if (second.number === this.#view.shift.operator?.number || reason === '') {
      return err(fault('operator-second-needed'));
    }
    if (found.summary.state !== 'done') return err(fault('cancel-not-possible'));
    found.summary = { ...found.summary, state: 'cancelled' };
    return this.#change({});
  }

  refundPreview(saleId: string, back: readonly LineBack[]) {
    const found = this.saleById(saleId);
    return found === undefined ? err(fault('sale-not-found')) : fakeRefundPreview(found.view, back);
  }

  async refundLines(
    saleId: string,
    back: readonly LineBack[],
    second: OperatorCredential,
    reason: string,
  ): Outcome {
    const told = this.refundPreview(saleId, back);
    if (!told.ok) return told;
    const cancelled = await this.cancelSale(saleId, second, reason);
    const first = this.saleById(saleId)?.view;
    if (!cancelled.ok || told.value.whole || first === undefined) return cancelled;
    await this.nextSale();
    const { lines, replaces } = fakeRest(first, back, told.value, makeLine);
    this.#setLines(lines);
    const { saleId: restId, saleNumber } = this.#view.sale;
    const found = this.#sales.find(({ summary }) => summary.saleId === saleId);
    if (found !== undefined)
      found.summary = { ...found.summary, replacedBy: { saleId: restId, saleNumber, rest: 'sold' } };
    return this.#change({ sale: { ...this.#view.sale, replaces } });
  }

  async giveUpRest(): Outcome {
    return err(fault('sale-not-now'));
  }

  async giveUp(saleId: string): Outcome {
    return this.#settle(saleId, 'abandoned');
  }

  async decideDispute(saleId: string, decision: 'accept' | 'cancel'): Outcome {
    return this.#settle(saleId, decision === 'accept' ? 'done' : 'cancelled');
  }

  async decideSale(saleId: string, decision: { readonly kind: string }): Outcome {
    const closed = decision.kind === 'written-off' || decision.kind.startsWith('not-');
    return this.#settle(saleId, closed ? 'abandoned' : 'done');
  }

  async printAgain(saleId: string): Outcome {
    return this.saleById(saleId) === undefined ? err(fault('sale-not-found')) : ok(this.#view);
  }

  slipPreview(saleId: string, by?: string): Result<{ svg: string; text: string }, Fault> {
    const found = this.saleById(saleId, by);
    if (found === undefined) return err(fault('sale-not-found'));
    return ok({ svg: fakeSlip(found.summary), text: found.summary.saleNumber });
  }

  async printPaper(ask: PaperAsk, by?: string): Outcome {
    const paper = this.paperPreview(ask);
    if (!paper.ok) return paper;
    this.printedPapers.push({ kind: ask.kind, ...(by === undefined ? {} : { by }) });
    const { sale } = this.#view;
    if (ask.kind !== 'consent' || sale.consent === undefined) return ok(this.#view);
    return this.#change({ sale: { ...sale, consent: { ...sale.consent, printed: true } } });
  }

  async confirmConsent(own: string): Outcome {
    const { sale, shift, now } = this.#view;
    const given = fakeConsentGiven(sale.consent, own, shift.operator?.number ?? '', now);
    return given.ok ? this.#change({ sale: { ...sale, consent: given.value } }) : given;
  }

  paperPreview(ask: PaperAsk): Result<{ svg: string; text: string }, Fault> {
    return fakePaper(ask, this.#view);
  }

  async noteAdjustment(): Outcome {
    return ok(this.#view);
  }

  queue(): readonly QueueRow[] {
    return this.#queue;
  }

  async syncNow() {
    const accepted = this.#queue.length;
    this.#queue = [];
    this.#change({ queue: { waiting: 0, rejected: 0, adjusted: 0, atRisk: '0.00' } });
    return ok({ accepted, rejected: 0, left: 0 });
  }

  async reconcile() {
    return ok({ proved: 0, returned: 0, differences: 0 });
  }

  async useCatalog(version: string, _operator: string): Outcome {
    this.list.use(version);
    return this.#change({ catalog: { version, products: 300 } });
  }

  async useAgencyCatalog(): Outcome {
    return this.#change({});
  }

  async forceOffline(forced: boolean): Outcome {
    return this.#change({
      connectivity: { state: forced ? 'offline' : 'online', forced, sinceSeconds: 0 },
    });
  }

  async identifyByNumber(request: Parameters<Till['identifyByNumber']>[0]): Outcome {
    const refused = numberFault(request);
    if (refused !== undefined) return err(fault(refused));
    const { cardNumber: _card, authenticatedBy: _proof, ...holder } = this.#holder();
    return this.#change({ holder: { ...holder, name: request.name, medium: 'identity-number' } });
  }

  async setActingPerson(person: ActingPerson | undefined): Outcome {
    const { actingPerson: _before, ...sale } = this.#view.sale;
    if (person === undefined) return this.#change({ sale });
    if (this.#view.holder.state !== 'identified') return err(fault('holder-none'));
    return this.#change({ sale: { ...sale, actingPerson: actingPersonView(person) } });
  }

  async changeCardPin(digits?: { readonly old: string; readonly replacement: string }): Outcome {
    if (this.#view.holder.medium !== 'card') return err(fault('card-none'));
    if (digits === undefined) return err(fault('pin-pad-missing'));
    return digits.old === '123456' ? ok(this.#view) : err(fault('card-pin-wrong', 'tries left: 5'));
  }

  async unblockCardPin(second: OperatorCredential, reason: string): Outcome {
    const twoPeople = await this.#secondPerson(second, reason);
    return twoPeople.ok ? ok(this.#view) : twoPeople;
  }

  async cancelPinEntry(): Outcome {
    return this.#change({ pin: { ...this.#view.pin, waiting: false } });
  }

  async openDrawer(reason: string): Outcome {
    return [...reason.trim()].length < 4 ? err(fault('reason-missing')) : ok(this.#view);
  }

  async downloadCatalog(): Promise<Result<CatalogDownloadView, Fault>> {
    return ok(this.catalogState());
  }

  catalogState(): CatalogDownloadView {
    return catalogStateExample;
  }

  mappings(): MappingList {
    return { counts: { proposed: 1 }, rows: [mappingExample] };
  }

  async matchItems() {
    return ok({ looked: 1, confirmed: 0, proposed: 1 });
  }

  async decideMapping(): Promise<Result<MappingRow, Fault>> {
    return ok(mappingExample);
  }

  async uploadMappings() {
    return ok({ uploaded: 0, refused: 0, left: 0 });
  }

  async revokeMapping(): Promise<Result<MappingRow, Fault>> {
    return err(fault('mapping-unknown'));
  }

  owed(): OwedList {
    return owedExample as OwedList;
  }

  carryState(): CarryStatus {
    return carryStateExample;
  }

  async carryOut(): Promise<Result<CarryFileRow, Fault>> {
    return ok(carryFileExample as CarryFileRow);
  }

  carryAgain(): Promise<Result<CarryFileRow, Fault>> {
    return this.carryOut();
  }

  carryAnswer(): Promise<Result<CarryFileRow, Fault>> {
    return this.carryOut();
  }

  async carryIn(): Promise<Result<CarryInRow, Fault>> {
    return ok({ number: '0001-7F3A', terminal: '01', imported: 12, known: 0, until: '2026-03-09 10:00:00' });
  }

  async carryBack(): Promise<Result<CarriedBack, Fault>> {
    return ok({ accepted: 11, adjusted: 0, rejected: 1, returned: 0, waiting: 0, ignored: 0 });
  }

  async carryTakeBack(): Promise<Result<{ readonly sales: number }, Fault>> {
    return ok({ sales: 12 });
  }

  async backUp(): Promise<Result<BackupRow, Fault>> {
    return ok(backupExample);
  }

  policies(): readonly PolicyRow[] {
    return policiesExample.policies;
  }

  dayPrices(): Result<DayPrices, Fault> {
    return ok(pricesExample);
  }

  priceLog(): Result<readonly PriceChangeRow[], Fault> {
    return ok(priceLogExample.rows);
  }

  equivalents(): Result<Equivalents, Fault> {
    return ok(equivalentsExample);
  }

  splitReport(): SplitReport {
    return splitReportExample;
  }

  devices(): readonly DeviceView[] {
    return this.#view.devices;
  }

  customer(): CustomerView {
    return fakeCustomer(this.#view, this.#screen);
  }

  terminalKeys(): readonly TerminalKeyRow[] {
    return this.#keys.rows();
  }

  enrolKey(enrolmentCode: string): Promise<Result<TerminalKeyRow, Fault>> {
    return this.#keys.enrol(enrolmentCode);
  }

  rotateKey(): Promise<Result<TerminalKeyRow, Fault>> {
    return this.#keys.rotate();
  }

  async revokeKey(second: OperatorCredential, reason: string): Promise<Result<TerminalKeyRow, Fault>> {
    const twoPeople = await this.#secondPerson(second, reason);
    return twoPeople.ok ? this.#keys.revoke() : twoPeople;
  }

  async verifyJournal() {
    return ok(journalVerifyExample);
  }

  async doctor(): Promise<readonly DoctorRow[]> {
    return [
      { part: 'agency', state: 'ok', zh: '医保中心连接正常', en: 'The agency answers' },
      {
        part: 'printer',
        state: 'fault',
        zh: '打印机缺纸',
        en: 'The printer is out of paper',
        fault: fault('printer-paper-out'),
      },
    ];
  }

  async #secondPerson(second: OperatorCredential, reason: string): Promise<Result<void, Fault>> {
    if ([...reason.trim()].length < 4) return err(fault('reason-missing'));
    if (second.number === this.#view.shift.operator?.number) return err(fault('operator-second-needed'));
    const proved = await this.checkOperator(second);
    return proved.ok ? ok(undefined) : proved;
  }

  #change(change: Partial<TillView>): Result<TillView, Fault> {
    this.#view = { ...this.#view, ...change, revision: this.#view.revision + 1 };
    for (const listener of this.#listeners) listener();
    return ok(this.#view);
  }

  #setLines(lines: LineView[]): Result<TillView, Fault> {
    if (this.#view.sale.state !== 'selling') return err(fault('sale-not-now'));
    const total = sumMoney(lines.map((line) => yuan(line.amount)));
    return this.#change({ sale: { ...this.#view.sale, lines, total: formatMoney(total) } });
  }

  #emptySale(): SaleView {
    const number = String(this.#counter).padStart(6, '0');
    this.#counter += 1;
    return {
      saleId: `s-${number}`,
      saleNumber: `T01260302${number}`,
      state: 'selling',
      lines: [],
      total: '0.00',
      useAccount: true,
      tenders: [],
    };
  }

  #holder(): HolderView {
    return {
      state: 'identified',
      name: '测试甲',
      sex: 'female',
      age: '66',
      certificateNumber: '990101**********0X',
      cardNumber: 'T0000001A',
      medium: 'card',
      scheme: '310',
      schemeZh: '职工基本医疗保险',
      schemeEn: 'Employee basic medical insurance',
      insuredRegion: '990101',
      balance: formatMoney(this.#balance),
      balanceAgeSeconds: 4,
      source: 'agency',
      authenticatedBy: 'agency',
      warnings: [],
    };
  }

  #summary(sale: SaleView, state: SaleSummary['state']): SaleSummary {
    const holderName = this.#view.holder.name;
    return {
      saleId: sale.saleId,
      saleNumber: sale.saleNumber,
      state,
      total: sale.total,
      account: sale.split?.account ?? '0.00',
      createdAt: this.#view.now,
      ...(sale.mode === undefined ? {} : { mode: sale.mode }),
      ...(holderName === undefined ? {} : { holderName: `${holderName[0]}**` }),
      ...(sale.consent?.state === 'given' ? { consent: sale.consent } : {}),
      ...(sale.replaces === undefined ? {} : { replaces: sale.replaces.saleNumber }),
    };
  }

  #pending(): SaleSummary[] {
    const open = this.#sales.filter(
      ({ summary }) => summary.state === 'unknown' || summary.state === 'disputed',
    );
    return [...this.#held.map(({ summary }) => summary), ...open.map(({ summary }) => summary)];
  }

  #failPayment(code: FaultCode): Result<TillView, Fault> {
    const found = fault(code);
    if (found.retry !== 'ambiguous') {
      this.#change({ sale: { ...this.#view.sale, fault: viewOf(code) } });
      return err(found);
    }
    const sale: SaleView = { ...this.#view.sale, state: 'unknown', fault: viewOf(code) };
    const summary: SaleSummary = {
      ...this.#summary(sale, 'unknown'),
      fault: viewOf(code),
      progressZh: '正在冲正，第 1 次；等待原交易失效',
      progressEn: 'Reversing, try 1; waiting until the original can no longer arrive',
    };
    this.#sales.unshift({ summary, view: sale });
    return this.#change({ sale, pending: this.#pending() });
  }

  #finish(sale: SaleView, request: PayRequest, change: Money): Result<TillView, Fault> {
    const offline = request.mode === 'offline';
    const done: SaleView = {
      ...sale,
      state: 'done',
      mode: request.mode,
      tenders: request.tenders.map(({ kind, amount }) => ({ kind, amount: formatMoney(yuan(amount)) })),
      changeDue: formatMoney(change),
    };
    const slip = this.#view.printer.state === 'fault' ? 'owed' : 'printed';
    this.#sales.unshift({
      summary: { ...this.#summary(done, offline ? 'queued' : 'done'), slip },
      view: done,
    });
    if (sale.split !== undefined) this.#balance = subtractMoney(this.#balance, yuan(sale.split.account));
    if (offline) this.#enqueue(done);
    const atRisk = sumMoney(this.#queue.map((row) => yuan(row.account)));
    return this.#change({
      sale: done,
      queue: { waiting: this.#queue.length, rejected: 0, adjusted: 0, atRisk: formatMoney(atRisk) },
    });
  }

  #enqueue(sale: SaleView): void {
    this.#queue.push({
      saleId: sale.saleId,
      saleNumber: sale.saleNumber,
      state: 'queued',
      account: sale.split?.account ?? formatMoney(zeroMoney),
      attempts: 0,
      queuedAt: this.#view.now,
    });
  }

  #settle(saleId: string, state: SaleSummary['state']): Result<TillView, Fault> {
    const found = this.#sales.find(({ summary }) => summary.saleId === saleId);
    if (found === undefined) return err(fault('sale-not-found'));
    found.summary = { ...found.summary, state };
    return this.#change({ pending: this.#pending() });
  }
}

function viewOf(code: FaultCode): FaultView {
  return { ...fault(code) };
}

function makeLine(lineNumber: number, product: LineView['product'], count: string): LineView {
  const amount = formatMoney(lineAmount(price(product.price), quantity(count), 'half-up'));
  return { lineNumber, product, quantity: count, unit: 'pack', amount };
}

export function fakeSlip(summary: Pick<SaleSummary, 'saleNumber' | 'total' | 'account'>): string {
  const rows = [
    '示例大药房',
    '医保结算小票',
    summary.saleNumber,
    `合计 ${summary.total}`,
    `账户支付 ${summary.account}`,
  ];
  const text = rows
    .map(
      (row, index) =>
        `<text x="16" y="${36 + index * 28}" font-size="18" font-family="monospace">${row}</text>`,
    )
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="190"><rect width="320" height="190" fill="#fff"/>${text}</svg>`;
}
