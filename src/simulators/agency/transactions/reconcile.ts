import { need, scaled } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { Fields } from '../fields.ts';
import type { CheckedRequest } from '../request.ts';
import { compareDetail, readDetailFile, resultFile, type UploadedRow } from './detail-file.ts';
import { downloadEnd, findFile, keepFile } from './files.ts';

const SERVICE = 'settlementStmtBO_3202';

/**
 * 3202 对明细账: compares the uploaded file of a period with everything that stands in the agency's books, by
 * clearing office and type; the answer names a file with the differing records (section 6).
 */
export function reconcileDetail(request: CheckedRequest, context: AgencyContext): Outcome {
  const data = request.nodes['data'] ?? {};
  const institution = need(request.envelope, 'fixmedins_code');
  const file = findFile(context, need(data, 'file_qury_no'), institution);
  if (file === undefined) return refused('文件查询号不存在', SERVICE, 'data.file_qury_no');
  const uploaded = readDetailFile(file.bytes);
  if (!uploaded.ok) return refused(`对账文件${uploaded.error.text}`, SERVICE, uploaded.error.field);
  const wrong = wrongSum(data, uploaded.value, context);
  if (wrong !== undefined) return refused(`${wrong}与对账文件合计不符`, SERVICE, `data.${wrong}`);
  const lines = compareDetail(
    oursOf(data, institution, context),
    uploaded.value,
    context.behaviour.resultRows,
  );
  const name = '3202_result.zip';
  const number = keepFile(context, institution, name, resultFile(lines));
  return done({
    fileinfo: { file_qury_no: number, filename: name, dld_endtime: downloadEnd(context.clock.nowMs()) },
  });
}

function oursOf(
  data: Fields,
  institution: string,
  context: AgencyContext,
): ReturnType<AgencyContext['ledger']['standing']> {
  const type = need(data, 'clr_type');
  const all = context.ledger
    .standing(institution, need(data, 'setl_optins'), need(data, 'stmt_begndate'), need(data, 'stmt_enddate'))
    .filter((record) => record.clearingType === type);
  const flag = data['refd_setl_flag'];
  if (flag === undefined) return all;
  return all.filter((record) => (record.kind === 'cancellation') === (flag === '1'));
}

/** The declared sums must be those of the file; cash is what neither fund nor own nor relative's account paid. */
function wrongSum(data: Fields, rows: readonly UploadedRow[], context: AgencyContext): string | undefined {
  const sum = (pick: (row: UploadedRow) => bigint): bigint => rows.reduce((all, row) => all + pick(row), 0n);
  // The file has no column for it: only our own record tells what a relative's account paid.
  const family = (row: UploadedRow): bigint => context.ledger.byId(row.settlementId)?.family ?? 0n;
  if (scaled(data, 'medfee_sumamt', 2) !== sum((row) => row.total)) return 'medfee_sumamt';
  if (scaled(data, 'fund_pay_sumamt', 2) !== sum((row) => row.fund)) return 'fund_pay_sumamt';
  if (scaled(data, 'cash_payamt', 2) !== sum((row) => row.total - row.fund - row.account - family(row)))
    return 'cash_payamt';
  if (scaled(data, 'fixmedins_setl_cnt', 0) !== BigInt(rows.length)) return 'fixmedins_setl_cnt';
  return undefined;
}
