import type { ListedDisease } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';

/** Interface, section 3.3: order of the columns of 1309 门诊慢特病种目录. */
const columns = [
  '门慢门特病种目录代码',
  '门慢门特病种大类名称',
  '门慢门特病种细分类名称',
  '医保区划',
  '备注',
  '有效标志',
  '唯一记录号',
  '数据创建时间',
  '数据更新时间',
  '版本号',
  '病种内涵',
  '版本名称',
  '诊疗指南页码',
  '诊疗指南电子档案',
  '门慢门特病种名称',
  '门慢门特病种大类代码',
] as const;

const at = positionsIn(columns);
const record = at('唯一记录号');
const valid = at('有效标志');
const version = at('版本号');
const code = at('门慢门特病种目录代码');
const name = [at('门慢门特病种名称'), at('门慢门特病种细分类名称'), at('门慢门特病种大类名称')] as const;
const region = at('医保区划');

/** 1309 门诊慢特病种: 16 columns; its rows have no days of effect. */
export const chronicDiseases: FileTable = {
  table: '1309',
  columns,
  widths: [16],
  decode(cells): ListedDisease {
    const where = cells.text(region);
    return {
      table: '1309',
      recordId: cells.code(record),
      valid: cells.valid(valid),
      version: cells.code(version),
      code: cells.code(code),
      name: cells.name(...name),
      ...(where === undefined ? {} : { region: where }),
    };
  },
};
