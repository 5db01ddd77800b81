/** Kinds of visit (就诊类别) of requirement E4 and the stay. */
export const visitKinds = ['pharmacy', 'outpatient', 'emergency', 'chronic', 'inpatient'] as const;
export type VisitKind = (typeof visitKinds)[number];

/**
 * Levels of an institution (机构等级), lowest first: village clinic 村卫生室, township health centre 乡镇卫生院,
 * community 社区卫生服务机构, first 一级, second 二级, third 三级.
 */
export const institutionLevels = ['village', 'township', 'community', 'first', 'second', 'third'] as const;
export type InstitutionLevel = (typeof institutionLevels)[number];

export const institutionKinds = ['hospital', 'clinic', 'pharmacy'] as const;
export type InstitutionKind = (typeof institutionKinds)[number];

/** What a line is about (费用类别), as limits tell them apart. */
export const itemCategories = [
  'drug',
  'herbal',
  'test',
  'operation',
  'infusion',
  'treatment',
  'nursing',
  'service',
  'material',
] as const;
export type ItemCategory = (typeof itemCategories)[number];

/**
 * Layers of one settlement (一站式) in the order of requirement C8: basic 基本医保, serious illness 大病保险,
 * medical assistance 医疗救助, local catch-all 兜底, supplement 补充.
 */
export const layers = ['basic', 'seriousIllness', 'assistance', 'catchAll', 'supplement'] as const;
export type Layer = (typeof layers)[number];
