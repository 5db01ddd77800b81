import { z } from 'zod';
import { addMoney, formatMoney, type Money, sumMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { exactNumber } from '../json.ts';
import type { DetailRequest, DetailRow } from '../port.ts';
import { firstProblem, inDate, inNumber, inPattern, inRequired, outRequired } from '../wire.ts';
import type { AgencyFile } from './files.ts';

/** 3202 医药机构费用结算对明细账, input (table 6.3). */
export const detailInput = z.strictObject({
  data: z.strictObject({
    setl_optins: inRequired(6),
    file_qury_no: inRequired(200),
    stmt_begndate: inDate,
    stmt_enddate: inDate,
    medfee_sumamt: inNumber(16, 2),
    fund_pay_sumamt: inNumber(16, 2),
    cash_payamt: inNumber(16, 2),
    fixmedins_setl_cnt: inNumber(10, 0),
    clr_type: inRequired(6),
    refd_setl_flag: inPattern(/^[01]?$/, 'a refund flag'),
  }),
});
export type DetailInput = z.infer<typeof detailInput>;

/** 3202 output (table 6.5). */
const detailOutput = z.object({
  fileinfo: z.object({ file_qury_no: outRequired(200), filename: outRequired(200) }),
});

/**
 * Sums of the rows as the agency answered them, so the account goes back into the fund total where the
 * region counts it there. Settlements and refunds are listed together; the flag is then left empty.
 */
export function detailRequest(
  request: DetailRequest,
  file: AgencyFile,
  accountInsideFund: boolean,
): DetailInput {
  const sum = (of: (row: DetailRow) => Money) => exactNumber(formatMoney(sumMoney(request.rows.map(of))));
  return {
    data: {
      setl_optins: request.clearingOffice,
      file_qury_no: file.fileNumber,
      stmt_begndate: request.businessDay,
      stmt_enddate: request.businessDay,
      medfee_sumamt: sum((row) => row.total),
      fund_pay_sumamt: sum((row) => answeredFund(row, accountInsideFund)),
      cash_payamt: sum((row) => row.cash),
      fixmedins_setl_cnt: exactNumber(String(request.rows.length)),
      clr_type: request.clearingType,
      refd_setl_flag: refundFlag(request),
    },
  };
}

/** The fund total of a row as it was answered. */
export function answeredFund(row: DetailRow, accountInsideFund: boolean): Money {
  return accountInsideFund ? addMoney(row.fundTotal, row.account) : row.fundTotal;
}

export function readDetail(output: unknown): Result<AgencyFile, string> {
  const parsed = detailOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  return ok({ fileNumber: parsed.data.fileinfo.file_qury_no, name: parsed.data.fileinfo.filename });
}

function refundFlag({ kind, rows }: DetailRequest): '' | '0' | '1' {
  if (kind !== undefined) return kind === 'refunds' ? '1' : '0';
  if (rows.every((row) => !row.refund)) return '0';
  return rows.every((row) => row.refund) ? '1' : '';
}
