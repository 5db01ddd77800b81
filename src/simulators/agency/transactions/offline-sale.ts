import { parseBusinessDateTime } from '#core/business-time';
import { type OfflineProof, offlineProofText } from '#core/domain/offline-proof';
import { verifySm2 } from '#core/sm2';
import { basketRows, need, scaled } from '../basket-check.ts';
import { type AgencyContext, cardStatus, type Outcome, refused } from '../context.ts';
import { readProof } from '../offline-proof.ts';
import { compactTimeMs, type TriedBasket } from '../offline-sales.ts';
import type { RegisteredCard } from '../person.ts';
import type { CheckedRequest } from '../request.ts';

const SERVICE = 'offlineSaleBO_1001';
/** A purchase older than this was made offline. */
const ONLINE_MS = 10 * 60_000;
/** How long a replaced key may still sign: the terminal may not have heard of its replacement. */
const RETIRED_GRACE_MS = 24 * 60 * 60_000;

/** What kind of purchase a 2102 is, or why it is none that can be booked. */
export type Purchase =
  | { readonly kind: 'online' }
  | { readonly kind: 'offline'; readonly proof: OfflineProof; readonly atMs: number }
  | Extract<Outcome, { kind: 'refused' }>;

/**
 * Tells an online purchase from the upload of an offline one, and checks the proof of the latter: times, card,
 * sums, the code of card or module, the terminal's signature, its counter, and how the card stood then.
 */
export function judgePurchase(request: CheckedRequest, context: AgencyContext): Purchase {
  const info = request.nodes['druginfo'] ?? {};
  const content = info['exp_content'];
  if (content === undefined) return withoutProof(request, context);
  const read = readProof(content);
  if (!read.ok) return no(`脱机凭据无法识别（${read.error}）`, 'druginfo.exp_content');
  const proof = read.value;
  const atMs = compactTimeMs(proof.time);
  const begunAtMs = parseBusinessDateTime(need(info, 'begntime'));
  if (need(info, 'mdtrt_cert_type') !== '03') return no('脱机结算只能使用社会保障卡');
  if (atMs === undefined || atMs !== begunAtMs) return no('脱机凭据的时间与交易时间不符');
  if (atMs > context.clock.nowMs() + ONLINE_MS) return no('脱机凭据的时间晚于当前时间');
  if (proof.saleNumber !== info['invono']) return no('脱机凭据与发票号不符');
  if (proof.account + proof.own + proof.pool !== scaled(info, 'medfee_sumamt', 2))
    return no('脱机凭据的金额合计与医疗费总额不符');
  const card = context.persons.get(need(info, 'psn_no'))?.card;
  const refusal =
    wrongCard(proof, card) ??
    wrongCode(proof, context) ??
    wrongSignature(proof, need(request.envelope, 'fixmedins_code'), context, atMs) ??
    (context.offline.sequenceUsedByOther(proof) ? no('终端交易序号已用于其他交易') : undefined) ??
    blockedCard(card, context, atMs);
  return refusal ?? { kind: 'offline', proof, atMs };
}

/** Lines and person of a 2101 or 2102: what a trial and its settlement have in common. */
export function basketOf(request: CheckedRequest): TriedBasket {
  return {
    personNumber: need(request.nodes['druginfo'] ?? {}, 'psn_no'),
    lineIds: basketRows(request).map((row) => row.serial),
  };
}

function withoutProof(request: CheckedRequest, context: AgencyContext): Purchase {
  const info = request.nodes['druginfo'] ?? {};
  const nowMs = context.clock.nowMs();
  const begunAtMs = parseBusinessDateTime(need(info, 'begntime')) ?? nowMs;
  const isOnline =
    !context.behaviour.requireOfflineProof ||
    nowMs - begunAtMs <= ONLINE_MS ||
    context.offline.wasTriedOnline(basketOf(request), nowMs);
  if (isOnline) return { kind: 'online' };
  return need(info, 'mdtrt_cert_type') === '03'
    ? no('补传的脱机交易没有脱机凭据')
    : no('脱机结算只能使用社会保障卡');
}

function wrongCard(proof: OfflineProof, card: RegisteredCard | undefined): Purchase | undefined {
  if (card?.cardId.toUpperCase() !== proof.cardId) return no('脱机凭据的卡与参保人员不符');
  if (card.algorithm !== proof.algorithm || proof.cardId.slice(0, 6) !== proof.region)
    return no('脱机凭据的卡信息与登记不符');
  return undefined;
}

function wrongCode(proof: OfflineProof, { offlineCodes }: AgencyContext): Purchase | undefined {
  const { signature } = proof;
  if (signature.kind === 'card-tac') {
    const isRight = offlineCodes.cardTac(proof, signature.type) === signature.tac;
    return isRight ? undefined : no('卡片交易验证码（TAC）不符');
  }
  const isRight = offlineCodes.moduleMac(proof, signature.factor) === signature.mac;
  return isRight ? undefined : no('安全模块验证码（MAC）不符');
}

function wrongSignature(
  proof: OfflineProof,
  institution: string,
  { keys }: AgencyContext,
  atMs: number,
): Purchase | undefined {
  const { terminal } = proof;
  if (terminal === undefined) return no('脱机凭据没有终端签名');
  const key = keys.find(institution, terminal.keyId);
  if (key === undefined) return no('终端密钥未注册');
  const data = new TextEncoder().encode(offlineProofText(proof));
  if (!verifySm2(data, terminal.signature, key.publicKey)) return no('终端签名不符');
  const graceMs = key.state === 'retired' ? RETIRED_GRACE_MS : 0;
  if (key.endedAtMs !== undefined && atMs > key.endedAtMs + graceMs)
    return no(key.state === 'revoked' ? '终端密钥在交易前已吊销' : '终端密钥在交易前已更换');
  return undefined;
}

function blockedCard(
  card: RegisteredCard | undefined,
  context: AgencyContext,
  atMs: number,
): Purchase | undefined {
  if (card === undefined) return undefined;
  if (context.blacklist.listedAt(card, atMs)) return no('社会保障卡在交易时已列入黑名单');
  if (cardStatus(context, card.cardId, atMs) !== 'valid') return no('社会保障卡在交易前已挂失或无效');
  return undefined;
}

function no(text: string, field?: string): Extract<Outcome, { kind: 'refused' }> {
  return refused(text, SERVICE, field);
}
