import { z } from 'zod';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { readRequest } from '../envelope.ts';
import type { CancelRequest, PreparedMessage } from '../port.ts';
import {
  firstProblem,
  inRequired,
  inText,
  outMoney,
  outMoneyMaybe,
  outMoneyOrZero,
  outRequired,
  outText,
} from '../wire.ts';
import { fundItemsOf } from './settlement-answer.ts';

/** 2103 药店结算撤销, input (table 4.4.1). A settlement is cancelled as a whole. */
export const cancelInput = z.strictObject({
  data: z.strictObject({
    setl_id: inRequired(30),
    mdtrt_id: inRequired(30),
    psn_no: inRequired(30),
    exp_content: inText(4000).optional(),
  }),
});
export type CancelInput = z.infer<typeof cancelInput>;

/** 2103 output (table 4.3, column 2103). */
const cancelOutput = z.object({
  setlinfo: z.object({
    mdtrt_id: outRequired(30),
    setl_id: outRequired(30),
    medfee_sumamt: outMoney,
    fulamt_ownpay_amt: outMoney,
    overlmt_selfpay: outMoney,
    preselfpay_amt: outMoney,
    inscp_scp_amt: outMoney,
    hifp_pay: outMoneyOrZero,
    cvlserv_pay: outMoneyOrZero,
    hifes_pay: outMoneyOrZero,
    hifmi_pay: outMoneyOrZero,
    hifob_pay: outMoneyOrZero,
    maf_pay: outMoneyOrZero,
    oth_pay: outMoneyOrZero,
    hifdm_pay: outMoneyOrZero,
    fund_pay_sumamt: outMoney,
    acct_pay: outMoney,
    acct_mulaid_pay: outMoneyOrZero,
    balc: outMoneyMaybe,
    medins_setl_id: outText(30),
  }),
});

/** The sums of a 2103 as answered: negative or zero. */
export type CancellationAnswer = ReturnType<typeof sumsOf>;

export function cancelRequest(request: CancelRequest): CancelInput {
  return {
    data: { setl_id: request.settlementId, mdtrt_id: request.visitId, psn_no: request.personNumber },
  };
}

/** What a stored 2103 asked, read back from its own bytes. */
export function askedCancellation(
  message: PreparedMessage,
): Result<{ readonly messageId: string; readonly visitId: string }, Fault> {
  const envelope = readRequest(message.body);
  if (!envelope.ok) return envelope;
  const input = cancelInput.safeParse(envelope.value.input);
  if (!input.success || envelope.value.infno !== '2103' || envelope.value.msgid !== message.messageId) {
    return err(fault('agency-message-invalid', 'body: not the cancellation of this id'));
  }
  return ok({ messageId: envelope.value.msgid, visitId: input.data.data.mdtrt_id });
}

export function readCancellation(output: unknown): Result<CancellationAnswer, string> {
  const parsed = cancelOutput.safeParse(output);
  return parsed.success ? ok(sumsOf(parsed.data.setlinfo)) : err(firstProblem(parsed.error));
}

function sumsOf(info: z.infer<typeof cancelOutput>['setlinfo']) {
  return {
    visitId: info.mdtrt_id,
    /** Id of the cancellation's own record (unconfirmed: some platforms may repeat the settlement's id). */
    settlementId: info.setl_id,
    echoedMessageId: info.medins_setl_id,
    total: info.medfee_sumamt,
    outOfScope: info.fulamt_ownpay_amt,
    overCeiling: info.overlmt_selfpay,
    firstSelfPay: info.preselfpay_amt,
    inScope: info.inscp_scp_amt,
    fundItems: fundItemsOf(info),
    fundTotal: info.fund_pay_sumamt,
    account: info.acct_pay,
    mutualAid: info.acct_mulaid_pay,
    balanceAfter: info.balc,
  };
}
