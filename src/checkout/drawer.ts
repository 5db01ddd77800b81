import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { PrinterPort } from '#drivers/printer/port';
import { StoreError } from '#store/store-error';
import { noteEvent } from './journal.ts';
import type { CheckoutParts } from './parts.ts';

type DrawerParts = Pick<CheckoutParts, 'config' | 'printer' | 'store' | 'clock'>;

/** The cash drawer on the printer's socket (钱箱): once for a sale with cash, and by hand with a reason. */
export class Drawer {
  readonly #parts: DrawerParts;
  readonly #onFault: (fault: Fault | undefined) => void;

  constructor(parts: DrawerParts, onFault: (fault: Fault | undefined) => void) {
    this.#parts = parts;
    this.#onFault = onFault;
  }

  /** The printer that opens it; undefined where no drawer is configured. */
  printer(): PrinterPort | undefined {
    const { config, printer } = this.#parts;
    return config.cash_drawer.connection === 'printer' ? printer : undefined;
  }

  /**
   * Opens for a sale whose outcome is recorded, when cash was taken or change is given. The journal is
   * written first and asked first, so a drawer never opens twice for one sale, also after a restart.
   */
  async openForSale(sale: Sale, operator: string): Promise<void> {
    const printer = this.printer();
    const withCash = sale.tenders.some(({ kind }) => kind === 'cash') || (sale.changeDue ?? 0n) > 0n;
    if (printer === undefined || !withCash) return;
    const { store } = this.#parts;
    if (store.journalOfSale(sale.saleId).some(({ kind }) => kind === 'drawer-opened')) return;
    try {
      noteEvent(this.#parts, { kind: 'drawer-opened', sale, operator, facts: { by: 'sale' } });
    } catch (error) {
      // What cannot be written down is not done: the cashier opens it by hand.
      if (!(error instanceof StoreError)) throw error;
      this.#onFault(error.fault);
      return;
    }
    const opened = await printer.openDrawer();
    this.#onFault(opened.ok ? undefined : opened.error);
  }

  async open(operator: string, reason: string): Promise<Result<void, Fault>> {
    const printer = this.printer();
    if (printer === undefined) return err(fault('drawer-none'));
    noteEvent(this.#parts, { kind: 'drawer-opened', operator, facts: { by: 'hand', reason } });
    const opened = await printer.openDrawer();
    this.#onFault(opened.ok ? undefined : opened.error);
    return opened.ok ? ok(undefined) : opened;
  }
}
