import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SaleReceipt } from '#checkout/facade';
import type { TillView } from '#checkout/view';
import { parseConfig } from '#core/config/parse';
import type { CardLike } from '#drivers/card-reader/port';
import { trainingCardBox } from '#simulators/cards/training-cards';
import type { TillStore } from '#store/port';
import { openRecords } from '../../src/main/records.ts';
import type { ShopProgram } from '../e2e/shop-program.ts';
import { disputesIn, isExplained } from './kill-disputes.ts';
import { judgeFiles, type Outside, type ToldSale } from './kill-judge.ts';
import { choose, seededRandom } from './seeded.ts';

const GOODS = ['6909901000017', '6909901000253', '6909901000369'] as const;
const HOLDERS = ['employee', 'resident', 'second-employee', 'offline-card'] as const;
const SECOND = { number: '0102', pin: '5678' };
const ACTS = ['insured', 'insured', 'insured', 'own-pay', 'cancel', 'again', 'offline', 'trouble'] as const;
/** So many things at most are done in a life before its kill is due. */
const WHOLE_ACTS = 8;
const MOMENTS = ['start', 'first-steps', 'selling', 'selling', 'selling', 'selling'] as const;
const RESTS_MS = 120_000;
const CARD_READ_MS = 15_000;

type HolderId = (typeof HOLDERS)[number];

/** A basket of another program: its own reference, and what it was told. */
interface Order {
  readonly reference: string;
  readonly lines: readonly { readonly code: string; readonly quantity: string }[];
  readonly pay: 'account' | 'cash';
}

export interface KillReport {
  readonly kills: number;
  /** Kills by what the program was about. */
  readonly moments: ReadonlyMap<string, number>;
  /** Codes of what was refused meanwhile. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly told: number;
  readonly cancelled: number;
  readonly offline: number;
  /** Settled anew with sums that differ from what was paid: left to two people. */
  readonly disputed: number;
  readonly slips: number;
  /** References that were sent again after the answer to them was lost. */
  readonly repeated: number;
  /** Charges at the agency's own ledger, undone ones among them. */
  readonly charges: number;
  readonly broken: readonly string[];
}

/**
 * The real program (`guitai serve`: real files, card service, printer and agency over sockets) sells and is killed with
 * SIGKILL at random moments, starting among them. What it told its clients, what came out of the printer and what the
 * agency booked live outside of it and are the truth.
 */
export class KilledSales {
  readonly #shop: ShopProgram;
  readonly #random: () => number;
  readonly #say: (line: string) => void;
  readonly #stopsAtFirst: boolean;
  readonly #cards = new Map<HolderId, CardLike>();
  readonly #told = new Map<string, ToldSale>();
  /** Sale of each reference that was answered. */
  readonly #references = new Map<string, { readonly order: Order; readonly saleId: string }>();
  readonly #unanswered: Order[] = [];
  readonly #slips: string[] = [];
  readonly #moments = new Map<string, number>();
  readonly #refusals = new Map<string, number>();
  readonly #broken: string[] = [];
  readonly #disputed = new Set<string>();
  #orders = 0;
  #kills = 0;
  #repeated = 0;
  /** Of late: within this time a kill may fall, whatever the machine does beside it. */
  #longestActMs = 200;
  #holder: HolderId | undefined;
  #isDead = false;
  #dying: Promise<void> = Promise.resolve();
  /** The files of the last kill are looked at while the program starts again. */
  #looking: Promise<void> = Promise.resolve();

  /** With `stopsAtFirst` it ends where the first thing is broken. */
  constructor(
    shop: ShopProgram,
    seed: number,
    say: (line: string) => void,
    options: { readonly stopsAtFirst?: boolean } = {},
  ) {
    this.#shop = shop;
    this.#say = say;
    this.#stopsAtFirst = options.stopsAtFirst ?? false;
    this.#random = seededRandom(seed);
    const box = trainingCardBox();
    for (const id of HOLDERS) this.#cards.set(id, box.card(id));
    shop.printer.onSlip(({ text }) => this.#slips.push(text));
  }

  async run(kills: number): Promise<KillReport> {
    const say = this.#say;
    while (this.#kills < kills && !(this.#stopsAtFirst && this.#broken.length > 0)) {
      await this.#life();
      if (this.#kills % 25 === 0)
        say(`${this.#kills} of ${kills}, ${this.#told.size} told, ${this.#broken.length} broken`);
    }
    await this.#looking;
    if (!(this.#stopsAtFirst && this.#broken.length > 0)) await this.#end();
    const cancelled = [...this.#told.values()].filter(({ cancel }) => cancel === 'told').length;
    return {
      kills: this.#kills,
      moments: this.#moments,
      refusals: this.#refusals,
      told: this.#told.size,
      cancelled,
      offline: [...this.#told.values()].filter(({ pay }) => pay === 'offline').length,
      disputed: this.#disputed.size,
      slips: this.#slips.length,
      repeated: this.#repeated,
      charges: this.#shop.agency.control.settlements().length,
      broken: this.#broken,
    };
  }

  /** One life of the program: started (unless it runs), put to work and killed. */
  async #life(): Promise<void> {
    const moment = choose(this.#random, MOMENTS);
    this.#isDead = false;
    if (moment === 'start') this.#killIn(1_000);
    try {
      await this.#shop.startProgram();
      if (moment === 'first-steps') this.#killIn(800);
      await this.#atWork(moment);
    } catch (error) {
      if (!this.#isDead) this.#break(error instanceof Error ? error.message : String(error));
    }
    if (!this.#isDead) this.#killIn(0);
    await this.#dying;
    this.#kills += 1;
    this.#moments.set(moment, (this.#moments.get(moment) ?? 0) + 1);
    await this.#shop.agency.control.clearFaults();
    await this.#looking;
    this.#looking = this.#lookAtFiles();
  }

  #killIn(longestMs: number): void {
    const afterMs = this.#random() * longestMs;
    this.#dying = new Promise((resolve) => {
      setTimeout(() => {
        this.#isDead = true;
        void this.#shop.killProgram().then(resolve);
      }, afterMs);
    });
  }

  async #atWork(moment: string): Promise<void> {
    await this.#openCounter();
    await this.#repeatUnanswered();
    const whole = moment === 'selling' ? Math.floor(this.#random() * WHOLE_ACTS) : 0;
    for (let act = 0; act < whole; act += 1) await this.#act(choose(this.#random, ACTS));
    if (moment === 'selling') this.#killIn(2 * this.#longestActMs);
    while (!this.#isDead) await this.#act(choose(this.#random, ACTS));
  }

  /** The other program does what it is told to; then the cashier clears away what a person had begun. */
  async #repeatUnanswered(): Promise<void> {
    for (const order of [...this.#unanswered]) await this.#order(order);
    await this.#clearCounter();
    for (const order of [...this.#unanswered]) await this.#order(order);
  }

  async #openCounter(): Promise<void> {
    const { shift } = await this.#shop.view();
    if (shift.state !== 'open') await this.#call('POST', '/api/shift/open', { number: '0101', pin: '1234' });
    await this.#call('POST', '/api/connectivity', { forcedOffline: false });
    // Most of the time the card still lies in the reader, and is read anew by the program as it starts.
    const isOtherCard = this.#holder === undefined || this.#random() < 0.3;
    if (isOtherCard || !(await this.#isCardRead())) await this.#insert(choose(this.#random, HOLDERS));
  }

  async #insert(id: HolderId): Promise<void> {
    const card = this.#cards.get(id);
    if (card === undefined) throw new Error(`no card ${id}`);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      this.#holder = undefined;
      await this.#shop.insert(card);
      this.#holder = id;
      // The virtual reader overlooks a card now and then: put in again, as one would by hand.
      if (await this.#isCardRead()) return;
    }
    throw new Error(`the card of ${id} is never read`);
  }

  async #isCardRead(): Promise<boolean> {
    const isThere = ({ holder }: TillView) => ['identified', 'refused'].includes(holder.state);
    const endMs = performance.now() + CARD_READ_MS;
    while (performance.now() < endMs) {
      if (isThere(await this.#shop.view())) return true;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    return false;
  }

  async #act(act: (typeof ACTS)[number]): Promise<void> {
    const startMs = performance.now();
    await this.#do(act);
    this.#longestActMs = Math.max(this.#longestActMs * 0.9, performance.now() - startMs);
  }

  async #do(act: (typeof ACTS)[number]): Promise<void> {
    switch (act) {
      case 'insured':
      case 'own-pay':
        await this.#order(this.#newOrder(act === 'insured' ? 'account' : 'cash'));
        return;
      case 'cancel':
        return this.#cancel();
      case 'again':
        return this.#again();
      case 'offline':
        return this.#sellOffline();
      case 'trouble':
        return this.#trouble();
    }
  }

  #newOrder(pay: Order['pay']): Order {
    this.#orders += 1;
    const code = choose(this.#random, GOODS);
    const quantity = String(1 + Math.floor(this.#random() * 3));
    return { reference: `order-${this.#orders}`, lines: [{ code, quantity }], pay };
  }

  /** Sends an order. One without an answer is sent again in the next life, as other programs are told to do. */
  async #order(order: Order): Promise<void> {
    const waits = this.#unanswered.indexOf(order);
    if (waits >= 0) this.#repeated += 1;
    else this.#unanswered.push(order);
    const answer = await this.#call<SaleReceipt>('POST', '/api/sales', order);
    if (answer === undefined) return;
    const { summary } = answer;
    if (!['done', 'cancelled'].includes(summary.state)) return;
    this.#unanswered.splice(this.#unanswered.indexOf(order), 1);
    for (const [other, { saleId }] of this.#references)
      if (saleId === summary.saleId && other !== order.reference)
        this.#break(`${other} and ${order.reference} were both told ${summary.saleNumber}`);
    this.#references.set(order.reference, { order, saleId: summary.saleId });
    this.#tell(summary.saleId, { saleNumber: summary.saleNumber, pay: order.pay, cancel: 'no' });
  }

  /** The same reference answers the same sale, in every later life. */
  async #again(): Promise<void> {
    const [first, ...others] = this.#references.values();
    if (first === undefined) return;
    const { order, saleId } = choose(this.#random, [first, ...others]);
    const answer = await this.#call<SaleReceipt>('POST', '/api/sales', order);
    if (answer !== undefined && answer.summary.saleId !== saleId)
      this.#break(`${order.reference} made a second sale ${answer.summary.saleNumber}`);
  }

  async #cancel(): Promise<void> {
    const [first, ...others] = [...this.#told].filter(
      ([, { cancel, pay }]) => cancel !== 'told' && pay !== 'offline',
    );
    if (first === undefined) return;
    const [saleId, told] = choose(this.#random, [first, ...others]);
    told.cancel = 'asked';
    const body = { second: SECOND, reason: '顾客退货' };
    const cancel = () => this.#call('POST', `/api/sales/${saleId}/cancel`, body);
    // Now and then two people press at once.
    const done = await Promise.all(this.#random() < 0.3 ? [cancel(), cancel()] : [cancel()]);
    if (done.every((answer) => answer === undefined)) return;
    const after = await this.#call<SaleReceipt>('GET', `/api/sales/${saleId}`);
    if (after?.summary.state === 'cancelled') told.cancel = 'told';
  }

  /** At the counter with PIN and consent, the line kept closed by hand; uploaded afterwards. */
  async #sellOffline(): Promise<void> {
    await this.#call('POST', '/api/connectivity', { forcedOffline: true });
    await this.#call('POST', '/api/sale/next');
    await this.#call('POST', '/api/scan', { code: choose(this.#random, GOODS) });
    await this.#call('POST', '/api/sale/quote');
    const { sale } = await this.#shop.view();
    if (sale.state === 'confirming' && sale.split?.source === 'offline') {
      const { cash } = sale.split;
      const tenders = cash === '0.00' ? [] : [{ kind: 'cash', amount: cash }];
      const consent = { pin: '123456', acceptOfflineRisk: true };
      const pay = { mode: 'offline', tenders, expectedCash: cash, ...consent };
      const paid = await this.#call<TillView>('POST', '/api/sale/pay', pay);
      if (paid?.sale.state === 'done')
        this.#tell(sale.saleId, { saleNumber: sale.saleNumber, pay: 'offline', cancel: 'no' });
    }
    await this.#clearCounter();
    await this.#call('POST', '/api/connectivity', { forcedOffline: false });
    await this.#call('POST', '/api/queue/sync');
  }

  async #clearCounter(): Promise<void> {
    const { sale } = await this.#shop.view();
    if (sale.state === 'confirming') await this.#call('POST', '/api/sale/back');
    if (sale.state === 'done' || sale.state === 'unknown') await this.#call('POST', '/api/sale/next');
    else if (sale.lines.length > 0) await this.#call('POST', '/api/sale/clear');
  }

  /** The agency answers late, or not at all, to what comes next. */
  async #trouble(): Promise<void> {
    const { control } = this.#shop.agency;
    const transaction = choose(this.#random, ['2102', '2102', '2103', '2601']);
    const kind = choose(this.#random, ['delay', 'delay', 'delay', 'lose-reply', 'lose-request']);
    const delayMs = Math.floor(this.#random() * 400);
    const processed = this.#random() < 0.5;
    await control.addFault({
      kind,
      transaction,
      count: 1,
      ...(kind === 'delay' ? { delayMs, processed } : {}),
    });
  }

  #tell(saleId: string, told: ToldSale): void {
    const known = this.#told.get(saleId);
    if (known === undefined) this.#told.set(saleId, told);
    else if (known.saleNumber !== told.saleNumber)
      this.#break(`${told.saleNumber} was ${known.saleNumber} before`);
  }

  /** The files as the killed program left them, on a copy: whole, the chain unbroken, everything told in it. */
  async #lookAtFiles(): Promise<void> {
    const after: Outside = {
      kills: this.#kills,
      told: new Map([...this.#told].map(([saleId, told]) => [saleId, { ...told }])),
      slips: [...this.#slips],
    };
    const folder = mkdtempSync(join(tmpdir(), 'guitai-killed-'));
    try {
      const data = join(this.#shop.folder, 'data');
      const names = ['till.db', 'till.db-wal', 'keys'];
      for (const name of names)
        cpSync(join(data, name), join(folder, name), { recursive: true, force: true });
      const config = parseConfig(readFileSync(this.#shop.configFile, 'utf8'), {});
      if (!config.ok) throw new Error(config.error.detail);
      const records = await openRecords({ config: config.value, folder });
      if (!records.ok) {
        this.#break(`the records do not open: ${records.error.code} ${records.error.detail}`, after.kills);
        return;
      }
      for (const what of judgeFiles(records.value.store, after)) this.#break(what, after.kills);
      this.#lookAtDisputes(records.value.store, after.kills);
      await records.value.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #lookAtDisputes(store: TillStore, kills: number): void {
    for (const dispute of disputesIn(store)) {
      if (this.#disputed.has(dispute.saleId)) continue;
      this.#disputed.add(dispute.saleId);
      const { saleNumber, attempts, facts } = dispute;
      this.#say(`${saleNumber} disputed after ${attempts} settlements: ${facts.join(' ')}`);
      if (!isExplained(dispute)) this.#break(`sale ${saleNumber} is disputed without a reason`, kills);
    }
  }

  /** A second person takes what was settled anew with other sums. */
  async #takeDisputes(): Promise<void> {
    for (const { saleId, state } of (await this.#shop.view()).pending) {
      if (state !== 'disputed') continue;
      const body = { decision: 'accept', second: SECOND, reason: '已与经办机构核对' };
      await this.#call('POST', `/api/sales/${saleId}/dispute`, body);
    }
  }

  /** Left alone until nothing is open, the till agrees with the agency's own ledger to the fen. */
  async #end(): Promise<void> {
    this.#isDead = false;
    await this.#shop.startProgram();
    await this.#openCounter();
    await this.#repeatUnanswered();
    // A card that was torn away from tells what it did when it is shown again.
    for (const id of HOLDERS) await this.#insert(id);
    await this.#call('POST', '/api/queue/sync');
    const { pending } = await this.#shop
      .until(
        'nothing is open',
        ({ pending: open, queue }) => open.every(({ state }) => isAtRest(state)) && queue.waiting === 0,
        RESTS_MS,
      )
      .catch(() => this.#shop.view());
    for (const { saleNumber, state } of pending)
      if (!isAtRest(state)) this.#break(`sale ${saleNumber} stays ${state}`);
    await this.#takeDisputes();
    for (const order of [...this.#unanswered]) await this.#order(order);
    for (const { reference } of this.#unanswered) this.#break(`${reference} is never answered`);
    await this.#agreesWithAgency();
    await this.#shop.killProgram();
    await this.#lookAtFiles();
  }

  async #agreesWithAgency(): Promise<void> {
    const { control } = this.#shop.agency;
    const compared = await this.#call<{ differences: number }>('POST', '/api/reconcile', {});
    if (compared?.differences !== 0) this.#break(`${compared?.differences} differences with the agency`);
    const listed = await this.#call<{ sales: readonly SaleReceipt['summary'][] }>('GET', '/api/sales');
    const sales = new Map((listed?.sales ?? []).map((sale) => [sale.saleNumber, sale]));
    for (const { saleNumber } of control.settlements()) {
      const charges = control.chargesOf(saleNumber).standing.length;
      const sale = sales.get(saleNumber);
      if (charges > 1) this.#break(`sale ${saleNumber} is charged ${charges} times`);
      if (charges === 1 && sale?.state !== 'done')
        this.#break(`sale ${saleNumber} is charged and ${sale?.state}`);
    }
    for (const { saleNumber, pay, cancel } of this.#told.values()) {
      const charges = control.chargesOf(saleNumber).standing.length;
      const { state, mode } = sales.get(saleNumber) ?? {};
      const wanted = pay === 'cash' || state === 'cancelled' ? 0 : 1;
      if (charges === wanted) continue;
      const booked = control.chargesOf(saleNumber).records.map((each) => {
        const late = each.afterReversal ? ' after its reversal' : '';
        return `${each.kind} ${each.messageId.slice(-8)} ${each.state}${late}`;
      });
      const what = `${pay}, sold ${mode}, cancelled: ${cancel}, ${state}; agency: ${booked.join(', ')}`;
      this.#break(`sale ${saleNumber} has ${charges} charges (${what})`);
    }
    // Every order has its answer by now; what a person began at the counter is another matter.
    for (const { saleId, saleNumber, state, mode } of sales.values())
      if (state === 'done' && mode !== 'offline' && !this.#told.has(saleId))
        this.#break(`sale ${saleNumber} is done and nobody was told of it: an order was sold twice`);
    if (control.violations().length > 0)
      this.#break(`against the interface: ${JSON.stringify(control.violations()[0])}`);
  }

  /** The answer, or undefined for a refusal; a program that is gone ends the life. */
  async #call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T | undefined> {
    const answer = await this.#shop.api<T & { readonly error?: { readonly code: string } }>(
      method,
      path,
      body,
    );
    if (answer.error === undefined) return answer;
    const { code } = answer.error;
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
    return undefined;
  }

  #break(what: string, kills = this.#kills): void {
    const line = `after ${kills} kills: ${what}`;
    this.#say(`broken ${line}`);
    if (this.#broken.length < 40) this.#broken.push(line);
  }
}

/** Held baskets wait for their customer, disputed sales for a second person. */
function isAtRest(state: string): boolean {
  return state === 'held' || state === 'disputed';
}
