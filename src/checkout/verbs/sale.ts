import { businessDay } from '#core/business-time';
import { type Fault, fault } from '#core/fault';
import { formatMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { restoreHold } from '#store/restored';
import { noteQuotedKey } from '#sync/quoted-key';
import type { Quote } from '../counter.ts';
import type { PayRequest, Till } from '../facade.ts';
import { limitsFor } from '../limits.ts';
import { consentOfPayment } from '../own-pay-consent.ts';
import { ownPayQuote } from '../quote.ts';
import { unfitForRest } from '../refund.ts';
import { readTenders } from '../tender.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';

type SaleVerbs = Pick<Till, 'quote' | 'backToSelling' | 'pay' | 'setUseAccount' | 'readCard' | 'dropHolder'>;

/** Verbs that bring a basket to its outcome. */
export function saleVerbs(core: TillCore): SaleVerbs {
  return {
    quote: () => quote(core),
    pay: (request) => pay(core, request),
    async backToSelling() {
      core.checkout.send({ type: 'sale.back' });
      return core.saleState() === 'selling' ? done(core) : err(fault('sale-not-now'));
    },
    async setUseAccount(useAccount) {
      const state = core.saleState();
      if (state !== 'selling' && state !== 'confirming') return err(fault('sale-not-now'));
      core.counter.useAccount = useAccount;
      if (state === 'confirming') return quote(core);
      core.changed();
      return done(core);
    },
    async readCard() {
      if (core.saleState() === 'committing') return err(fault('sale-not-now'));
      if (!core.parts.cardDesk.readers().some(({ card }) => card === 'present')) {
        const status = core.parts.cardDesk.status();
        return err(status.ok ? fault('card-none') : status.error);
      }
      core.holderDesk.readAgain();
      return done(core);
    },
    async dropHolder() {
      if (core.saleState() === 'committing') return err(fault('sale-not-now'));
      await core.holderDesk.drop();
      return done(core);
    },
  };
}

async function quote(core: TillCore): Promise<Answer> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const state = core.saleState();
  if (state !== 'selling' && state !== 'confirming') return err(fault('sale-not-now'));
  // A quick cashier asks while the card is still being read: that is not a sale without a card.
  await core.holderRead();
  const unfit = unfitForRest(core.parts.store, core.counter);
  if (unfit !== undefined) return err(unfit);
  beginToday(core);
  core.checkout.send({ type: 'sale.quote' });
  await core.settled();
  return outcome(core, 'confirming');
}

async function pay(core: TillCore, request: PayRequest): Promise<Answer> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const { counter, parts } = core;
  if (core.saleState() !== 'confirming' || counter.quote === undefined) return err(fault('sale-not-now'));
  if (isOfAnotherDay(core)) {
    core.checkout.send({ type: 'sale.back' });
    return err(fault('sale-day-changed'));
  }
  const chosen = chooseQuote(core, counter.quote, request);
  if (!chosen.ok) return chosen;
  const { mode, split } = chosen.value;
  if (mode !== 'own-pay' && restoreHold(parts.store) !== undefined) {
    // A backup without insured sales knows no key to compare under: the trial has told one.
    if (chosen.value.clearing !== undefined) noteQuotedKey(parts.store, chosen.value.clearing);
    core.sync.kick();
    return err(fault('restore-hold'));
  }
  const consent = consentOfPayment(parts.config.checkout.own_pay_consent, counter, chosen.value);
  if (!consent.ok) return consent;
  const tendered = readTenders(request.tenders, split.cash);
  if (!tendered.ok) return tendered;
  // A PIN that only the pad may take is refused before anything is begun.
  const pin = core.pins.typed(mode === 'offline' ? request.pin : undefined);
  if (!pin.ok) return pin;
  counter.payment = {
    quote: chosen.value,
    at: counter.holder,
    tenders: tendered.value.tenders,
    changeDue: tendered.value.changeDue,
    ...(consent.value === undefined ? {} : { consent: consent.value }),
    pin: pin.value,
    disturbed: undefined,
  };
  core.checkout.send({
    type: 'sale.pay',
    quote: { mode, total: split.total, account: split.account, cash: split.cash },
    limits: limitsFor(parts, counter.holder, chosen.value, {
      businessDay: counter.sale.businessDay,
      online: core.link.usable(),
    }),
    tendered: tendered.value.total,
    acceptsOfflineRisk: request.acceptOfflineRisk === true,
  });
  // A payment that broke a limit never got as far as the card.
  if (core.saleState() === 'confirming') pin.value?.wipe();
  await core.settled();
  return paidOrAskedAnew(core);
}

/** Where the person's money moved meanwhile, the cashier sees the refusal beside the new sums. */
async function paidOrAskedAnew(core: TillCore): Promise<Answer> {
  const answer = outcome(core, 'done', 'unknown');
  if (answer.ok || answer.error.code !== 'sale-quote-changed') return answer;
  const asked = await quote(core);
  return asked.ok ? answer : asked;
}

/**
 * A basket that was left overnight, held or emptied: it is sold on the day on which its sum is told. Its number stays:
 * what the journal says of it already is under that number.
 */
function beginToday(core: TillCore): void {
  if (!isOfAnotherDay(core)) return;
  const nowMs = core.parts.clock.nowMs();
  core.keepSale({ ...core.counter.sale, businessDay: businessDay(nowMs), createdAtMs: nowMs });
}

function isOfAnotherDay({ counter, parts }: TillCore): boolean {
  const { saleNumber, businessDay: day } = counter.sale;
  return saleNumber !== '' && day !== businessDay(parts.clock.nowMs());
}

/** The quote on screen, or the same basket without insurance when the cashier asks for that. */
function chooseQuote(core: TillCore, shown: Quote, request: PayRequest): Result<Quote, Fault> {
  const chosen = request.mode === shown.mode ? shown : undefined;
  const quoted = chosen ?? (request.mode === 'own-pay' ? ownPayQuote(core.counter) : undefined);
  if (quoted === undefined) {
    const online = core.link.usable();
    return err(fault(request.mode === 'offline' && online ? 'offline-while-online' : 'sale-quote-changed'));
  }
  const { expectedCash } = request;
  const cash = formatMoney(quoted.split.cash);
  if (expectedCash !== undefined && expectedCash !== cash)
    return err(fault('sale-quote-changed', `${expectedCash} → ${cash}`));
  return ok(quoted);
}

/** After the effects have run: the view in one of the wished states, or the machine's reason. */
function outcome(core: TillCore, ...wished: readonly ReturnType<TillCore['saleState']>[]): Answer {
  if (wished.includes(core.saleState())) {
    const { saleFault } = core.checkout.getSnapshot().context;
    // An unknown outcome is not an error of the request: the view says what is being done.
    if (saleFault === undefined || core.saleState() !== 'confirming') return done(core);
    return err(saleFault);
  }
  return err(core.checkout.getSnapshot().context.saleFault ?? fault('sale-interrupted'));
}
