import type { ListedItem } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';
import { itemParts, itemRow, put } from './item-row.ts';

/** Interface, section 3.3: order of the columns of 1305 医疗服务项目目录. */
const columns = [
  '医疗目录编码',
  '计价单位',
  '计价单位名称',
  '诊疗项目说明',
  '诊疗除外内容',
  '诊疗项目内涵',
  '有效标志',
  '备注',
  '服务项目类别',
  '医疗服务项目名称',
  '项目说明',
  '开始日期',
  '结束日期',
  '唯一记录号',
  '版本号',
  '版本名称',
  // Newer editions end with these as well.
  '下发标志',
  '传输数据ID',
  '生效时间',
  '失效时间',
] as const;

const at = positionsIn(columns);

const place = itemParts(at, {
  from: ['开始日期', '生效时间'],
  to: ['结束日期', '失效时间'],
  name: ['医疗服务项目名称'],
});

const unit = [at('计价单位名称'), at('计价单位')] as const;
const restriction = at('诊疗除外内容');
const remark = [at('诊疗项目说明'), at('备注')] as const;

/** 1305 医疗服务项目: 16 columns, newer editions 20. */
export const services: FileTable = {
  table: '1305',
  columns,
  widths: [16, 20],
  decode(cells): ListedItem {
    const row = itemRow('1305', place, cells);
    put(row, 'packUnit', cells.first(...unit));
    put(row, 'restriction', cells.text(restriction));
    put(row, 'remark', cells.first(...remark));
    return row;
  },
};
