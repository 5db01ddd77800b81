import type { Ratio, UnitPrice } from '../money.ts';
import type { InsuranceClass } from './product.ts';

/**
 * Tables that the agency hands out (目录), by the number of the transaction that gives them: files by version
 * (1301 … 1309, section 3.3 of the interface) and paged queries (1312 … 1319, section 3.4).
 */
export const agencyTables = [
  { id: '1301', name: 'drugs', zh: '西药中成药', by: 'file' },
  { id: '1302', name: 'herbal-pieces', zh: '中药饮片', by: 'file' },
  { id: '1303', name: 'preparations', zh: '医疗机构制剂', by: 'file' },
  { id: '1305', name: 'services', zh: '医疗服务项目', by: 'file' },
  { id: '1306', name: 'materials', zh: '医用耗材', by: 'file' },
  { id: '1307', name: 'diagnoses', zh: '疾病与诊断', by: 'file' },
  { id: '1309', name: 'chronic-diseases', zh: '门诊慢特病种', by: 'file' },
  { id: '1312', name: 'insurance-list', zh: '医保目录', by: 'pages' },
  { id: '1316', name: 'insurance-mappings', zh: '医疗目录与医保目录匹配', by: 'pages' },
  { id: '1317', name: 'institution-mappings', zh: '医药机构目录匹配', by: 'pages' },
  { id: '1318', name: 'ceilings', zh: '医保目录限价', by: 'pages' },
  { id: '1319', name: 'first-self-pay', zh: '医保目录先自付比例', by: 'pages' },
] as const;

export type AgencyTable = (typeof agencyTables)[number]['id'];
/** Tables whose rows are goods or services: they share one form. */
export type ItemTable = '1301' | '1302' | '1303' | '1305' | '1306';

/** Days on which a row is in effect, `yyyy-MM-dd`; `to` is the last one, absent = until further notice. */
export interface Effective {
  readonly from?: string;
  readonly to?: string;
}

/** What every row of the agency carries. */
export interface AgencyRow extends Effective {
  /** Unique record number (唯一记录号, rid): key of a row. */
  readonly recordId: string;
  /** 有效标志: false = withdrawn. */
  readonly valid: boolean;
  /** 版本号 of a file row, or the day of the last change of a paged row; the greatest one is asked from next time. */
  readonly version: string;
}

/** A thing of the national catalogues: drug, herbal piece, preparation, service, material. */
export interface ListedItem extends AgencyRow {
  readonly table: ItemTable;
  readonly nationalCode: string;
  /** Generic name 通用名 (drugs), or the name of the piece, preparation, service, material. */
  readonly name: string;
  readonly tradeName?: string;
  /** 注册名称, 标准名称; absent when it is the name again. */
  readonly registeredName?: string;
  readonly aliases?: string;
  /** 药监本位码, 14 digits. */
  readonly standardCode?: string;
  readonly form?: string;
  /** 国家医保药品目录剂型. */
  readonly listForm?: string;
  readonly specification?: string;
  /** 包装规格, 包装材质. */
  readonly packing?: string;
  /** 转换比: smallest preparation units in a smallest pack. */
  readonly unitsPerPack?: string;
  readonly packUnit?: string;
  readonly smallestUnit?: string;
  readonly maker?: string;
  readonly approvalNumber?: string;
  /** From 非处方药标志; absent when the row does not say. */
  readonly prescriptionOnly?: boolean;
  /** 甲乙类标识 of the row itself; 1312 goes before it. */
  readonly insuranceClass?: InsuranceClass;
  /** 限制使用范围 and the list's remark. */
  readonly restriction?: string;
  readonly remark?: string;
  readonly pinyin?: string;
  readonly wubi?: string;
}

/** 1307, 1309: a code with its name. */
export interface ListedDisease extends AgencyRow {
  readonly table: '1307' | '1309';
  readonly code: string;
  readonly name: string;
  readonly region?: string;
}

/** 1312: a thing as the insurance of a region sees it; `code` is the insurance list code (医保目录编码). */
export interface InsuranceEntry extends AgencyRow {
  readonly table: '1312';
  readonly code: string;
  readonly name: string;
  readonly region: string;
  readonly insuranceClass: InsuranceClass;
  /** 限制使用标志. */
  readonly limited: boolean;
  readonly remark?: string;
}

/** 1316: national code → insurance list code of a region. */
export interface InsuranceMapping extends AgencyRow {
  readonly table: '1316';
  readonly nationalCode: string;
  readonly code: string;
  readonly region: string;
}

/** 1317: the institution's own code → national code, as the agency has it. */
export interface InstitutionMapping extends AgencyRow {
  readonly table: '1317';
  readonly shopCode: string;
  readonly nationalCode: string;
  readonly listType: string;
}

/** 1318: ceiling (限价) of an insurance list code. */
export interface CeilingEntry extends AgencyRow {
  readonly table: '1318';
  readonly code: string;
  readonly region: string;
  readonly limitType: string;
  readonly ceiling: UnitPrice;
}

/** 1319: first self-pay share (先自付比例) of an insurance list code. */
export interface FirstSelfPayEntry extends AgencyRow {
  readonly table: '1319';
  readonly code: string;
  readonly region: string;
  /** 人员类别 as written; its code list is not public. */
  readonly personType: string;
  /** Code selfpay_prop_type: 10 is the first self-pay share. */
  readonly ratioType: string;
  readonly ratio: Ratio;
}

export type AgencyCatalogRow =
  | ListedItem
  | ListedDisease
  | InsuranceEntry
  | InsuranceMapping
  | InstitutionMapping
  | CeilingEntry
  | FirstSelfPayEntry;

/** What insurance says of one national code on one day: what the price of a line needs. */
export interface InsuranceFacts {
  readonly nationalCode: string;
  readonly insuranceClass?: InsuranceClass;
  readonly firstSelfPayRatio?: Ratio;
  readonly ceiling?: UnitPrice;
  readonly restriction?: string;
  readonly remark?: string;
}
