import type { AgencyFaultKind, PadKey, TrainingShop, TrainingState } from '#core/training';
import type { FakeTill } from './fake-till.ts';

/** The training shop's switches wired to a fake till. */
export class FakeTraining implements TrainingShop {
  readonly #till: FakeTill;
  readonly #listeners = new Set<() => void>();
  #state: TrainingState = {
    cards: [
      {
        id: 'card-a',
        titleZh: '职工甲 · 社保卡 3.00 · SM4',
        titleEn: 'Employee A · card 3.00 · SM4',
        pin: '123456',
      },
      {
        id: 'card-b',
        titleZh: '居民乙 · 社保卡 2.00 · 3DES',
        titleEn: 'Resident B · card 2.00 · 3DES',
        pin: '123456',
      },
      { id: 'card-x', titleZh: '伪卡', titleEn: 'Forged card', pin: '000000' },
    ],
    insertedCardId: null,
    agencyFault: 'none',
    printer: { paperOut: false, coverOpen: false, unplugged: false },
    slips: [],
    certificate: null,
    drawerOpened: 0,
    pinPad: { screen: ['欢迎使用'], entered: 0, unplugged: false },
  };

  constructor(till: FakeTill) {
    this.#till = till;
  }

  state(): TrainingState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async insertCard(cardId: string): Promise<void> {
    this.#change({ insertedCardId: cardId });
    if (cardId === 'card-x') this.#till.control.refuseCard('card-authentication-failed');
    else this.#till.control.insertCard();
  }

  async pullCard(): Promise<void> {
    this.#change({ insertedCardId: null });
    this.#till.control.pullCard();
  }

  async setAgencyFault(agencyFault: AgencyFaultKind): Promise<void> {
    this.#change({ agencyFault });
    this.#till.control.nextPayment(agencyFault === 'lose-reply' ? 'agency-no-answer' : 'done');
    if (agencyFault === 'cut') this.#till.control.cut();
    else await this.#till.forceOffline(false);
  }

  async pressPad(key: PadKey): Promise<void> {
    const pad = this.#state.pinPad;
    if (pad === undefined) return;
    const entered = /^\d$/.test(key) ? pad.entered + 1 : 0;
    this.#change({ pinPad: { ...pad, entered } });
  }

  async setPinPad({ unplugged }: { unplugged: boolean }): Promise<void> {
    const pad = this.#state.pinPad;
    if (pad !== undefined) this.#change({ pinPad: { ...pad, unplugged } });
  }

  async showCertificate(cardId: string): Promise<void> {
    this.#change({
      certificate: {
        cardId,
        qrText: '2800000000000000000000000001',
        svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      },
    });
  }

  async setPrinter(change: { paperOut?: boolean; coverOpen?: boolean; unplugged?: boolean }): Promise<void> {
    const printer = { ...this.#state.printer, ...change };
    this.#change({ printer });
    if (printer.paperOut) this.#till.control.printerFault('printer-paper-out');
    else this.#till.control.set({ printer: { state: 'ready', owed: 0 } });
  }

  addSlip(svg: string): void {
    const id = `slip-${this.#state.slips.length + 1}`;
    this.#change({ slips: [{ id, printedAtMs: 1_772_415_000_000, svg }, ...this.#state.slips] });
  }

  #change(change: Partial<TrainingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
