import type { PayRequest, SaleReceipt } from '#checkout/facade';
import type { RunningTill } from '#checkout/till';
import type { TillView } from '#checkout/view';
import { assert } from '#core/assert';
import type { Customer } from './cards.ts';
import { operatorPins } from './ground.ts';
import type { Perils, Step } from './steps.ts';
import type { Acted, World } from './world.ts';

const CARD_PIN = '123456';

type Sell = Extract<Step, { do: 'sell' }>;
type Goods = Sell['goods'];

/** Hands need time: two sales never begin in the same second. */
const AT_HAND_MS = 1_000;

/** Somebody stands at the counter, the shift is open and the last sale is off the screen. */
export async function readyToSell(world: World): Promise<boolean> {
  await world.clock.advance(AT_HAND_MS);
  if (world.shop.run === undefined) return false;
  const { till } = world.run();
  let view = world.look();
  const put = async (what: string, verb: () => ReturnType<RunningTill['nextSale']>): Promise<boolean> => {
    const done = await world.act(what, verb);
    if (done === 'dead') return false;
    view = done.ok ? done.value : till.view();
    return done.ok;
  };
  if (view.shift.state !== 'open' && !(await put('openShift', () => till.openShift(operatorPins.cashier[0]))))
    return false;
  const { state } = view.sale;
  if ((state === 'done' || state === 'unknown') && !(await put('nextSale', () => till.nextSale())))
    return false;
  if (view.sale.state === 'confirming' && !(await put('backToSelling', () => till.backToSelling())))
    return false;
  // What is kept of an earlier sale cannot be thrown away like a basket.
  if (view.sale.replaces !== undefined && !(await put('hold', () => till.hold()))) return false;
  if (view.sale.lines.length > 0 && !(await put('clearSale', () => till.clearSale()))) return false;
  return view.sale.state === 'selling';
}

export async function fillBasket(world: World, goods: Goods): Promise<boolean> {
  const { till } = world.run();
  let filled = false;
  for (const [place, packs] of goods) {
    const product = world.products[place % world.products.length];
    assert(product !== undefined, 'the starter list is not empty');
    const added = await world.act('addProduct', () => till.addProduct(product.shopCode, String(packs)));
    if (added === 'dead') return false;
    filled ||= added.ok;
  }
  return filled;
}

/** One sale at the counter from the first product to the outcome on the screen. */
export async function sell(world: World, step: Sell): Promise<void> {
  if (!(await readyToSell(world)) || !(await fillBasket(world, step.goods))) return;
  const { till } = world.run();
  if (step.way === 'no-account') {
    const set = await world.act('setUseAccount', () => till.setUseAccount(false));
    if (set === 'dead') return;
  }
  if (!(await chosenVisit(world, step))) return;
  await sellWhatLies(world, step);
}

/** Quotes the basket on the counter and takes the payment. */
export async function sellWhatLies(world: World, step: Partial<Sell>): Promise<void> {
  const { till } = world.run();
  const quoted = await world.act('quote', () => till.quote());
  if (quoted === 'dead' || !quoted.ok) return;
  const { sale } = quoted.value;
  if (!(await agreed(world, step, sale))) return;
  const mode = step.way === 'own-pay' ? 'own-pay' : (sale.mode ?? 'own-pay');
  expectPull(world, step);
  await pay(world, sale, payment(sale, mode));
}

/** Now and then a chronic patient buys for the disease; the goods decide, so that no dice are needed. */
async function chosenVisit(world: World, { goods: [first] }: Sell): Promise<boolean> {
  const { till } = world.run();
  const filed = till.view().holder.chronic?.filed.find(({ standing }) => standing === 'valid');
  if (filed === undefined || first === undefined || first[0] % 2 === 0) return true;
  const chosen = await world.act('setVisit', () => till.setVisit(filed.diseaseCode));
  return chosen !== 'dead';
}

/** The holder agrees to what the insurance does not pay, where the till asks for it. */
async function agreed(world: World, step: Partial<Sell>, { consent }: TillView['sale']): Promise<boolean> {
  if (step.way === 'own-pay' || consent?.state !== 'needed') return true;
  const given = await world.act('confirmConsent', () => world.run().till.confirmConsent(consent.own));
  return given !== 'dead' && given.ok;
}

function payment(sale: TillView['sale'], mode: PayRequest['mode']): PayRequest {
  const cash = mode === 'own-pay' ? sale.total : (sale.split?.cash ?? '0.00');
  return {
    mode,
    tenders: cash === '0.00' ? [] : [{ kind: 'cash', amount: cash }],
    expectedCash: cash,
    ...(mode === 'offline' ? { pin: CARD_PIN, acceptOfflineRisk: true } : {}),
  };
}

async function pay(world: World, sale: TillView['sale'], request: PayRequest): Promise<void> {
  const { till } = world.run();
  world.oracle.paying(sale, request.mode === 'own-pay' ? undefined : world.inserted);
  const paid = await world.act('pay', () => till.pay(request));
  if (paid === 'dead') return;
  const view = world.look();
  if (!paid.ok && view.sale.saleId === sale.saleId) world.oracle.failed(world.records(), view);
  world.trace(`${view.sale.saleNumber} ${view.sale.state} ${view.sale.mode ?? ''} ${view.sale.total}`);
  const { split, saleNumber, state, total } = view.sale;
  if (paid.ok)
    world.note(
      `${saleNumber}: ${state}, ${request.mode}, ${total} = fund ${split?.fundTotal ?? '-'} + account ${split?.account ?? '-'} + cash ${split?.cash ?? '-'}`,
    );
}

/** The card in the reader is changed for this customer's, or taken out. */
export async function putIn(
  world: World,
  customer: Customer | undefined,
  perils: Perils = {},
): Promise<void> {
  const run = world.run();
  run.pull();
  world.inserted = customer;
  if (customer !== undefined) {
    expectPull(world, perils);
    run.insert(world.cards.card(customer));
  }
  // A slow answer takes its time; nobody pays before the card is read.
  for (let round = 0; round < 10; round += 1) {
    await world.clock.advance(round === 0 ? 100 : 7_000);
    if (world.shop.run === undefined) return;
    const { state } = world.look().holder;
    if (state !== 'reading' && state !== 'authenticating') break;
  }
  const { holder } = world.look();
  world.trace(`holder ${holder.state} ${holder.fault?.code ?? ''}`);
}

/** The card leaves the reader at one of its commands, and maybe another one comes. */
export function expectPull(world: World, { pull, swap }: Perils): void {
  const { inserted } = world;
  if (pull === undefined || inserted === undefined) return;
  world.cards.card(inserted).expectPull(pull, () => {
    world.note(`the card of ${inserted} was pulled (拔卡)`);
    world.inserted = undefined;
    world.shop.run?.pull();
    if (swap === undefined || swap === inserted) return;
    world.note(`the card of ${swap} was put in (换卡)`);
    world.inserted = swap;
    world.shop.run?.insert(world.cards.card(swap));
  });
}

/** Another program sells a whole basket, and asks again with the same reference when it heard nothing good. */
export async function sellBasket(world: World, step: Extract<Step, { do: 'basket' }>): Promise<void> {
  if (!(await readyToSell(world))) return;
  const lines = step.goods.map(([place, packs]) => ({
    code: world.products[place % world.products.length]?.shopCode ?? '',
    quantity: String(packs),
  }));
  const request = { reference: step.reference, lines, pay: step.pay, ownPayConsent: true };
  expectPull(world, step);
  const { till } = world.run();
  world.oracle.paying(till.view().sale, step.pay === 'cash' ? undefined : world.inserted);
  const first = await world.act('sellBasket', () => till.sellBasket(request));
  if (first !== 'dead') world.look();
  if (!step.repeated) return;
  if (world.shop.run === undefined) await world.boot();
  world.oracle.paying(world.run().till.view().sale, step.pay === 'cash' ? undefined : world.inserted);
  const again = await world.act('sellBasket again', () => world.run().till.sellBasket(request));
  if (again === 'dead') return;
  world.look();
  world.oracle.repeated(step.reference, soldAs(first), soldAs(again));
}

function soldAs(answer: Acted<SaleReceipt>): string | undefined {
  return answer !== 'dead' && answer.ok ? answer.value.summary.saleNumber : undefined;
}
