import { businessDateTime } from '#core/business-time';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { need } from '../basket-check.ts';
import { fieldsOf, type ListedRow } from '../catalogue/register.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { Fields } from '../fields.ts';
import type { CheckedRequest } from '../request.ts';
import { type JsonObject, scaledFrom, wireNumber } from '../wire.ts';

const SERVICE = 'catalogQueryBO_1001';
/** Printed for 13203 only; taken to hold here too. */
const MOST_ON_A_PAGE = 100;
/** These do not name a field of the row that has to be equal. */
const NOT_A_FILTER = new Set(['updt_time', 'page_num', 'page_size', 'query_date', 'vali_flag', 'rid']);

/** 1312, 1316–1319 目录查询: rows changed after `updt_time`, in pages. */
export function queryTable(request: CheckedRequest, context: AgencyContext): Outcome {
  const table = request.infno as AgencyTable;
  const data = request.nodes['data'] ?? {};
  const institution = need(request.envelope, 'fixmedins_code');
  const size = Number(need(data, 'page_size'));
  const page = Number(need(data, 'page_num'));
  if (size < 1 || size > MOST_ON_A_PAGE)
    return refused(`每页数据量应为1到${MOST_ON_A_PAGE}`, SERVICE, 'data.page_size');
  if (page < 1) return refused('当前页数应从1开始', SERVICE, 'data.page_num');
  const rows = context.catalogue
    .changedAfter(table, need(data, 'updt_time'), institution)
    .filter((row) => meets(row, data));
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const start = (page - 1) * size;
  const shown = rows.slice(start, start + size);
  const count = (value: number) => wireNumber(BigInt(value), 0);
  return done({
    firstPage: page === 1,
    lastPage: page >= pages,
    size: count(shown.length),
    startRow: count(shown.length === 0 ? 0 : start + 1),
    endRow: count(start + shown.length),
    pageNum: count(page),
    pageSize: count(size),
    recordCounts: count(rows.length),
    pages: count(pages),
    data: shown.map((row) => wireRowOf(table, row, institution)),
  });
}

function meets(row: ListedRow, data: Fields): boolean {
  const fields = fieldsOf(row);
  const state = data['vali_flag'];
  if (state !== undefined && state !== (row.valid ? '1' : '0')) return false;
  if (data['rid'] !== undefined && data['rid'] !== row.recordId) return false;
  const on = data['query_date'];
  if (
    on !== undefined &&
    (String(fields['begndate'] ?? '') > on || String(fields['enddate'] ?? '9999-12-31') < on)
  )
    return false;
  return Object.entries(data).every(
    ([name, value]) => NOT_A_FILTER.has(name) || name === 'fixmedins_code' || fields[name] === value,
  );
}

function wireRowOf(table: AgencyTable, row: ListedRow, institution: string): JsonObject {
  const fields = fieldsOf(row);
  const time = businessDateTime(0).slice(10);
  return {
    ...(table === '1317' ? { fixmedins_code: institution } : {}),
    ...fields,
    ...amounts(fields),
    vali_flag: row.valid ? '1' : '0',
    rid: row.recordId,
    // Some answers print the bare day, others a time behind it.
    updt_time: table === '1319' ? `${row.changedDay}${time}` : row.changedDay,
    crter_id: 'system',
    crter_name: '系统',
    crte_time: row.changedDay,
  };
}

function amounts(fields: JsonObject): JsonObject {
  const price = fields['hilist_pric_uplmt_amt'];
  const share = fields['selfpay_prop'];
  return {
    ...(typeof price === 'string'
      ? { hilist_pric_uplmt_amt: wireNumber(scaledFrom(price, 6) ?? 0n, 6) }
      : {}),
    ...(typeof share === 'string' ? { selfpay_prop: wireNumber(scaledFrom(share, 4) ?? 0n, 4) } : {}),
  };
}
