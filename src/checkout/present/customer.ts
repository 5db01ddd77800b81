import type { Product } from '#core/domain/product';
import { formatMoney, formatQuantity, formatUnitPrice } from '#core/money';
import { maskName } from '#receipts/mask';
import { basketTotal } from '../basket.ts';
import type { TillCore } from '../till-core.ts';
import type { CustomerView } from '../view.ts';
import { saleView } from './till.ts';

/** What the customer may see of the sale on the counter: goods and money, no number, no operator. */
export function customerView(core: TillCore): CustomerView {
  const { sale, holder } = core.counter;
  const state = core.saleState();
  const { split, changeDue } = saleView(core);
  const insured = split !== undefined && split.source !== 'own-pay';
  const name = holder?.holder?.name;
  return {
    revision: core.revision(),
    shopName: core.parts.config.shop.name,
    training: core.parts.training,
    state,
    ...(name === undefined ? {} : { holderName: maskName(name) }),
    lines: sale.lines.map(({ lineNumber, product, quantity, amount }) => ({
      lineNumber,
      // Both names (B3): people know their medicine by one or the other.
      name: bothNames(product),
      specification: product.specification,
      quantity: formatQuantity(quantity),
      unit: product.packUnit,
      price: formatUnitPrice(product.price),
      amount: formatMoney(amount),
      insuranceClass: product.insuranceClass,
      unmapped: product.nationalCode === undefined,
    })),
    total: formatMoney(basketTotal(sale)),
    ...(insured ? insuredPart(split) : {}),
    ...(split === undefined ? {} : { cash: split.cash }),
    ...(changeDue === undefined ? {} : { changeDue }),
    hint: hintOf(core, state, split?.cash),
    ...core.parts.config.customer_screen,
  };
}

function bothNames({ genericName, tradeName }: Product): string {
  return tradeName === undefined ? genericName : `${genericName}（${tradeName}）`;
}

function insuredPart(split: NonNullable<ReturnType<typeof saleView>['split']>): Partial<CustomerView> {
  const { fundTotal, account, familyAccount, balanceBefore, balanceAfter } = split;
  return {
    fundTotal,
    account,
    ...(familyAccount === undefined ? {} : { familyAccount }),
    ...(balanceBefore === undefined ? {} : { balanceBefore }),
    ...(balanceAfter === undefined ? {} : { balanceAfter }),
  };
}

/** What the customer is asked to do now. */
function hintOf(
  core: TillCore,
  state: CustomerView['state'],
  cash: string | undefined,
): CustomerView['hint'] {
  if (core.pins.waiting()) return 'enter-pin';
  if (state === 'quoting' || state === 'committing') return 'wait';
  if (state === 'confirming') return cash === undefined || cash === '0.00' ? 'check' : 'pay';
  if (state === 'delivering' || state === 'done') return cardLies(core) ? 'remove-card' : 'thanks';
  if (state === 'unknown') return 'ask-staff';
  if (core.checkout.getSnapshot().matches({ holder: 'reading' })) return 'wait';
  if (core.checkout.getSnapshot().matches({ holder: 'refused' })) return 'ask-staff';
  const { sale, shelved } = core.counter;
  if (shelved?.sale === sale) return shelved.how;
  return sale.lines.length > 0 ? 'scanning' : 'welcome';
}

function cardLies({ parts }: TillCore): boolean {
  return parts.cardDesk.readers().some(({ card }) => card === 'present');
}
