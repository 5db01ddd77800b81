import { createHash } from 'node:crypto';
import { need } from '../basket-check.ts';
import { itemTables } from '../catalogue/goods.ts';
import { listTypeOf } from '../catalogue/wire-rows.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { Fields } from '../fields.ts';
import type { CheckedRequest } from '../request.ts';

const SERVICE = 'catalogCompBO_3301';
const MOST_ROWS = 100;

/**
 * 3301 目录对照上传: up to 100 rows, all or none. A code must stand in the national catalogue; an item that is mapped
 * to another code is revoked first (3302). The same mapping again changes only its days.
 */
export function uploadMappings(request: CheckedRequest, context: AgencyContext): Outcome {
  const rows = request.lists['data'] ?? [];
  if (rows.length > MOST_ROWS) return refused(`单次最多上传${MOST_ROWS}条目录对照`, SERVICE, 'data');
  const institution = need(request.envelope, 'fixmedins_code');
  const seen = new Set<string>();
  for (const row of rows) {
    const id = mappingId(institution, row);
    const wrong = seen.has(id)
      ? `定点医药机构目录编号${need(row, 'fixmedins_hilist_id')}在本次上传中重复`
      : wrongRow(row, institution, context);
    if (wrong !== undefined) return refused(wrong, SERVICE);
    seen.add(id);
  }
  context.database.transaction(() => {
    for (const row of rows) keepMapping(row, institution, context);
  })();
  return done({});
}

/** 3302 目录对照撤销: one mapping that is in force. */
export function revokeMapping(request: CheckedRequest, context: AgencyContext): Outcome {
  const row = request.nodes['data'] ?? {};
  const institution = need(request.envelope, 'fixmedins_code');
  if (need(row, 'fixmedins_code') !== institution)
    return refused('定点医药机构编号与报文头不符', 'catalogCompBO_3302', 'data.fixmedins_code');
  const id = mappingId(institution, row);
  const held = context.catalogue.row('1317', id);
  if (held?.valid !== true || held.nationalCode !== need(row, 'med_list_codg'))
    return refused('未找到有效的目录对照，不能撤销', 'catalogCompBO_3302');
  context.catalogue.withdraw('1317', id, 'institution');
  return done({});
}

function wrongRow(row: Fields, institution: string, context: AgencyContext): string | undefined {
  const own = need(row, 'fixmedins_hilist_id');
  const code = need(row, 'med_list_codg');
  if (need(row, 'enddate') < need(row, 'begndate')) return `${own}的结束日期早于开始日期`;
  const items = context.catalogue.ofCode(code, itemTables);
  if (items.length === 0) return `医疗目录编码${code}不存在或已失效`;
  const type = need(row, 'list_type');
  const isRight = items.some(({ table }) =>
    itemTables.some((each) => each === table && listTypeOf(each) === type),
  );
  if (!isRight) return `目录类别${type}与医疗目录编码${code}不符`;
  const held = context.catalogue.row('1317', mappingId(institution, row));
  if (held?.valid === true && held.nationalCode !== code)
    return `${own}已对照其他医疗目录编码，请先撤销原对照`;
  return undefined;
}

function keepMapping(row: Fields, institution: string, context: AgencyContext): void {
  const id = mappingId(institution, row);
  const optional = ['aprvno', 'dosform', 'exct_cont', 'item_cont', 'prcunt', 'spec', 'pacspec', 'memo'];
  context.catalogue.putMapping({
    recordId: id,
    nationalCode: need(row, 'med_list_codg'),
    institution,
    content: {
      by: 'pages',
      fields: {
        medins_list_codg: need(row, 'fixmedins_hilist_id'),
        medins_list_name: need(row, 'fixmedins_hilist_name'),
        insu_admdvs: context.region,
        list_type: need(row, 'list_type'),
        med_list_codg: need(row, 'med_list_codg'),
        begndate: need(row, 'begndate'),
        enddate: need(row, 'enddate'),
        ...Object.fromEntries(optional.map((name) => [name, row[name] ?? null])),
      },
    },
  });
}

/** One own item has one mapping of a kind; its record number is made from both and the institution. */
function mappingId(institution: string, row: Fields): string {
  const key = [institution, need(row, 'list_type'), need(row, 'fixmedins_hilist_id')].join('\n');
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
