import type { TillView } from '#checkout/view';
import type { Config } from '#core/config/schema';
import { addMoney, formatMoney, type Money, zeroMoney } from '#core/money';
import type { TillStore } from '#store/port';
import type { WorldAgency } from './agency.ts';
import { Books, type Told } from './books.ts';
import { keep } from './broken.ts';
import type { Customer } from './cards.ts';
import { checkCharges, checkKept, checkLedger, nameOf, settledStates } from './checks.ts';
import type { Network, SentMoney } from './network.ts';
import type { WorldPrinter } from './printer.ts';

/** Sales that are looked at again after every power cut. */
const RECENT = 10;

export interface OracleParts {
  readonly agency: WorldAgency;
  readonly network: Network;
  readonly printer: WorldPrinter;
  readonly config: Config;
  readonly personOf: (customer: Customer) => string;
  /** No account ever holds more than at the start. */
  readonly openingBalanceOf: (customer: Customer) => Money;
}

/** Holds everything that happens to the promises, by the agency's books, the holders' accounts and the paper. */
export class Oracle {
  readonly books = new Books();
  readonly #parts: OracleParts;
  readonly #bodies = new Map<string, string>();
  readonly #originals = new Set<string>();
  #slipsSeen = 0;
  /** The last journal entry that the checker has written down elsewhere. */
  #anchor: { readonly sequence: number; readonly hash: string } | undefined;
  #sales = 0;

  constructor(parts: OracleParts) {
    this.#parts = parts;
  }

  /** Sales of which the cashier was told that they are done. */
  get sales(): number {
    return this.#sales;
  }

  /** Before the first byte leaves: its content and id are on the disk, and the id never meant other bytes. */
  sent(records: TillStore, messageId: string, body: string, money: SentMoney | undefined): void {
    const before = this.#bodies.get(messageId);
    keep('P2', before === undefined || before === body, () => `message id ${messageId} was used twice`);
    this.#bodies.set(messageId, body);
    if (money === undefined) return;
    const stored = records.message(messageId);
    const isThere = stored?.body === body && stored.state === 'intent';
    keep('P2', isThere, () => `a ${money.transaction} left before its intent was on the disk`);
  }

  /** The cashier looks at the screen. */
  look(view: TillView): void {
    const news = this.books.look(view);
    if (news !== undefined) this.#told(news);
  }

  /** A payment ended with a fault: then nothing was taken, and nothing is on its way that could be. */
  failed(records: TillStore, view: TillView): void {
    const told = this.books.failed(view);
    const { agency, network } = this.#parts;
    const { standing } = agency.control.chargesOf(told.saleNumber);
    keep('P3', standing.length === 0, () => `${nameOf(told)} was told failed and is charged`);
    const moving = records
      .messagesOfSale(told.saleId)
      .filter(({ messageId }) => network.onTheWay.has(messageId));
    keep('P3', moving.length === 0, () => `${nameOf(told)} was told failed while its message is on its way`);
  }

  /** A payment begins; who is charged is decided by the card that lies in the reader now. */
  paying(sale: TillView['sale'], customer: Customer | undefined): void {
    this.books.paying(sale.saleId, customer);
    this.books.touched.add(sale.saleId);
  }

  /** The same reference again answers the same sale. */
  repeated(reference: string, first: string | undefined, again: string | undefined): void {
    const isSame = first === undefined || again === undefined || first === again;
    keep('P2', isSame, () => `${reference} was sold twice, as ${first ?? ''} and ${again ?? ''}`);
  }

  cancelled(saleId: string): void {
    const told = this.books.told.get(saleId);
    if (told !== undefined) told.isCancelled = true;
    this.books.touched.add(saleId);
  }

  /** After every step: all sales, the last ones (a power cut takes the newest bytes), or those that it touched. */
  check(records: TillStore, which: 'all' | 'recent' | 'touched'): void {
    this.#checkJournal(records, which === 'all');
    this.#checkPaper();
    const told = which === 'touched' ? [] : [...this.books.told.keys()];
    const ids = new Set([...this.books.touched, ...(which === 'recent' ? told.slice(-RECENT) : told)]);
    for (const saleId of ids) {
      const told = this.books.told.get(saleId);
      if (told !== undefined) checkKept(records, told);
      if (told?.mode !== 'own-pay') checkCharges(records, this.#parts.agency, saleId);
      if (told !== undefined) this.#checkPerson(told);
    }
    this.books.touched.clear();
  }

  /** Everything is healed and at rest: agency, ledger and accounts say the same, and nothing waits any more. */
  checkAtRest(records: TillStore, saleIds: readonly string[]): void {
    this.check(records, 'all');
    const settledIds = new Set<string>();
    for (const saleId of saleIds) this.#checkResting(records, saleId, settledIds);
    for (const record of this.#parts.agency.control.settlements()) {
      if (record.kind !== 'settlement' || record.state !== 'booked') continue;
      keep(
        'P2',
        settledIds.has(record.settlementId),
        () =>
          `the agency keeps a charge of ${formatMoney(record.account)} for sale ${record.saleNumber} that no sale has`,
      );
    }
    const waiting = records.uploads(['queued', 'sending', 'ambiguous']).length;
    const rejected = records.uploads(['rejected']).length;
    keep(
      rejected > 0 ? 'P7' : 'P1',
      waiting === 0,
      () => `${waiting} uploads wait although the agency answers`,
    );
    const suspense = records.balance('suspense');
    keep('P4', suspense === 0n, () => `${formatMoney(suspense)} stays in suspense`);
  }

  #checkResting(records: TillStore, saleId: string, settledIds: Set<string>): void {
    const row = records.sale(saleId);
    if (row === undefined || row.saleNumber === '') return;
    const { network, agency } = this.#parts;
    const isOpen = ['committing', 'unknown', 'suspense'].includes(row.state);
    keep('P3', !isOpen, () => `${nameOf(row)} stays ${row.state} although agency and card can be asked`);
    keep('P1', row.state !== 'queued', () => `${nameOf(row)} never reached the agency`);
    const standing = row.mode === 'own-pay' ? [] : agency.control.chargesOf(row.saleNumber).standing;
    const wanted = settledStates.has(row.state) && row.mode !== 'own-pay' ? 1 : 0;
    const promise = standing.length > wanted ? 'P2' : 'P1';
    keep(
      promise,
      standing.length === wanted,
      () => `${nameOf(row)} is ${row.state} and the agency keeps ${standing.length} charges for it`,
    );
    const own = records.settled(saleId)?.settlement.settlementId;
    for (const { settlementId } of standing) {
      keep(
        'P4',
        settlementId === own,
        () => `${nameOf(row)} is settled under another number than the agency's`,
      );
      settledIds.add(settlementId);
    }
    const isDistorted = records
      .messagesOfSale(saleId)
      .some(({ messageId }) => network.distorted.has(messageId));
    checkLedger(records, row, standing, isDistorted);
  }

  #told(told: Told): void {
    this.#sales += 1;
    const { agency } = this.#parts;
    if (told.mode === 'insured') {
      const { standing } = agency.control.chargesOf(told.saleNumber);
      keep(
        'P3',
        standing.length > 0,
        () => `${nameOf(told)} was told done and the agency has no charge for it`,
      );
    }
    if (told.mode === 'offline') this.#checkBudgets(told);
  }

  /** P6: told offline and not booked yet, by the checker's own sums. */
  #checkBudgets(told: Told): void {
    const { agency, config } = this.#parts;
    const open = [...this.books.told.values()].filter(
      ({ mode, state, saleNumber }) =>
        mode === 'offline' && state === 'done' && agency.control.chargesOf(saleNumber).records.length === 0,
    );
    const sum = (list: readonly Told[]): Money =>
      list.reduce((all, { account }) => addMoney(all, account), zeroMoney);
    const within = (what: string, amount: Money, most: Money): void =>
      keep(
        'P6',
        amount <= most,
        () => `offline ${what} ${formatMoney(amount)} of at most ${formatMoney(most)}`,
      );
    within('per sale', told.account, config.offline.per_sale);
    within(
      'per card',
      sum(open.filter(({ customer }) => customer === told.customer)),
      config.offline.per_card,
    );
    within('per terminal', sum(open), config.offline.per_terminal);
    if (told.customer === undefined) return;
    const most = this.#parts.openingBalanceOf(told.customer);
    within("of the holder's account", sum(open.filter(({ customer }) => customer === told.customer)), most);
  }

  /** P5: who was charged is whose card lay there. */
  #checkPerson({ customer, mode, saleNumber, ...told }: Told): void {
    if (mode === 'own-pay' || customer === undefined || told.state === 'failed') return;
    const person = this.#parts.personOf(customer);
    for (const record of this.#parts.agency.control.chargesOf(saleNumber).records)
      keep(
        'P5',
        record.personNumber === person,
        () => `sale ${saleNumber} charged somebody else than ${customer}`,
      );
  }

  /** P8: the chain holds, and what was written down of it elsewhere is still in it. */
  #checkJournal(records: TillStore, whole: boolean): void {
    const anchor = this.#anchor;
    const from = anchor?.sequence ?? 1;
    const entries = records.journal(from, 1_000_000);
    let previous = anchor === undefined ? undefined : entries[0];
    if (anchor !== undefined)
      keep('P8', previous?.hash === anchor.hash, () => `journal entry ${anchor.sequence} is not what it was`);
    for (const entry of anchor === undefined ? entries : entries.slice(1)) {
      const before = previous;
      const isLinked = before === undefined || entry.previousHash === before.hash;
      keep('P8', isLinked, () => `journal entry ${entry.sequence} does not build on the one before`);
      previous = entry;
    }
    if (previous !== undefined) this.#anchor = { sequence: previous.sequence, hash: previous.hash };
    if (!whole) return;
    const { brokenAt } = records.verifyJournal();
    keep('P8', brokenAt === undefined, () => `journal entry ${brokenAt ?? 0} does not fit the chain`);
  }

  #checkPaper(): void {
    const { tray } = this.#parts.printer;
    for (const slip of tray.slice(this.#slipsSeen)) {
      if (slip.isCopy || slip.kind === 'unreadable') continue;
      const name = `${slip.kind} ${slip.saleNumber}`;
      keep(
        'P2',
        !this.#originals.has(name),
        () => `the ${slip.kind} slip of sale ${slip.saleNumber} came out twice`,
      );
      this.#originals.add(name);
    }
    this.#slipsSeen = tray.length;
  }
}
