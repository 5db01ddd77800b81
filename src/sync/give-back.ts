import type { AgencyOutcome } from '#agency/port';
import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import type { Cancellation } from '#core/domain/settlement';
import { addMoney, type Money, zeroMoney } from '#core/money';
import type { Change } from '#store/port';
import { atStake } from '#store/records/postings';
import {
  giveBackRefused,
  giveBackUnknown,
  secondChargeFound,
  secondChargeReturned,
} from '#store/records/reversal';
import { factsOf } from '#store/verify/facts';
import type { ListedRow } from './detail.ts';
import type { SyncParts } from './parts.ts';
import { base, contextOf, record, requestOf, sendStored } from './resolver.ts';

/** The 2103s with which this charge was, or was tried to be, given back. */
export function giveBackTries(parts: SyncParts, message: StoredMessage): readonly StoredMessage[] {
  return parts.store
    .messagesOfSale(message.saleId)
    .filter((one) => one.transaction === '2103' && one.originalMessageId === message.messageId);
}

/**
 * Gives a charge of ours back that must not stand: a stored 2103 with the ids that the detail shows. A 2103
 * names its settlement, so a repeated one can never give back twice; a try without an answer is therefore
 * not reversed but judged by the next detail.
 */
export async function giveBack(
  parts: SyncParts,
  sale: Sale,
  message: StoredMessage,
  row: ListedRow,
): Promise<'returned' | 'difference'> {
  const { insuredRegion, personNumber } = requestOf(sale);
  const { settlementId, visitId, day } = row;
  const prepared = parts.agency.prepareCancel(
    { personNumber, insuredRegion, visitId, settlementId },
    contextOf(parts),
  );
  if (!prepared.ok) {
    parts.log.error({ saleId: sale.saleId, code: prepared.error.code }, 'a charge cannot be given back');
    return 'difference';
  }
  const before = foundCharge(parts, message);
  const amount = before?.amount ?? chargeOf(sale, row);
  const firstTry = before === undefined;
  const found = { message, settlementId, visitId, day, amount, giveBack: prepared.value, firstTry };
  record(parts, secondChargeFound({ ...base(parts, sale), ...found }));
  const outcome = await sendStored(
    parts,
    { message: prepared.value, personNumber },
    (ready) => parts.agency.sendCancel(ready),
    (result) => giveBackOutcome(parts, sale, message, amount, prepared.value.messageId, result),
  );
  return outcome.kind === 'success' ? 'returned' : 'difference';
}

function giveBackOutcome(
  parts: SyncParts,
  sale: Sale,
  message: StoredMessage,
  amount: Money,
  messageId: string,
  outcome: AgencyOutcome<Cancellation>,
): Change {
  const step = base(parts, sale);
  const { answer } = outcome;
  if (outcome.kind === 'success') {
    return secondChargeReturned({ ...step, message, amount, giveBack: { messageId, was: 'intent', answer } });
  }
  const faultCode = outcome.fault.code;
  if (outcome.kind === 'unknown') {
    return giveBackUnknown({ ...step, messageId, answer, faultCode, lastByteAtMs: outcome.lastByteAtMs });
  }
  return giveBackRefused({ ...step, messageId, answer, faultCode, agencyText: outcome.agencyText });
}

/** The detail shows a found charge given back, by the try that went unanswered or otherwise. */
export function closeReturned(parts: SyncParts, sale: Sale, message: StoredMessage): 'returned' {
  const tries = giveBackTries(parts, message);
  const by = tries.find((one) => one.state === 'unknown') ?? tries[tries.length - 1];
  if (by === undefined) throw new Error('a found charge has a try to give it back');
  record(
    parts,
    secondChargeReturned({
      ...base(parts, sale),
      message,
      amount: foundCharge(parts, message)?.amount ?? zeroMoney,
      giveBack: { messageId: by.messageId, was: by.state },
    }),
  );
  return 'returned';
}

function chargeOf(sale: Sale, row: ListedRow): Money {
  if (row.fundTotal === undefined || row.account === undefined) return atStake(sale);
  return addMoney(row.fundTotal, row.account);
}

/** The charge as the journal has it since it was found: what went into suspense, and where the agency listed it. */
export function foundCharge(
  parts: SyncParts,
  message: StoredMessage,
): { readonly amount: Money; readonly day: string | undefined } | undefined {
  for (const entry of parts.store.journalOfSale(message.saleId)) {
    const facts = entry.kind === 'second-charge-found' ? factsOf(entry) : undefined;
    if (facts?.messageId !== message.messageId) continue;
    const suspended = entry.postings.find(({ account }) => account === 'suspense')?.amount ?? zeroMoney;
    return { amount: suspended, day: facts.day };
  }
  return undefined;
}
