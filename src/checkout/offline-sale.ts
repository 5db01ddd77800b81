import { compactDateTime } from '#core/business-time';
import type { OfflineProof, OfflineSignature } from '#core/domain/offline-proof';
import { moduleProofText, offlineProofText } from '#core/domain/offline-proof';
import type { PendingCardPurchase, Sale } from '#core/domain/sale';
import type { SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import { formatMoney, subtractMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { CardPurchaseStart } from '#drivers/card-reader/port';
import type { SecurityModulePort } from '#drivers/security-module/port';
import type { IntentOutcome, SettleOutcome } from '#machines/checkout/events';
import type { Change } from '#store/port';
import {
  type OfflineLimits,
  offlineAuthorised,
  offlineIntended,
  offlineNotDeducted,
  offlineTorn,
} from '#store/records/offline';
import { answered, StoreError } from '#store/store-error';
import { type CardAtCounter, type CounterHolder, cardOf, type Payment } from './counter.ts';
import { keyFault, laneOf, offlineRules, offlineSources } from './limits.ts';
import type { CheckoutParts } from './parts.ts';
import type { PinDesk } from './pin-desk.ts';

export interface OfflineStep {
  readonly sale: Sale;
  readonly nowMs: number;
  readonly operator: string;
}

export interface OfflineSaleOptions {
  readonly parts: CheckoutParts;
  readonly pins: PinDesk;
  readonly step: () => OfflineStep;
  /** The row has changed. */
  readonly reload: () => void;
}

/** What is fixed about a sale before anything is signed. */
type Facts = Omit<OfflineProof, 'signature' | 'terminal' | 'terminalSequence'>;

/** A purchase that the card has agreed to and not yet made. */
interface Begun {
  readonly purchase: PendingCardPurchase;
  readonly mac1: string;
}

/**
 * An offline deduction (design section 6): PIN, then the card's own purchase where the card may settle by
 * itself, else the module's signature. Until `debit` every failure leaves the basket and nothing deducted.
 */
export class OfflineSale {
  readonly #options: OfflineSaleOptions;
  #begun: Begun | undefined;
  #facts: Facts | undefined;
  #request: SettlementRequest | undefined;

  constructor(options: OfflineSaleOptions) {
    this.#options = options;
  }

  /** Holder proved by PIN; a card that settles itself has begun its purchase. Nothing is deducted yet. */
  async prepare(payment: Payment): Promise<Result<void, Fault>> {
    this.#begun = undefined;
    this.#facts = undefined;
    const { parts, pins } = this.#options;
    const card = cardOf(payment.at);
    if (card === undefined) return err(fault('offline-medium'));
    const signer = canSign(parts);
    if (!signer.ok) return signer;
    const byCard = card.medical?.cardUse === 'offline';
    const proved = await pins.prove({
      typed: payment.pin,
      amount: formatMoney(payment.quote.split.account),
      // A card whose files no key could open may still turn out to settle by itself once its PIN is known.
      forPurchase: byCard || card.medical === undefined,
    });
    payment.pin = undefined;
    if (!proved.ok) return proved;
    const facts = this.#factsOf(payment, card);
    if (!facts.ok) return facts;
    this.#facts = facts.value.facts;
    this.#request = facts.value.request;
    const settlesItself = byCard || (card.medical === undefined && (await this.#usesItself()));
    return settlesItself ? this.#begin(signer.value, facts.value.facts) : ok(undefined);
  }

  /** The intent is on disk before the card is asked to deduct. A module's signature deducts nothing. */
  storeIntent(payment: Payment): IntentOutcome {
    const request = this.#request;
    if (this.#begun === undefined) return { kind: 'stored' };
    const card = cardOf(payment.at);
    if (request === undefined || card === undefined)
      return { kind: 'refused', fault: fault('sale-interrupted') };
    const { parts, step, reload } = this.#options;
    try {
      const { purchase } = this.#begun;
      parts.store.commit(
        offlineIntended({
          ...step(),
          request,
          lane: laneOf(card),
          purchase,
          limits: limitsOf(parts, payment.at),
        }),
      );
    } catch (error) {
      if (error instanceof StoreError) return { kind: 'refused', fault: error.fault };
      throw error;
    }
    reload();
    return { kind: 'stored' };
  }

  async settle(payment: Payment): Promise<SettleOutcome> {
    const facts = this.#facts;
    const { securityModule } = this.#options.parts;
    if (facts === undefined || securityModule === undefined)
      return { kind: 'refused', fault: fault('sale-interrupted') };
    if (this.#begun !== undefined) return this.#debit(securityModule, this.#begun, facts, payment);
    const signed = await this.#signByModule(securityModule, facts);
    if (!signed.ok) return { kind: 'refused', fault: signed.error };
    if (payment.disturbed !== undefined) return { kind: 'refused', fault: payment.disturbed };
    const proof = await withTerminal(this.#options.parts, signed.value);
    if (!proof.ok) return { kind: 'refused', fault: proof.error };
    return this.#authorise(payment, proof.value);
  }

  async #begin(module: SecurityModulePort, facts: Facts): Promise<Result<void, Fault>> {
    const { cardDesk } = this.#options.parts;
    const { account, own, pool, terminalNumber } = facts;
    const started = await cardDesk.beginPurchase({ account, own, pool, terminalNumber });
    if (!started.ok) return started;
    if (started.value.balance < account) return err(fault('card-balance-short'));
    const code = await module.beginPurchase(modulePurchase(facts, started.value));
    if (!code.ok) return code;
    const { cardId, region, historicalBytes, algorithm, time } = facts;
    const { terminalSequence, mac1, type } = code.value;
    const { cardSequence } = started.value;
    this.#begun = {
      mac1,
      purchase: {
        ...{ cardId, region, historicalBytes, algorithm, time },
        ...{ cardSequence, terminalNumber, terminalSequence, type },
      },
    };
    return ok(undefined);
  }

  async #debit(
    module: SecurityModulePort,
    { purchase, mac1 }: Begun,
    facts: Facts,
    payment: Payment,
  ): Promise<SettleOutcome> {
    const { parts } = this.#options;
    if (payment.disturbed !== undefined) return this.#notDeducted(payment.disturbed);
    const { terminalSequence, time, cardSequence, type } = purchase;
    const debited = await parts.cardDesk.debit({ terminalSequence, time, mac1 });
    if (!debited.ok)
      return debited.error.retry === 'ambiguous'
        ? this.#torn(debited.error)
        : this.#notDeducted(debited.error);
    const { tac, mac2 } = debited.value;
    const checked = await module.finishPurchase(mac2);
    // A module that is gone cannot check any more, and the card has deducted; a wrong code is another matter.
    if (!checked.ok && checked.error.retry === 'permanent') return this.#torn(checked.error);
    const signature: OfflineSignature = { kind: 'card-tac', cardSequence, tac, type };
    const unsigned = { ...facts, terminalSequence, signature };
    const proof = await withTerminal(parts, unsigned);
    return this.#authorise(payment, proof.ok ? proof.value : unsigned);
  }

  async #signByModule(module: SecurityModulePort, facts: Facts): Promise<Result<OfflineProof, Fault>> {
    const { parts, step } = this.#options;
    const sequence = answered(() => parts.store.nextTerminalSequence(step().nowMs));
    if (!sequence.ok) return sequence;
    const counted = { ...facts, terminalSequence: sequence.value };
    const signed = await module.signText(moduleProofText(counted), facts.algorithm);
    if (!signed.ok) return signed;
    const { mac, factor } = signed.value;
    return ok({ ...counted, signature: { kind: 'module-mac', mac, factor } });
  }

  #authorise(payment: Payment, proof: OfflineProof): SettleOutcome {
    const { parts, step, reload } = this.#options;
    const request = this.#request;
    const card = cardOf(payment.at);
    if (request === undefined || card === undefined)
      return { kind: 'refused', fault: fault('offline-holder-unknown') };
    const facts = authorityFacts(payment.at);
    try {
      parts.store.commit(
        offlineAuthorised({
          ...step(),
          request,
          lane: laneOf(card),
          proof,
          facts,
          limits: limitsOf(parts, payment.at),
        }),
      );
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      // What the card has deducted stays an open question until it can be written down.
      const deducted = proof.signature.kind === 'card-tac';
      return { kind: deducted ? 'unknown' : 'refused', fault: error.fault };
    }
    reload();
    return { kind: 'settled', disputed: false };
  }

  #torn(problem: Fault): SettleOutcome {
    return this.#recorded(offlineTorn) ?? { kind: 'unknown', fault: problem };
  }

  #notDeducted(problem: Fault): SettleOutcome {
    return this.#recorded(offlineNotDeducted) ?? { kind: 'refused', fault: problem };
  }

  /** An outcome that cannot be written down stays unknown; the card can be asked about it again (P3). */
  #recorded(change: (step: OfflineStep) => Change): SettleOutcome | undefined {
    const { parts, step, reload } = this.#options;
    try {
      parts.store.commit(change(step()));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return { kind: 'unknown', fault: error.fault };
    }
    reload();
    return undefined;
  }

  /** With the PIN known the card's medical file is open: it says whether the card settles by itself. */
  async #usesItself(): Promise<boolean> {
    const read = await this.#options.parts.cardDesk.readMedical();
    return read.ok && read.value.cardUse === 'offline';
  }

  #factsOf(
    payment: Payment,
    card: CardAtCounter,
  ): Result<{ readonly facts: Facts; readonly request: SettlementRequest }, Fault> {
    const { parts, step } = this.#options;
    const module = parts.securityModule?.state();
    const { algorithm, cardId, region, historicalBytes } = card.issuer;
    if (algorithm === 'ssf33') return err(fault('card-algorithm-unsupported'));
    if (module?.kind !== 'ready') return err(module?.fault ?? fault('security-module-missing'));
    const { split, request } = payment.quote;
    if (request === undefined) return err(fault('offline-holder-unknown'));
    const { sale, nowMs } = step();
    const facts: Facts = {
      ...{ cardId, region, historicalBytes, algorithm },
      saleNumber: sale.saleNumber,
      terminalNumber: module.identity.terminalNumber,
      time: compactDateTime(nowMs),
      ...signedAmounts(split, request),
      blacklistVersion: parts.store.blacklist()?.version ?? '',
    };
    return ok({ facts, request: at(request, nowMs) });
  }
}

/** The three amounts that go into the codes make up what the agency is asked about: the mapped lines. */
export function signedAmounts(
  { account, fundTotal: pool }: Split,
  request: SettlementRequest,
): Pick<OfflineProof, 'account' | 'own' | 'pool'> {
  return { account, own: subtractMoney(subtractMoney(request.total, account), pool), pool };
}

/** The sale takes place when it is signed: the upload names the very time that went into the codes. */
function at(request: SettlementRequest, nowMs: number): SettlementRequest {
  const lines = request.lines.map((line) => ({ ...line, occurredAtMs: nowMs }));
  return { ...request, beganAtMs: nowMs, lines };
}

function modulePurchase(facts: Facts, start: CardPurchaseStart) {
  const { region, historicalBytes, algorithm, account, own, pool, time } = facts;
  return {
    ...{ region, historicalBytes, algorithm, account, own, pool, time },
    cardRandom: start.random,
    cardSequence: start.cardSequence,
    keyVersion: start.keyVersion,
    cardAlgorithm: start.algorithm,
  };
}

/** Both who sign must be there before the card is asked for anything that cannot be taken back. */
function canSign({ securityModule, keyStore }: CheckoutParts): Result<SecurityModulePort, Fault> {
  if (securityModule === undefined) return err(fault('security-module-missing'));
  const key = keyFault(keyStore);
  return key === undefined ? ok(securityModule) : err(key);
}

/** Limits of the region, held against the rows once more in the transaction that uses them up (P6). */
function limitsOf(parts: CheckoutParts, at: CounterHolder | undefined): OfflineLimits {
  return { rules: offlineRules(parts.config), sources: offlineSources(parts, at) };
}

/** What is kept in the journal of how card and holder were proved. */
function authorityFacts(at: CounterHolder | undefined): Readonly<Record<string, string | number>> {
  return {
    cardProvedBy: cardOf(at)?.authenticatedBy ?? 'none',
    holderProvedBy: 'card-pin',
    dataAsOfMs: at?.holder?.asOfMs ?? 0,
  };
}

/** The terminal's own signature over everything that was signed before. */
export async function withTerminal(
  { keyStore }: Pick<CheckoutParts, 'keyStore'>,
  proof: OfflineProof,
): Promise<Result<OfflineProof, Fault>> {
  const signed = await keyStore.sign(new TextEncoder().encode(offlineProofText(proof)));
  return signed.ok ? ok({ ...proof, terminal: signed.value }) : signed;
}
