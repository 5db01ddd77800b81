import type { LineBack } from '#checkout/refund-rows';
import { formatQuantity } from '#core/money';
import { operatorPins } from './ground.ts';
import { putIn, sellWhatLies } from './sell.ts';
import type { World } from './world.ts';

export const second = { number: operatorPins.manager[0], pin: operatorPins.manager[1] };

/** A finished sale is cancelled by two people. */
export async function cancel(world: World, saleId: string): Promise<void> {
  world.oracle.books.touched.add(saleId);
  const done = await world.act('cancel', () => world.run().till.cancelSale(saleId, second, '顾客退货'));
  if (done !== 'dead' && done.ok) world.oracle.cancelled(saleId);
}

/**
 * Part of a finished sale comes back (部分退货): it is cancelled whole, and what the customer keeps is sold anew at once,
 * or later when it is recalled. False = the sale has but one pack.
 */
export async function takeBack(world: World, saleId: string): Promise<boolean> {
  const back = partOf(world, saleId);
  if (back === undefined) return false;
  world.note('part of the goods comes back (部分退货)');
  // Who brings goods back brings the card as well.
  const customer = world.oracle.books.told.get(saleId)?.customer;
  if (customer !== undefined && customer !== world.inserted) await putIn(world, customer);
  if (world.shop.run === undefined) return true;
  world.oracle.books.touched.add(saleId);
  const { till } = world.run();
  const done = await world.act('refundLines', () =>
    till.refundLines(saleId, [back], second, '顾客退部分药品'),
  );
  if (done === 'dead' || !done.ok) return true;
  world.oracle.cancelled(saleId);
  await sellRest(world);
  return true;
}

/** What is kept of an earlier sale lies on the counter: it is sold to whose card is there. */
export async function sellRest(world: World): Promise<void> {
  const { sale } = world.look();
  if (sale.replaces === undefined || sale.state !== 'selling') return;
  world.note(`what is kept of sale ${sale.replaces.saleNumber} is sold anew (保留商品重新结算)`);
  await sellWhatLies(world, {});
}

/** The customer keeps nothing after all. */
export async function giveUpRest(world: World): Promise<void> {
  if (world.look().sale.replaces === undefined) return;
  await world.act('giveUpRest', () => world.run().till.giveUpRest());
}

/** The first line, or one pack of the only one. */
function partOf(world: World, saleId: string): LineBack | undefined {
  const lines = world.records().sale(saleId)?.lines ?? [];
  const [first] = lines;
  if (first === undefined) return undefined;
  const { lineNumber, quantity } = first;
  if (lines.length > 1) return { lineNumber, quantity: formatQuantity(quantity) };
  return formatQuantity(quantity) === '1' ? undefined : { lineNumber, quantity: '1' };
}
