import { type Fault, fault } from '#core/fault';
import { type Money, parseMoney, sumMoney, zeroMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { readRequest } from '../envelope.ts';
import type { PreparedMessage } from '../port.ts';
import { firstProblem } from '../wire.ts';
import { type SettlementInput, settlementInput } from './settlement.ts';

/** What one 2101 or 2102 asked, read back from its own bytes: the answer is held against it. */
export interface AskedSettlement {
  readonly messageId: string;
  readonly personNumber: string;
  readonly insuredRegion: string;
  readonly useAccount: boolean;
  readonly total: Money;
  readonly lines: readonly AskedLine[];
}

export interface AskedLine {
  readonly lineId: string;
  readonly lineNumber: number;
  readonly amount: Money;
}

/** What was read of a message while it lives: it is prepared and then sent, and its bytes stay the same. */
const known = new WeakMap<PreparedMessage, { readonly body: string; readonly asked: AskedSettlement }>();

/** Works on bytes of any age, so a settlement prepared before a restart is checked like a fresh one. */
export function askedSettlement(message: PreparedMessage): Result<AskedSettlement, Fault> {
  const before = known.get(message);
  if (before !== undefined && before.body === message.body && before.asked.messageId === message.messageId)
    return ok(before.asked);
  const read = readAsked(message);
  if (read.ok) known.set(message, { body: message.body, asked: read.value });
  return read;
}

/**
 * Of a message that was prepared from this input a moment ago: its bytes need not be read to know what they ask. A
 * request whose total is not the sum of its lines must not reach the intent.
 */
export function askedAnew(
  message: PreparedMessage,
  input: SettlementInput,
  insuredRegion: string,
): Result<AskedSettlement, Fault> {
  const asked = askedBy(message.messageId, insuredRegion, input);
  if (asked.ok) known.set(message, { body: message.body, asked: asked.value });
  return asked;
}

function readAsked(message: PreparedMessage): Result<AskedSettlement, Fault> {
  const envelope = readRequest(message.body);
  if (!envelope.ok) return envelope;
  if (envelope.value.infno !== message.transaction || envelope.value.msgid !== message.messageId) {
    return err(fault('agency-message-invalid', 'body: not the message of this id'));
  }
  const input = settlementInput.safeParse(envelope.value.input);
  if (!input.success) return err(fault('agency-message-invalid', `input.${firstProblem(input.error)}`));
  return askedBy(envelope.value.msgid, envelope.value.insuplc_admdvs, input.data);
}

function askedBy(
  messageId: string,
  insuredRegion: string,
  { druginfo, drugdetail }: SettlementInput,
): Result<AskedSettlement, Fault> {
  const asked: AskedSettlement = {
    messageId,
    personNumber: druginfo.psn_no,
    insuredRegion,
    useAccount: druginfo.acct_used_flag === '1',
    total: moneyOf(druginfo.medfee_sumamt),
    lines: drugdetail.map((row) => ({
      lineId: row.feedetl_sn,
      lineNumber: Number(/-(\d{1,6})$/.exec(row.feedetl_sn)?.[1] ?? 0),
      amount: moneyOf(row.det_item_fee_sumamt),
    })),
  };
  if (sumMoney(asked.lines.map((line) => line.amount)) !== asked.total) {
    return err(fault('agency-message-invalid', 'input.druginfo.medfee_sumamt: not the sum of the lines'));
  }
  return ok(asked);
}

function moneyOf(number: { toString(): string }): Money {
  const parsed = parseMoney(number.toString());
  return parsed.ok ? parsed.value : zeroMoney;
}
