import type {
  AgencyOutcome,
  AgencyPort,
  CancelRequest,
  CatalogPage,
  DecodedCertificate,
  DetailDifference,
  DetailRequest,
  EntitlementQuery,
  MappingUpload,
  PreparedMessage,
  ReversalRequest,
  TerminalKeyRequest,
} from '#agency/port';
import { businessDay } from '#core/business-time';
import type { Clock } from '#core/clock';
import type { AgencyTable } from '#core/domain/agency-catalog';
import type { Blacklist } from '#core/domain/blacklist';
import type { ChronicEntitlement } from '#core/domain/entitlement';
import type { Cancellation, Settlement, SettlementRequest } from '#core/domain/settlement';
import type { Split } from '#core/domain/split';
import { type FaultCode, fault } from '#core/fault';
import { addMoney, fen, type Money, negateMoney, yuan } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { institution, splitOf } from './till-records.ts';

export type Transaction = '2102' | '2103' | '2601' | '3202';

/** What happens to one message. `late` reaches the agency only after that time; `hang` is never answered. */
export type Fate =
  | 'ok'
  | 'unreachable'
  | 'lose-request'
  | 'lose-reply'
  | 'refuse'
  | 'hang-before'
  | 'hang-after'
  | { readonly lateMs: number };

interface Charge {
  readonly messageId: string;
  readonly settlementId: string;
  readonly visitId: string;
  readonly personNumber: string;
  readonly saleNumber: string;
  readonly day: string;
  readonly split: Split;
  state: 'booked' | 'reversed' | 'cancelled';
}

interface Refund {
  readonly messageId: string;
  readonly settlementId: string;
  readonly charge: Charge;
  readonly day: string;
  state: 'booked' | 'reversed';
}

type Sent =
  | { readonly transaction: '2102'; readonly request: SettlementRequest }
  | { readonly transaction: '2103'; readonly request: CancelRequest }
  | { readonly transaction: '2601'; readonly request: ReversalRequest };

const office = '990199';
const clearingType = '41';

/** An agency in memory with books of its own; it books each message id once and keeps what was cancelled. */
export class ScriptedAgency implements AgencyPort {
  readonly charges: Charge[] = [];
  readonly refunds: Refund[] = [];
  readonly log: string[] = [];
  /** What every prepared 2102 asked. */
  readonly requests: SettlementRequest[] = [];
  /** Fates by transaction, used up one by one; then everything is `ok`. */
  readonly fates: Record<Transaction, Fate[]> = { '2102': [], '2103': [], '2601': [], '3202': [] };
  /** How the split is made of a request: another one gives an adjusted or disputed settlement. */
  splitFor: (request: SettlementRequest) => Split = (request) => splitOf(request.total, yuan('20.00'));
  /** Sale numbers that the agency refuses to settle. */
  readonly refusedSales = new Set<string>();
  /** Net style lists neither cancelled settlements nor refunds. */
  listing: 'both-rows' | 'netted' = 'both-rows';
  /** Called at the moment a message is sent, before its fate. */
  onSend: (transaction: Transaction, messageId: string) => void = () => undefined;
  ids: (nowMs: number) => string = () => '';
  /** Codes that holders show, each good for one decoding. */
  readonly certificates = new Map<string, DecodedCertificate>();
  /** Keys that the agency knows, by key id. */
  readonly terminalKeys = new Map<string, 'enrolled' | 'retired' | 'revoked'>();
  /** One-time code of a first key. */
  enrolmentCode = 'AB12-CD34';
  /** National codes by own code, as uploaded. */
  readonly mappings = new Map<string, string>();
  /** Filed for whom, by person number. */
  readonly filed = new Map<string, readonly ChronicEntitlement[]>();
  blacklistNow: Blacklist = { version: '0000000001', asOfMs: 0, cards: [], ranges: [] };
  readonly #decoded = new Set<string>();
  readonly #prepared = new Map<string, Sent>();
  readonly #clock: Clock;
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Money that the agency has taken for a sale and not given back: the number of charges that stand. */
  standing(saleNumber: string): readonly Charge[] {
    return this.charges.filter((charge) => charge.saleNumber === saleNumber && charge.state === 'booked');
  }

  prepareSettlement(request: SettlementRequest): Result<PreparedMessage, never> {
    this.requests.push(request);
    return ok(this.#prepare({ transaction: '2102', request }));
  }

  prepareReversal(request: ReversalRequest): Result<PreparedMessage, never> {
    return ok(this.#prepare({ transaction: '2601', request }));
  }

  prepareCancel(request: CancelRequest): Result<PreparedMessage, never> {
    return ok(this.#prepare({ transaction: '2103', request }));
  }

  sendSettlement(message: PreparedMessage): Promise<AgencyOutcome<Settlement>> {
    return this.#send(message, '2102', () => this.#settle(message));
  }

  sendReversal(message: PreparedMessage): Promise<AgencyOutcome<void>> {
    return this.#send(message, '2601', () => this.#reverse(message));
  }

  sendCancel(message: PreparedMessage): Promise<AgencyOutcome<Cancellation>> {
    return this.#send(message, '2103', () => this.#cancel(message));
  }

  async entitlements(query: EntitlementQuery): Promise<AgencyOutcome<readonly ChronicEntitlement[]>> {
    return success(this.filed.get(query.personNumber) ?? []);
  }

  async reconcileDetail(request: DetailRequest): Promise<AgencyOutcome<readonly DetailDifference[]>> {
    await Promise.resolve();
    this.log.push(`3202 ${request.kind ?? 'all'} ${request.businessDay}`);
    const fate = this.fates['3202'].shift() ?? 'ok';
    if (fate === 'unreachable') return unsent();
    if (fate !== 'ok') return this.#unanswered();
    if (request.clearingOffice !== office || request.clearingType !== clearingType) return success([]);
    return success(this.#differences(request));
  }

  driftMs(): number | undefined {
    return 0;
  }

  /** This agency has no catalogue: nothing is ever newer. */
  async catalogFile(): Promise<AgencyOutcome<undefined>> {
    return success(undefined);
  }

  async fetchCatalogFile(): Promise<AgencyOutcome<number>> {
    return { kind: 'refused', fault: fault('agency-refused', '9102'), agencyText: '文件不存在', answer: '' };
  }

  async catalogPage(
    _table: AgencyTable,
    { page }: { readonly page: number },
  ): Promise<AgencyOutcome<CatalogPage>> {
    return success({ lines: [], page, pages: 0, rows: 0 });
  }

  /** 3301: the last upload of an own item counts. */
  async uploadMappings(items: readonly MappingUpload[]): Promise<AgencyOutcome<void>> {
    for (const item of items) this.mappings.set(item.shopCode, item.nationalCode);
    return success(undefined);
  }

  async revokeMapping({ shopCode }: Pick<MappingUpload, 'shopCode'>): Promise<AgencyOutcome<void>> {
    this.mappings.delete(shopCode);
    return success(undefined);
  }

  async decodeCertificate(qrText: string): Promise<AgencyOutcome<DecodedCertificate>> {
    await Promise.resolve();
    const certificate = this.certificates.get(qrText);
    if (certificate === undefined) return refusal('请使用医保电子凭证二维码', 'agency-certificate-invalid');
    if (this.#decoded.has(qrText)) return refusal('二维码已使用', 'agency-certificate-used');
    this.#decoded.add(qrText);
    return success(certificate);
  }

  async terminalKey(request: TerminalKeyRequest): Promise<AgencyOutcome<void>> {
    await Promise.resolve();
    const { action, keyId, oldKeyId = '', signature = '' } = request;
    if (action === 'enrol') {
      if (request.enrolmentCode !== this.enrolmentCode) return refusal('终端注册码不正确');
      this.terminalKeys.set(keyId, 'enrolled');
      return success(undefined);
    }
    if (this.terminalKeys.get(oldKeyId) !== 'enrolled' || signature === '')
      return refusal('原终端密钥已停用');
    this.terminalKeys.set(keyId, action === 'rotate' ? 'enrolled' : 'revoked');
    if (action === 'rotate') this.terminalKeys.set(oldKeyId, 'retired');
    return success(undefined);
  }

  async blacklist(version: string): Promise<AgencyOutcome<Blacklist | undefined>> {
    await Promise.resolve();
    return success(version === this.blacklistNow.version ? undefined : this.blacklistNow);
  }

  signIn(): never {
    throw new Error('not used here');
  }
  signOut(): never {
    throw new Error('not used here');
  }
  person(): never {
    throw new Error('not used here');
  }
  authenticateCard(): never {
    throw new Error('not used here');
  }
  cardStatus(): never {
    throw new Error('not used here');
  }
  trial(): never {
    throw new Error('not used here');
  }

  #prepare(sent: Sent): PreparedMessage {
    const nowMs = this.#clock.nowMs();
    this.#serial += 1;
    const messageId = this.ids(nowMs) || institution + String(this.#serial).padStart(18, '0');
    this.#prepared.set(messageId, sent);
    const body = JSON.stringify({ infno: sent.transaction, msgid: messageId });
    return { transaction: sent.transaction, messageId, body, preparedAtMs: nowMs };
  }

  async #send<T>(
    message: PreparedMessage,
    transaction: Exclude<Transaction, '3202'>,
    book: () => Result<T, string>,
  ): Promise<AgencyOutcome<T>> {
    await Promise.resolve();
    this.log.push(`${transaction} ${message.messageId}`);
    const fate = this.fates[transaction].shift() ?? 'ok';
    this.onSend(transaction, message.messageId);
    if (fate === 'unreachable') return unsent();
    if (fate === 'lose-request') return this.#unanswered();
    if (fate === 'hang-before') return new Promise(() => undefined);
    if (fate === 'refuse') return refusal('不能办理');
    if (typeof fate === 'object') {
      this.#clock.after(fate.lateMs, () => void book());
      return this.#unanswered();
    }
    const booked = book();
    if (fate === 'hang-after') return new Promise(() => undefined);
    if (fate === 'lose-reply') return this.#unanswered();
    return booked.ok ? success(booked.value) : refusal(booked.error);
  }

  #settle({ messageId }: PreparedMessage): Result<Settlement, string> {
    const sent = this.#prepared.get(messageId);
    if (sent?.transaction !== '2102') return err('报文不符');
    const { request } = sent;
    if (this.refusedSales.has(request.saleNumber)) return err('待遇封锁');
    if (this.charges.some((charge) => charge.messageId === messageId)) return err('报文ID重复');
    const number = this.charges.length + 1;
    const charge: Charge = {
      messageId,
      settlementId: `S${number}`,
      visitId: `V${number}`,
      personNumber: request.personNumber,
      saleNumber: request.saleNumber,
      day: businessDay(this.#clock.nowMs()),
      split: this.splitFor(request),
      state: 'booked',
    };
    this.charges.push(charge);
    return ok({
      visitId: charge.visitId,
      settlementId: charge.settlementId,
      personNumber: charge.personNumber,
      settledAtMs: this.#clock.nowMs(),
      split: charge.split,
      clearingOffice: office,
      clearingType,
      brokenRelations: [],
    });
  }

  #cancel({ messageId }: PreparedMessage): Result<Cancellation, string> {
    const sent = this.#prepared.get(messageId);
    if (sent?.transaction !== '2103') return err('报文不符');
    const charge = this.charges.find((one) => one.settlementId === sent.request.settlementId);
    if (charge === undefined || charge.visitId !== sent.request.visitId) return err('未查询到结算信息');
    if (charge.state !== 'booked') return err('结算信息已撤销或已冲正');
    charge.state = 'cancelled';
    const settlementId = `R${this.refunds.length + 1}`;
    const day = businessDay(this.#clock.nowMs());
    this.refunds.push({ messageId, settlementId, charge, day, state: 'booked' });
    return ok({ visitId: charge.visitId, settlementId, ...negative(charge.split) });
  }

  #reverse({ messageId }: PreparedMessage): Result<void, string> {
    const sent = this.#prepared.get(messageId);
    if (sent?.transaction !== '2601') return err('报文不符');
    const { originalMessageId } = sent.request;
    const charge = this.charges.find((one) => one.messageId === originalMessageId);
    const refund = this.refunds.find((one) => one.messageId === originalMessageId);
    if (charge !== undefined) {
      if (charge.state !== 'booked') return err('退费结算标志不为未退费');
      charge.state = 'reversed';
    }
    if (refund !== undefined) {
      if (refund.state !== 'booked') return err('已冲正');
      refund.state = 'reversed';
      refund.charge.state = 'booked';
    }
    return ok(undefined);
  }

  #differences(request: DetailRequest): readonly DetailDifference[] {
    const listed = request.kind === 'refunds' ? this.#listedRefunds(request) : this.#listedCharges(request);
    const ours = new Map(request.rows.map((row) => [row.settlementId, row]));
    const found: DetailDifference[] = [];
    for (const row of listed) {
      const match = ours.get(row.settlementId);
      ours.delete(row.settlementId);
      const same =
        match?.total === row.total && match?.fundTotal === row.fundTotal && match?.account === row.account;
      if (match === undefined) found.push({ ...row, result: 'agency-only' });
      else if (!same) found.push({ ...row, result: 'differs' });
    }
    for (const row of ours.values()) {
      const { settlementId, visitId, personNumber, refund } = row;
      found.push({ messageId: '', settlementId, visitId, personNumber, refund, result: 'institution-only' });
    }
    return found;
  }

  #listedCharges({ businessDay: day }: DetailRequest): readonly Omit<DetailDifference, 'result'>[] {
    const shown = this.listing === 'netted' ? ['booked'] : ['booked', 'cancelled'];
    return this.charges
      .filter((charge) => charge.day === day && shown.includes(charge.state))
      .map(({ messageId, settlementId, visitId, personNumber, split }) => {
        const { total, fundTotal, account } = split;
        return { messageId, settlementId, visitId, personNumber, refund: false, total, fundTotal, account };
      });
  }

  #listedRefunds({ businessDay: day }: DetailRequest): readonly Omit<DetailDifference, 'result'>[] {
    if (this.listing === 'netted') return [];
    return this.refunds
      .filter((refund) => refund.day === day && refund.state === 'booked')
      .map(({ messageId, settlementId, charge }) => {
        const { visitId, personNumber } = charge;
        return { messageId, settlementId, visitId, personNumber, refund: true, ...negative(charge.split) };
      });
  }

  #unanswered(): { kind: 'unknown'; fault: ReturnType<typeof fault>; lastByteAtMs: number; answer: string } {
    return {
      kind: 'unknown',
      fault: fault('agency-no-answer'),
      lastByteAtMs: this.#clock.nowMs(),
      answer: '',
    };
  }
}

function negative(split: Split): {
  total: Money;
  fundTotal: Money;
  account: Money;
  familyAccount?: Money;
} {
  const { familyAccount } = split;
  return {
    ...(familyAccount === undefined ? {} : { familyAccount: negateMoney(familyAccount) }),
    total: negateMoney(split.total),
    fundTotal: negateMoney(split.fundTotal),
    account: negateMoney(split.account),
  };
}

function success<T>(value: T): AgencyOutcome<T> {
  return { kind: 'success', value, answer: '{"infcode":0}', warnings: [] };
}

function unsent(): AgencyOutcome<never> {
  return { kind: 'refused', fault: fault('agency-unreachable'), agencyText: '', answer: '' };
}

function refusal(agencyText: string, code: FaultCode = 'agency-refused'): AgencyOutcome<never> {
  return { kind: 'refused', fault: fault(code), agencyText, answer: '{"infcode":-1}' };
}

/** The other split of adjusted answers: the account pays one yuan less, the holder one yuan more. */
export function oneYuanLess(split: Split): Split {
  return {
    ...split,
    account: addMoney(split.account, fen(-100n)),
    cash: addMoney(split.cash, fen(100n)),
  };
}
