import type { InstitutionLevel, ItemCategory } from '#core/policy';

/** Words of the code lists as a patient reads them. */
export const categoryZh: Readonly<Record<ItemCategory, string>> = {
  drug: '药品',
  herbal: '中草药',
  test: '检查检验',
  operation: '手术',
  infusion: '输液',
  treatment: '治疗',
  nursing: '护理',
  service: '诊疗项目',
  material: '医用材料',
};

export const categoryEn: Readonly<Record<ItemCategory, string>> = {
  drug: 'medicine',
  herbal: 'herbal medicine',
  test: 'tests',
  operation: 'operations',
  infusion: 'infusions',
  treatment: 'treatment',
  nursing: 'nursing',
  service: 'services',
  material: 'medical materials',
};

export const levelZh: Readonly<Record<InstitutionLevel, string>> = {
  village: '村卫生室',
  township: '乡镇卫生院',
  community: '社区卫生服务机构',
  first: '一级医疗机构',
  second: '二级医疗机构',
  third: '三级医疗机构',
};

export const levelEn: Readonly<Record<InstitutionLevel, string>> = {
  village: 'village clinic',
  township: 'township health centre',
  community: 'community health institution',
  first: 'first-level institution',
  second: 'second-level institution',
  third: 'third-level institution',
};
