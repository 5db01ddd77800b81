import type { CardIssuerData } from '#core/domain/holder';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { PendingCardPurchase, Sale } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import type { CardPurchaseProof } from '#drivers/card-reader/port';
import { offlineAuthorised, offlineNotDeducted } from '#store/records/offline';
import { byItself } from '#store/records/step';
import { StoreError } from '#store/store-error';
import { signedAmounts, withTerminal } from './offline-sale.ts';
import type { CheckoutParts } from './parts.ts';

/**
 * Asks a card that is back what became of the purchase which it left without an answer (GET TRANSACTION
 * PROOF). Answers whether the rows changed; a card that does not answer leaves everything open.
 */
export async function clearTornPurchase(parts: CheckoutParts, issuer: CardIssuerData): Promise<boolean> {
  try {
    return await askCard(parts, issuer);
  } catch (error) {
    // Not written down: the next read of the card asks again.
    if (!(error instanceof StoreError)) throw error;
    parts.log.warn({ code: error.fault.code }, 'the outcome of a purchase could not be stored');
    return false;
  }
}

async function askCard(parts: CheckoutParts, issuer: CardIssuerData): Promise<boolean> {
  const sale = parts.store.tornPurchase(issuer.cardId);
  const purchase = sale?.cardPurchase;
  if (sale === undefined || purchase === undefined) return false;
  const told = await parts.cardDesk.purchaseProof(purchase.cardSequence);
  if (!told.ok) {
    parts.log.warn({ saleId: sale.saleId, code: told.error.code }, 'the card did not tell of its purchase');
    return false;
  }
  const step = { sale, nowMs: parts.clock.nowMs(), operator: byItself };
  if (told.value === undefined) {
    parts.store.commit(offlineNotDeducted(step));
    return true;
  }
  const { request } = sale;
  if (request === undefined) throw new Error('a purchase that was intended keeps its request');
  const unsigned = proofOf(parts, { sale, purchase, request }, told.value);
  const signed = await withTerminal(parts, unsigned);
  const proof = signed.ok ? signed.value : unsigned;
  const facts = { cardProvedBy: 'security-module', holderProvedBy: 'card-pin', toldBy: 'card' };
  parts.store.commit(offlineAuthorised({ ...step, request, lane: issuer.cardId, proof, facts }));
  return true;
}

function proofOf(
  parts: CheckoutParts,
  {
    sale,
    purchase,
    request,
  }: {
    readonly sale: Sale;
    readonly purchase: PendingCardPurchase;
    readonly request: SettlementRequest;
  },
  { tac }: CardPurchaseProof,
): OfflineProof {
  const { split } = sale;
  if (split === undefined) throw new Error('a purchase that was intended keeps its split');
  const { cardSequence, type, ...rest } = purchase;
  return {
    ...rest,
    saleNumber: sale.saleNumber,
    ...signedAmounts(split, request),
    signature: { kind: 'card-tac', cardSequence, tac, type },
    blacklistVersion: parts.store.blacklist()?.version ?? '',
  };
}
