import type { ListedDisease } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';

/** Interface, section 3.3: order of the columns of 1307 疾病与诊断目录. */
const columns = [
  '西医疾病诊断ID',
  '章',
  '章代码范围',
  '章名称',
  '节代码范围',
  '节名称',
  '类目代码',
  '类目名称',
  '亚目代码',
  '亚目名称',
  '诊断代码',
  '诊断名称',
  '使用标记',
  '国标版诊断代码',
  '国标版诊断名称',
  '临床版诊断代码',
  '临床版诊断名称',
  '备注',
  '有效标志',
  '唯一记录号',
  '数据创建时间',
  '数据更新时间',
  '版本号',
  '版本名称',
] as const;

const at = positionsIn(columns);
const record = at('唯一记录号');
const valid = at('有效标志');
const version = at('版本号');
const code = at('诊断代码');
const name = at('诊断名称');

/** 1307 疾病与诊断: 24 columns; its rows have no days of effect. */
export const diagnoses: FileTable = {
  table: '1307',
  columns,
  widths: [24],
  decode(cells): ListedDisease {
    return {
      table: '1307',
      recordId: cells.code(record),
      valid: cells.valid(valid),
      version: cells.code(version),
      code: cells.code(code),
      name: cells.name(name),
    };
  },
};
