import type { ListedItem } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';
import { itemParts, itemRow, put } from './item-row.ts';

/** Interface, section 3.3: order of the columns of 1302 中药饮片目录. */
const columns = [
  '医疗目录编码',
  '单味药名称',
  '单复方标志',
  '质量等级',
  '中草药年份',
  '药用部位',
  '安全计量',
  '常规用法',
  '性味',
  '归经',
  '品种',
  '开始日期',
  '结束日期',
  '有效标志',
  '唯一记录号',
  '数据创建时间',
  '数据更新时间',
  '版本号',
  '版本名称',
  '药材名称',
  '功能主治',
  '炮制方法',
  '功效分类',
  '药材种来源',
  '国家医保支付政策',
  '省级医保支付政策',
  '标准名称',
  '标准页码',
  // Newer editions end with these as well.
  '电子档案',
  '下发标志',
  '传输数据ID',
  '生效时间',
  '失效时间',
] as const;

const at = positionsIn(columns);

const place = itemParts(at, {
  from: ['开始日期', '生效时间'],
  to: ['结束日期', '失效时间'],
  name: ['单味药名称', '标准名称', '药材名称'],
});

const standardName = at('标准名称');
const material = at('药材名称');
const grade = at('质量等级');
const part = at('药用部位');
const restriction = [at('国家医保支付政策'), at('省级医保支付政策')] as const;

/** 1302 中药饮片: 28 columns, newer editions 33. The price is per gram, so there is no pack. */
export const herbalPieces: FileTable = {
  table: '1302',
  columns,
  widths: [28, 33],
  decode(cells): ListedItem {
    const row = itemRow('1302', place, cells);
    put(row, 'registeredName', cells.text(standardName));
    put(row, 'aliases', cells.text(material));
    put(row, 'form', cells.text(part));
    put(row, 'specification', cells.text(grade));
    put(row, 'restriction', cells.first(...restriction));
    return row;
  },
};
