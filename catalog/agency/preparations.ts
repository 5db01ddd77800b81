import type { ListedItem } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';
import { itemParts, itemRow, joined, prescriptionOnlyOf, put } from './item-row.ts';

/**
 * Interface, section 3.3: order of the columns of 1303 医疗机构制剂目录. Newer editions have seven columns more
 * behind these, whose names are not public.
 */
const columns = [
  '医疗目录编码',
  '药品商品名',
  '别名',
  '英文名称',
  '剂型',
  '剂型名称',
  '注册剂型',
  '成分',
  '功能主治',
  '性状',
  '药品规格',
  '药品规格代码',
  '注册规格',
  '注册规格代码',
  '给药途径',
  '贮藏',
  '使用频次',
  '每次用量',
  '药品类别',
  '药品类别名称',
  '非处方药标志',
  '非处方药标志名称',
  '包装材质',
  '包装材质名称',
  '包装规格',
  '说明书',
  '包装数量',
  '最小使用单位',
  '最小销售单位',
  '最小计量单位',
  '最小包装数量',
  '最小包装单位',
  '最小制剂单位',
  '最小制剂单位名称',
  '药品有效期',
  '最小计价单位',
  '不良反应',
  '注意事项',
  '禁忌',
  '生产企业编号',
  '生产企业名称',
  '生产企业地址',
  '特殊限价药品标志',
  '批准文号',
  '批准文号开始日期',
  '批准文号结束日期',
  '药品注册证号',
  '药品注册证号开始日期',
  '药品注册证号结束日期',
  '转换比',
  '限制使用范围',
  '最小包装单位名称',
  '注册名称',
  '分包装厂家',
  '市场状态',
  '药品注册批件电子档案',
  '药品补充申请批件电子档案',
  '国家医保药品目录编号',
  '国家医保药品目录备注',
  '增值税调整药品标志',
  '增值税调整药品名称',
  '上市药品目录集药品',
  '卫健委药品编码',
  '备注',
  '有效标志',
  '开始时间',
  '结束时间',
  '唯一记录号',
  '数据创建时间',
  '数据更新时间',
  '版本号',
  '版本名称',
  '自制剂许可证号',
  '儿童用药',
  '老年患者用药',
  '医疗机构联系人姓名',
  '医疗机构联系人电话',
  '自制剂许可证电子档案',
] as const;

const at = positionsIn(columns);

const place = itemParts(at, {
  from: ['开始时间'],
  to: ['结束时间'],
  name: ['注册名称', '药品商品名'],
});

const tradeName = at('药品商品名');
const aliases = at('别名');
const form = [at('剂型名称'), at('注册剂型'), at('剂型')] as const;
const specification = [at('药品规格'), at('注册规格')] as const;
const packing = at('包装规格');
const material = [at('包装材质名称'), at('包装材质')] as const;
const unitsPerPack = [at('转换比'), at('最小包装数量')] as const;
const packUnit = [at('最小包装单位名称'), at('最小包装单位')] as const;
const smallestUnit = [at('最小制剂单位名称'), at('最小制剂单位')] as const;
const maker = at('生产企业名称');
const approval = [at('批准文号'), at('药品注册证号'), at('自制剂许可证号')] as const;
const prescription = [at('非处方药标志'), at('非处方药标志名称')] as const;
const restriction = at('限制使用范围');
const remark = [at('国家医保药品目录备注'), at('备注')] as const;

/** 1303 医疗机构制剂: 78 columns, newer editions 85. */
export const preparations: FileTable = {
  table: '1303',
  columns,
  widths: [78, 85],
  decode(cells): ListedItem {
    const row = itemRow('1303', place, cells);
    put(row, 'tradeName', cells.text(tradeName));
    put(row, 'aliases', cells.text(aliases));
    put(row, 'form', cells.first(...form));
    put(row, 'specification', cells.first(...specification));
    put(row, 'packing', joined(cells.text(packing), cells.first(...material)));
    put(row, 'unitsPerPack', cells.first(...unitsPerPack));
    put(row, 'packUnit', cells.first(...packUnit));
    put(row, 'smallestUnit', cells.first(...smallestUnit));
    put(row, 'maker', cells.text(maker));
    put(row, 'approvalNumber', cells.first(...approval));
    put(row, 'prescriptionOnly', prescriptionOnlyOf(cells, ...prescription));
    put(row, 'restriction', cells.text(restriction));
    put(row, 'remark', cells.first(...remark));
    return row;
  },
};
