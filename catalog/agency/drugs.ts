import type { ListedItem } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';
import {
  insuranceClassOf,
  itemParts,
  itemRow,
  joined,
  otherThan,
  prescriptionOnlyOf,
  put,
} from './item-row.ts';

/** Interface, section 3.3: order of the columns of 1301 西药中成药目录. */
const columns = [
  '医疗目录编码',
  '药品商品名',
  '通用名编号',
  '药品通用名',
  '化学名称',
  '别名',
  '英文名称',
  '注册名称',
  '药监本位码',
  '药品剂型',
  '药品剂型名称',
  '药品类别',
  '药品类别名称',
  '药品规格',
  '药品规格代码',
  '注册剂型',
  '注册规格',
  '注册规格代码',
  '每次用量',
  '使用频次',
  '酸根盐基',
  '国家药品编号',
  '用法',
  '中成药标志',
  '生产地类别',
  '生产地类别名称',
  '计价单位类型',
  '非处方药标志',
  '非处方药标志名称',
  '包装材质',
  '包装材质名称',
  '包装规格',
  '包装数量',
  '功能主治',
  '给药途径',
  '说明书',
  '开始日期',
  '结束日期',
  '最小使用单位',
  '最小销售单位',
  '最小计量单位',
  '最小包装数量',
  '最小包装单位',
  '最小制剂单位',
  '最小包装单位名称',
  '最小制剂单位名称',
  '转换比',
  '药品有效期',
  '最小计价单位',
  '五笔助记码',
  '拼音助记码',
  '分包装厂家',
  '生产企业编号',
  '生产企业名称',
  '特殊限价药品标志',
  '特殊药品标志',
  '限制使用范围',
  '限制使用标志',
  '药品注册证号',
  '药品注册证号开始日期',
  '药品注册证号结束日期',
  '批准文号',
  '批准文号开始日期',
  '批准文号结束日期',
  '市场状态',
  '市场状态名称',
  '药品注册批件电子档案',
  '药品补充申请批件电子档案',
  '国家医保药品目录备注',
  '基本药物标志名称',
  '基本药物标志',
  '增值税调整药品标志',
  '增值税调整药品名称',
  '上市药品目录集药品',
  '医保谈判药品标志',
  '医保谈判药品名称',
  '卫健委药品编码',
  '备注',
  '有效标志',
  '唯一记录号',
  '数据创建时间',
  '数据更新时间',
  '版本号',
  '版本名称',
  '儿童用药',
  '公司名称',
  '仿制药一致性评价药品',
  '经销企业',
  '经销企业联系人',
  '经销企业授权书电子档案',
  '国家医保药品目录剂型',
  '国家医保药品目录甲乙类标识',
  // Newer editions end with these as well.
  '上市许可证持有人',
  '下发标志',
  '传输数据ID',
  '生效时间',
  '失效时间',
] as const;

const at = positionsIn(columns);

const place = itemParts(at, {
  from: ['开始日期', '生效时间'],
  to: ['结束日期', '失效时间'],
  name: ['药品通用名', '注册名称', '药品商品名'],
});

const insuranceClass = at('国家医保药品目录甲乙类标识');
const prescription = [at('非处方药标志'), at('非处方药标志名称')] as const;
const tradeName = at('药品商品名');
const registeredName = at('注册名称');
const aliases = at('别名');
const standardCode = at('药监本位码');
const form = [at('药品剂型名称'), at('注册剂型'), at('药品剂型')] as const;
const listForm = at('国家医保药品目录剂型');
const specification = [at('药品规格'), at('注册规格')] as const;
const packing = at('包装规格');
const material = [at('包装材质名称'), at('包装材质')] as const;
const unitsPerPack = [at('转换比'), at('最小包装数量')] as const;
const packUnit = [at('最小包装单位名称'), at('最小包装单位')] as const;
const smallestUnit = [at('最小制剂单位名称'), at('最小制剂单位')] as const;
const maker = [at('生产企业名称'), at('公司名称')] as const;
const approval = [at('批准文号'), at('药品注册证号')] as const;
const restriction = at('限制使用范围');
const remark = [at('国家医保药品目录备注'), at('备注')] as const;
const pinyin = at('拼音助记码');
const wubi = at('五笔助记码');

/** 1301 西药中成药: 92 columns, newer editions 97. */
export const drugs: FileTable = {
  table: '1301',
  columns,
  widths: [92, 97],
  decode(cells): ListedItem {
    const row = itemRow('1301', place, cells);
    put(row, 'tradeName', cells.text(tradeName));
    put(row, 'registeredName', otherThan(row.name, cells.text(registeredName)));
    put(row, 'aliases', cells.text(aliases));
    put(row, 'standardCode', cells.text(standardCode));
    put(row, 'form', cells.first(...form));
    put(row, 'listForm', cells.text(listForm));
    put(row, 'specification', cells.first(...specification));
    put(row, 'packing', joined(cells.text(packing), cells.first(...material)));
    put(row, 'unitsPerPack', cells.first(...unitsPerPack));
    put(row, 'packUnit', cells.first(...packUnit));
    put(row, 'smallestUnit', cells.first(...smallestUnit));
    put(row, 'maker', cells.first(...maker));
    put(row, 'approvalNumber', cells.first(...approval));
    put(row, 'prescriptionOnly', prescriptionOnlyOf(cells, ...prescription));
    put(row, 'insuranceClass', insuranceClassOf(cells, insuranceClass));
    put(row, 'restriction', cells.text(restriction));
    put(row, 'remark', cells.first(...remark));
    put(row, 'pinyin', cells.text(pinyin));
    put(row, 'wubi', cells.text(wubi));
    return row;
  },
};
