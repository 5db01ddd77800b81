import type { TillView } from '#checkout/view';
import { faultTable } from '#core/fault';
import { makeTrainingCard, trainingCards } from '#simulators/cards/training-cards';
import type { ShopProgram } from '../e2e/shop-program.ts';
import { choose, seededRandom } from './seeded.ts';
import { StormCard } from './storm-card.ts';

const GOODS = ['6909901000017', '6909901000253', '6909901000369'] as const;
const HOLDERS = ['employee', 'resident', 'B', 'C', 'second-employee', 'offline-card'] as const;
const TROUBLES = ['pull', 'pull-and-back', 'swap', 'mute', 'garbage', 'service', 'readers', 'none'] as const;
const MOMENTS = ['read', 'identified', 'quote', 'pay'] as const;
const SETTLES_MS = 25_000;
const BUSY_HOLDER = ['reading', 'authenticating'];
const BUSY_SALE = ['quoting', 'committing', 'delivering'];

type HolderId = (typeof HOLDERS)[number];

export interface StormCase {
  readonly number: number;
  readonly holder: HolderId;
  readonly other: HolderId;
  readonly trouble: (typeof TROUBLES)[number];
  readonly moment: (typeof MOMENTS)[number];
  /** Commands that the card still answers before the trouble, where the moment has commands. */
  readonly commands: number;
  readonly offline: boolean;
}

export interface StormReport {
  /** How often each trouble ended in each state: `pull at pay → refused`. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly codes: ReadonlyMap<string, number>;
  /** Longest wait from a trouble until the next good card was identified. */
  readonly slowestMs: number;
  /** What must never happen, each with its case. */
  readonly broken: readonly string[];
}

interface Answer {
  readonly error?: { readonly code: string };
}

/** Random pulls, swaps, mute cards, service restarts and lost readers against the real program. */
export class Storm {
  readonly #shop: ShopProgram;
  readonly #random: () => number;
  readonly #cards = new Map<HolderId, StormCard>();
  readonly #outcomes = new Map<string, number>();
  readonly #codes = new Map<string, number>();
  readonly #broken: string[] = [];
  #slowestMs = 0;
  /** Whose card lay in the reader when a sale was quoted: only that person may ever be charged for it. */
  readonly #soldTo = new Map<string, HolderId>();
  #happened = false;
  /** What the trouble still has to do, such as starting the service again. */
  #happening: Promise<void> = Promise.resolve();

  constructor(shop: ShopProgram, seed: number) {
    this.#shop = shop;
    this.#random = seededRandom(seed);
    for (const id of HOLDERS) this.#cards.set(id, new StormCard(makeTrainingCard(id), this.#random));
  }

  /** Runs so many cases; never throws for what the till does wrong, that is in the report. */
  async run(cases: number, say: (line: string) => void = () => undefined): Promise<StormReport> {
    for (let number = 1; number <= cases; number += 1) {
      const planned = this.#plan(number);
      try {
        await this.#one(planned);
      } catch (error) {
        this.#break(planned, error instanceof Error ? error.message : String(error));
        await this.#calmDown();
      }
      if (number % 25 === 0) say(`${number} of ${cases}, ${this.#broken.length} broken`);
    }
    await this.#uploadAll();
    return {
      outcomes: this.#outcomes,
      codes: this.#codes,
      slowestMs: this.#slowestMs,
      broken: this.#broken,
    };
  }

  #plan(number: number): StormCase {
    const offline = this.#random() < 0.3;
    const signs = offline && this.#random() < 0.5;
    const holder = signs ? 'offline-card' : choose(this.#random, HOLDERS);
    const others = HOLDERS.filter((id) => id !== holder);
    return {
      number,
      holder,
      other: choose(this.#random, [others[0] ?? holder, ...others.slice(1)]),
      trouble: choose(this.#random, TROUBLES),
      moment: choose(this.#random, MOMENTS),
      commands: 1 + Math.floor(this.#random() * 34),
      offline,
    };
  }

  async #one(planned: StormCase): Promise<void> {
    const { agency } = this.#shop;
    // Offline needs a holder that the till has asked about before: the card is shown once with the line open.
    if (planned.offline) {
      await this.#insertGood(planned.holder);
      await this.#shop.pull();
      await agency.control.cut();
    }
    const saleNumber = await this.#sell(planned);
    this.#soldTo.set(saleNumber, planned.holder);
    const since = performance.now();
    await this.#happening;
    await this.#noticed(planned);
    const view = await this.#quiet(planned);
    this.#judge(planned, view, saleNumber);
    if (planned.offline) await agency.control.restore();
    await this.#calmDown();
    await this.#insertGood(planned.other);
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - since);
    await this.#shop.pull();
  }

  /** The whole way of one sale, with the trouble at its moment; answers the number of the sale. */
  async #sell(planned: StormCase): Promise<string> {
    const card = this.#card(planned.holder);
    const { moment, commands } = planned;
    this.#happened = false;
    const happen = () => {
      this.#happened = true;
      this.#happening = this.#trouble(planned);
    };
    if (moment === 'read') this.#arm(planned, commands, happen);
    await this.#shop.insert(card);
    await this.#call('POST', '/api/scan', { code: choose(this.#random, GOODS) });
    await this.#shop.until(
      'the card is noticed',
      ({ holder }) => this.#happened || holder.state === 'identified' || holder.state === 'refused',
      SETTLES_MS,
    );
    await this.#happening;
    const view = await this.#quiet(planned);
    const { saleNumber } = view.sale;
    if (moment === 'identified') happen();
    if (view.holder.state !== 'identified') return saleNumber;
    if (moment === 'quote') happen();
    const quoted = await this.#call('POST', '/api/sale/quote');
    if (quoted.error !== undefined || moment === 'quote') await this.#happening;
    const shown = await this.#shop.view();
    if (shown.sale.state !== 'confirming' || shown.sale.split === undefined) return saleNumber;
    if (moment === 'pay') this.#arm(planned, 1 + (commands % 24), happen);
    await this.#pay(shown);
    return saleNumber;
  }

  async #pay({ sale }: TillView): Promise<void> {
    const { split, consent } = sale;
    if (split === undefined) return;
    if (consent?.state === 'needed') await this.#call('POST', '/api/sale/consent', { own: consent.own });
    const mode = { agency: 'insured', offline: 'offline', 'own-pay': 'own-pay' }[split.source];
    await this.#call('POST', '/api/sale/pay', {
      mode,
      tenders: split.cash === '0.00' ? [] : [{ kind: 'cash', amount: split.cash }],
      expectedCash: split.cash,
      ...(mode === 'offline' ? { pin: '123456', acceptOfflineRisk: true } : {}),
    });
  }

  #arm({ trouble, holder }: StormCase, commands: number, happen: () => void): void {
    const card = this.#card(holder);
    const own = trouble === 'mute' || trouble === 'garbage' ? trouble : 'answers';
    card.arm(commands, own, happen);
  }

  async #trouble({ trouble, holder, other }: StormCase): Promise<void> {
    const shop = this.#shop;
    const card = this.#card(holder);
    switch (trouble) {
      case 'pull':
        return shop.yank();
      case 'pull-and-back':
        await shop.yank();
        return shop.swap(card);
      case 'swap':
        return shop.swap(this.#card(other));
      case 'mute':
      case 'garbage':
        if (!card.isArmed()) card.arm(1, trouble, () => undefined);
        return;
      case 'service':
        await shop.killCardService();
        await this.#pause(1_200);
        return shop.startCardService();
      case 'readers':
        await shop.killCardService();
        await shop.startCardService('none');
        await this.#pause(1_200);
        await shop.killCardService();
        return shop.startCardService();
      case 'none':
    }
  }

  /**
   * A card that is gone is gone from the screen too. A swap quicker than the service looks is told by nobody;
   * it is found out at commit, which the charges show.
   */
  async #noticed({ trouble }: StormCase): Promise<void> {
    if (!this.#happened || trouble !== 'pull') return;
    await this.#shop.until(
      'the card that left is off the screen',
      ({ holder }) => holder.state !== 'identified',
      SETTLES_MS,
    );
  }

  /** Nothing may hang: within the deadline no card is being read and no sale is on its way. */
  async #quiet(planned: StormCase): Promise<TillView> {
    const allowed = [planned.holder, planned.other].map((id) => nameOf(id));
    return this.#shop.until(
      'reader and sale come to rest',
      ({ holder, sale }) => {
        if (holder.state === 'identified' && holder.name !== undefined && !allowed.includes(holder.name))
          this.#break(planned, `wrong holder: ${holder.name}`);
        return !BUSY_HOLDER.includes(holder.state) && !BUSY_SALE.includes(sale.state);
      },
      SETTLES_MS,
    );
  }

  #judge(planned: StormCase, view: TillView, saleNumber: string): void {
    const { control } = this.#shop.agency;
    const { holder, sale } = view;
    for (const fault of [holder.fault, sale.fault]) if (fault !== undefined) this.#count(planned, fault.code);
    if (holder.state === 'refused' && holder.fault === undefined)
      this.#break(planned, 'refused without a code');
    for (const record of control.settlements()) {
      const soldTo = this.#soldTo.get(record.saleNumber);
      const person = control.persons().find(({ name }) => soldTo !== undefined && name === nameOf(soldTo));
      if (record.personNumber !== person?.personNumber)
        this.#break(planned, `sale ${record.saleNumber} was charged to another person`);
    }
    const standing = control.chargesOf(saleNumber).standing.length;
    const isDone = sale.saleNumber === saleNumber && sale.state === 'done';
    if (standing > 1) this.#break(planned, 'charged twice');
    if (isDone && sale.mode === 'insured' && standing !== 1) this.#break(planned, 'done and not charged');
    if (!isDone && sale.state !== 'unknown' && standing === 1)
      this.#break(planned, 'charged and not shown as done');
    const kept = isDone || sale.state === 'unknown' || sale.lines.length > 0;
    if (!kept) this.#break(planned, 'the basket is gone');
    const ending = `${planned.trouble} at ${planned.moment} → ${sale.state}/${holder.state}`;
    this.#outcomes.set(ending, (this.#outcomes.get(ending) ?? 0) + 1);
  }

  /** The counter cleared for the next customer: card out, card sound again, basket put aside. */
  async #calmDown(): Promise<void> {
    await this.#happening.catch(() => undefined);
    for (const card of this.#cards.values()) card.calm();
    await this.#shop.agency.control.restore();
    await this.#shop.pull();
    const { sale } = await this.#shop.view();
    if (sale.state === 'confirming') await this.#call('POST', '/api/sale/back');
    if (sale.state === 'done' || sale.state === 'unknown') await this.#call('POST', '/api/sale/next');
    else if (sale.lines.length > 0) await this.#call('POST', '/api/sale/clear');
  }

  /** The next good card works: identified, and as the person whose card it is. */
  async #insertGood(id: HolderId): Promise<void> {
    const card = this.#card(id);
    card.calm();
    await this.#shop.insert(card);
    const isRead = ({ holder }: TillView) => holder.state === 'identified' && holder.name === nameOf(id);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      try {
        await this.#shop.until(`the good card of ${id} is identified`, isRead, SETTLES_MS / 2);
        return;
      } catch (error) {
        // The virtual reader overlooks a card now and then: put in again, as one would by hand.
        if (attempt === 3) throw error;
        await this.#shop.insert(card);
      }
    }
  }

  /** What was sold offline is accepted in the end, a card that was torn away from included. */
  async #uploadAll(): Promise<void> {
    for (const id of HOLDERS) {
      await this.#insertGood(id);
      await this.#shop.pull();
    }
    await this.#call('POST', '/api/queue/sync');
    await this.#shop.until('every offline sale is uploaded', ({ queue }) => queue.waiting === 0, SETTLES_MS);
    const { queue, pending } = await this.#shop.view();
    if (queue.rejected > 0) this.#broken.push(`${queue.rejected} offline sales were rejected`);
    const left = pending.filter(({ state }) => state !== 'held');
    if (left.length > 0) this.#broken.push(`left open: ${left.map(({ state }) => state).join(', ')}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.#shop.api<Answer>(method, path, body);
    const code = answer.error?.code;
    if (code !== undefined && !(code in faultTable)) this.#broken.push(`${path}: no such code ${code}`);
    if (code !== undefined) this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    return answer;
  }

  #count(planned: StormCase, code: string): void {
    if (!(code in faultTable)) this.#break(planned, `no such code ${code}`);
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  #break(planned: StormCase, what: string): void {
    const { number, trouble, moment, holder, other, commands, offline } = planned;
    const facts = `${trouble} at ${moment} (${commands}), ${holder}, then ${other}${offline ? ', offline' : ''}`;
    this.#broken.push(`case ${number}: ${what} [${facts}]`);
  }

  async #pause(longestMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#random() * longestMs));
  }

  #card(id: HolderId): StormCard {
    const card = this.#cards.get(id);
    if (card === undefined) throw new Error(`no card ${id}`);
    return card;
  }
}

function nameOf(id: HolderId): string {
  const name = trainingCards.find((card) => card.id === id)?.person?.name;
  if (name === undefined) throw new Error(`${id} is no card of a person`);
  return name;
}
