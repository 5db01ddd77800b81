import { type Fault, fault } from '#core/fault';
import { type Money, parseMoney, sumMoney, zeroMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { readRequest } from '../envelope.ts';
import type { PreparedMessage } from '../port.ts';
import { firstProblem } from '../wire.ts';
import { settlementInput } from './settlement.ts';

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

/** Works on bytes of any age, so a settlement prepared before a restart is checked like a fresh one. */
export function askedSettlement(message: PreparedMessage): Result<AskedSettlement, Fault> {
  const envelope = readRequest(message.body);
  if (!envelope.ok) return envelope;
  if (envelope.value.infno !== message.transaction || envelope.value.msgid !== message.messageId) {
    return err(fault('agency-message-invalid', 'body: not the message of this id'));
  }
  const input = settlementInput.safeParse(envelope.value.input);
  if (!input.success) return err(fault('agency-message-invalid', `input.${firstProblem(input.error)}`));
  const { druginfo, drugdetail } = input.data;
  const asked: AskedSettlement = {
    messageId: envelope.value.msgid,
    personNumber: druginfo.psn_no,
    insuredRegion: envelope.value.insuplc_admdvs,
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
