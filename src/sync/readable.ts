import type { Sale } from '#core/domain/sale';
import type { TillStore } from '#store/port';
import { unlessBroken } from '#store/seals';

/**
 * The sale, or undefined when it is not stored or its seal is broken. Such a sale waits for a person; work on
 * the others goes on.
 */
export function readableSale(store: Pick<TillStore, 'sale'>, saleId: string): Sale | undefined {
  return unlessBroken(() => store.sale(saleId));
}
