/**
 * Dosage forms that the national list merges (凡例, item 8) for western medicine: a form of the right column is
 * the form of the left one. The list is a public government document; wording of the forms as published.
 */
const groups: readonly (readonly [string, string])[] = [
  [
    '口服常释剂型',
    '片 素片 肠溶片 包衣片 薄膜衣片 糖衣片 浸膏片 分散片 划痕片 硬胶囊 胶囊 软胶囊 胶丸 肠溶胶囊 片剂 胶囊剂',
  ],
  ['缓释控释剂型', '缓释片 缓释包衣片 控释片 缓释胶囊 控释胶囊'],
  [
    '口服液体剂',
    '口服溶液剂 口服溶液 口服混悬剂 口服混悬液 干混悬剂 口服乳剂 口服乳 胶浆剂 口服液 乳液 乳剂 胶体溶液 合剂 酊剂 滴剂 混悬滴剂 糖浆剂 糖浆 干糖浆剂',
  ],
  ['丸剂', '丸剂 丸 滴丸'],
  ['颗粒剂', '颗粒剂 颗粒 肠溶颗粒剂 肠溶颗粒'],
  ['口服散剂', '散剂 散 药粉 粉剂'],
  ['外用散剂', '撒布剂 撒粉 外用散剂'],
  ['软膏剂', '软膏剂 软膏 乳膏剂 乳膏 霜剂 霜 糊剂 油膏剂 眼膏 眼膏剂'],
  ['贴剂', '贴剂 贴 贴膏剂 贴膏 膜剂 透皮贴剂'],
  ['外用液体剂', '外用溶液剂 外用溶液 洗剂 漱口剂 含漱液 搽剂 油剂'],
  ['硬膏剂', '硬膏剂 亲水硬膏剂'],
  ['凝胶剂', '乳胶剂 凝胶剂 凝胶'],
  ['涂剂', '涂剂 涂膜剂 涂布剂'],
  ['栓剂', '栓剂 栓 直肠栓 阴道栓'],
  ['滴眼剂', '滴眼剂 滴眼液'],
  ['滴耳剂', '滴耳剂 滴耳液'],
  ['滴鼻剂', '滴鼻剂 滴鼻液'],
  [
    '吸入剂',
    '气雾剂 粉雾剂 吸入剂 吸入粉雾剂 干粉吸入剂 粉吸入剂 雾化溶液剂 吸入气雾剂 吸入溶液 吸入用溶液 吸入混悬液 吸入用混悬液 喷雾剂 鼻喷雾剂 鼻用喷雾剂 鼻吸入气雾剂 雾化吸入用混悬液 雾化液',
  ],
  [
    '注射剂',
    '注射剂 注射液 注射用溶液剂 静脉滴注用注射液 注射用混悬液 注射用无菌粉末 静脉注射针剂 注射用乳剂 乳状注射液 粉针剂 针剂 无菌粉针 冻干粉针 冻干粉针剂 注射用浓溶液',
  ],
];

/** Chinese patent medicine (凡例, item 9): pills but not dropping pills, hard capsules but not soft ones. */
const patentGroups: readonly (readonly [string, string])[] = [
  ['丸剂', '丸 丸剂 水丸 蜜丸 水蜜丸 糊丸 浓缩丸 微丸 大蜜丸 小蜜丸'],
  ['胶囊剂', '胶囊 胶囊剂 硬胶囊'],
  ['片剂', '片 片剂'],
  ['颗粒剂', '颗粒 颗粒剂'],
  ['糖浆剂', '糖浆 糖浆剂'],
];

const byForm = indexOf(groups);
const byPatentForm = indexOf(patentGroups);

export type MedicineKind = 'western' | 'patent';

/** The form under which the national list merges a concrete one; a form that it does not merge stays as it is. */
export function formGroup(form: string, kind: MedicineKind): string {
  const plain = form.normalize('NFKC').replace(/[\s()（）]/g, '');
  const merged = (kind === 'patent' ? byPatentForm : byForm).get(plain);
  return merged ?? plain;
}

/** Every concrete form that a name may end with, longest first. */
export const formWords: readonly string[] = [...byForm.keys(), ...byPatentForm.keys()]
  .concat(
    '咀嚼片',
    '泡腾片',
    '口腔崩解片',
    '口崩片',
    '含片',
    '舌下片',
    '肠溶微丸胶囊',
    '煎膏',
    '膏滋',
    '膏',
    '茶',
    '露',
    '酒',
    '酊',
    '锭',
    '丹',
    '胶',
    '溶液',
    '混悬液',
    '灌肠剂',
    '灌肠液',
    '植入剂',
    '冲洗剂',
  )
  .filter((form, index, all) => all.indexOf(form) === index)
  .sort((a, b) => b.length - a.length);

function indexOf(table: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(
    table.flatMap(([group, forms]) => [
      [group, group] as const,
      ...forms.split(' ').map((form) => [form, group] as const),
    ]),
  );
}
