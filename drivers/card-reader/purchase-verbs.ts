import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import {
  beginPurchaseCommand,
  debitCommand,
  debitOutcome,
  proofAnswer,
  proofTypes,
  purchaseProofCommand,
  purchaseStart,
} from './application/purchase.ts';
import { ask } from './card-talk.ts';
import type { HeldCard } from './held-card.ts';
import type { CardPurchase, CardPurchaseProof, CardPurchaseStart } from './port.ts';

/** INITIALIZE FOR PURCHASE; the PIN must have been verified in scope `medical`, else the card refuses. */
export async function beginPurchase(
  card: HeldCard,
  purchase: CardPurchase,
): Promise<Result<CardPurchaseStart, Fault>> {
  const entered = await card.enter('medical');
  if (!entered.ok) return entered;
  const answer = await ask(card.connection, beginPurchaseCommand(purchase));
  return answer.ok ? purchaseStart(answer.value) : answer;
}

/** DEBIT FOR PURCHASE: once it was sent, silence means that the money may be gone. */
export async function debit(
  card: HeldCard,
  order: { readonly terminalSequence: string; readonly time: string; readonly mac1: string },
): Promise<Result<CardPurchaseProof, Fault>> {
  const command = debitCommand(order);
  const answer = await ask(card.connection, command);
  // A dead connection cannot tell whether it died before or after the card had the command.
  return answer.ok ? debitOutcome(answer.value) : err(fault('card-purchase-unknown', answer.error.code));
}

/**
 * GET TRANSACTION PROOF. "Nothing was deducted" is believed only when no type of the question gives a proof:
 * a card that knows the purchase under the other one must not lose it.
 */
export async function purchaseProof(
  card: HeldCard,
  cardSequence: string,
): Promise<Result<CardPurchaseProof | undefined, Fault>> {
  const entered = await card.enter('medical');
  if (!entered.ok) return entered;
  let isDenied = false;
  for (const type of proofTypes) {
    const answer = await ask(card.connection, purchaseProofCommand(type, cardSequence));
    if (!answer.ok) return answer;
    const told = proofAnswer(answer.value);
    if (told.kind === 'deducted') return ok(told.proof);
    if (told.kind === 'failed') return err(told.fault);
    isDenied ||= told.kind === 'nothing';
  }
  return isDenied ? ok(undefined) : err(fault('card-purchase-unknown', 'card knows no proofs'));
}
