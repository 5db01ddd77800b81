import type { ListedItem } from '#core/domain/agency-catalog';
import { positionsIn } from './cells.ts';
import type { FileTable } from './file-table.ts';
import { itemParts, itemRow, joined, put } from './item-row.ts';

/** Interface, section 3.3: order of the columns of 1306 医用耗材目录. */
const columns = [
  '医疗目录编码',
  '耗材名称',
  '医疗器械唯一标识码',
  '医保通用名代码',
  '医保通用名',
  '产品型号',
  '规格代码',
  '规格',
  '耗材分类',
  '规格型号',
  '材质代码',
  '耗材材质',
  '包装规格',
  '包装数量',
  '产品包装材质',
  '包装单位',
  '产品转换比',
  '最小使用单位',
  '生产地类别',
  '生产地类别名称',
  '产品标准',
  '产品有效期',
  '性能结构与组成',
  '适用范围',
  '产品使用方法',
  '产品图片编号',
  '产品质量标准',
  '说明书',
  '其他证明材料',
  '专机专用标志',
  '专机名称',
  '组套名称',
  '机套标志',
  '限制使用标志',
  '医保限用范围',
  '最小销售单位',
  '高值耗材标志',
  '医用材料分类代码',
  '植入材料和人体器官标志',
  '灭菌标志',
  '灭菌标志名称',
  '植入或介入类标志',
  '植入或介入类名称',
  '一次性使用标志',
  '一次性使用标志名称',
  '注册备案人名称',
  '开始日期',
  '结束日期',
  '医疗器械管理类别',
  '医疗器械管理类别名称',
  '注册备案号',
  '注册备案产品名称',
  '结构及组成',
  '其他内容',
  '批准日期',
  '注册备案人住所',
  '注册证有效期开始时间',
  '注册证有效期结束时间',
  '生产企业编号',
  '生产企业名称',
  '生产地址',
  '代理人企业',
  '代理人企业地址',
  '生产国或地区',
  '售后服务机构',
  '注册或备案证电子档案',
  '产品影像',
  '有效标志',
  '唯一记录号',
  '版本号',
  '版本名称',
] as const;

const at = positionsIn(columns);

const place = itemParts(at, {
  from: ['开始日期'],
  to: ['结束日期'],
  name: ['耗材名称', '医保通用名', '注册备案产品名称'],
});

const genericName = at('医保通用名');
const registeredName = at('注册备案产品名称');
const form = at('耗材材质');
const specification = [at('规格'), at('规格型号'), at('产品型号')] as const;
const packing = at('包装规格');
const packMaterial = at('产品包装材质');
const unitsPerPack = [at('产品转换比'), at('包装数量')] as const;
const packUnit = [at('包装单位'), at('最小销售单位')] as const;
const smallestUnit = at('最小使用单位');
const maker = [at('生产企业名称'), at('注册备案人名称')] as const;
const approval = at('注册备案号');
const restriction = at('医保限用范围');

/** 1306 医用耗材: 71 columns. */
export const materials: FileTable = {
  table: '1306',
  columns,
  widths: [71],
  decode(cells): ListedItem {
    const row = itemRow('1306', place, cells);
    put(row, 'registeredName', cells.text(registeredName));
    put(row, 'aliases', cells.text(genericName));
    put(row, 'form', cells.text(form));
    put(row, 'specification', cells.first(...specification));
    put(row, 'packing', joined(cells.text(packing), cells.text(packMaterial)));
    put(row, 'unitsPerPack', cells.first(...unitsPerPack));
    put(row, 'packUnit', cells.first(...packUnit));
    put(row, 'smallestUnit', cells.text(smallestUnit));
    put(row, 'maker', cells.first(...maker));
    put(row, 'approvalNumber', cells.text(approval));
    put(row, 'restriction', cells.text(restriction));
    return row;
  },
};
