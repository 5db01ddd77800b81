import type { ColumnId } from './columns.ts';
import { gtinHolds, parseClass } from './fields.ts';

/** How cells of a column look; `sure` = nothing else looks so, else the guess is a weak one. */
export interface CellKind {
  readonly column: ColumnId;
  readonly sure: boolean;
  readonly fits: (cell: string) => boolean;
  readonly zh: string;
  readonly en: string;
}

/** Form of the codes: western 23, Chinese patent medicine 20, herbal pieces T, materials C, services 15 digits. */
const NATIONAL_CODE =
  /^(X[A-Z]\d{2}[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{9}|Z[A-Z]\d{2}[A-Z]{2}[A-Z]\d{4}\d{9}|T\d{9}|C\d{19}|00\d{13})$/i;
const APPROVAL =
  /^(国药准字[HZSJBTF][CJ]?\d{8}|国药试字.+|[国沪京粤苏浙鲁渝川]\S{0,3}械(注|备)\S+|国食健字\S+)$/i;
const PACK_UNIT =
  /^(盒|瓶|袋|支|包|板|罐|桶|听|个|只|片|粒|丸|克|g|千克|公斤|kg|付|帖|贴|卷|把|副|套|台|条|张|根|双|筒|管|箱|件|提)$/i;
const FORM = /^(\S{0,8}(片|胶囊|颗粒|丸|散|膏|剂|液|针|栓|贴|酊|糖浆|口服液|饮片|滴丸|喷雾))$/;
const MAKER = /(公司|药业|制药|药厂|集团|厂|株式会社|研究所)$|\b(GmbH|Ltd|Inc|AG|S\.?A)\.?$/i;
const STRENGTH = /\d\s*(mg|g|ml|μg|ug|mcg|iu|单位|万单位|毫克|克|毫升|片|粒|丸|支|袋|贴|cm|mm|%)/i;

/** From the surest look on; the first that fits most cells of a column is proposed. */
export const cellKinds: readonly CellKind[] = [
  kind('nationalCode', true, '内容像国家医保编码', 'cells look like national codes', (cell) =>
    NATIONAL_CODE.test(cell),
  ),
  kind(
    'standardCode',
    true,
    '内容像药品本位码',
    'cells look like standard codes',
    (cell) => /^86\d{12}$/.test(cell) && gtinHolds(cell),
  ),
  kind(
    'barcode',
    true,
    '内容像商品条码',
    'cells look like EAN barcodes',
    (cell) => /^(\d{13}|\d{8})$/.test(cell) && gtinHolds(cell),
  ),
  kind('approvalNumber', true, '内容像批准文号', 'cells look like approval numbers', (cell) =>
    APPROVAL.test(cell),
  ),
  kind('tracePrefix', true, '内容像追溯码', 'cells look like trace codes', (cell) =>
    /^8\d{6}(\d{13})?$/.test(cell),
  ),
  kind(
    'insuranceClass',
    true,
    '内容是甲、乙、丙',
    'cells are 甲, 乙, 丙',
    (cell) => /[甲乙丙]|自费/.test(cell) && parseClass(cell) !== undefined,
  ),
  kind('maker', true, '内容像企业名称', 'cells look like names of makers', (cell) => MAKER.test(cell)),
  kind('prescription', true, '内容是处方药、非处方药', 'cells say prescription or not', (cell) =>
    /^(处方药|非处方药|甲类非处方药|乙类非处方药|rx|otc)$/i.test(cell),
  ),
  kind('packUnit', true, '内容像包装单位', 'cells look like units of packs', (cell) => PACK_UNIT.test(cell)),
  kind('specification', false, '内容像规格', 'cells look like strengths and packs', (cell) =>
    STRENGTH.test(cell),
  ),
  kind(
    'form',
    false,
    '内容像剂型',
    'cells look like dosage forms',
    (cell) => FORM.test(cell) && cell.length <= 6,
  ),
  kind('firstSelfPay', false, '内容像比例', 'cells look like shares', (cell) =>
    /^(0(\.\d{1,4})?|1(\.0+)?|\d{1,3}%)$/.test(cell),
  ),
  kind('price', false, '内容像金额', 'cells look like amounts', (cell) => /^\d{1,6}\.\d{1,6}$/.test(cell)),
];

function kind(column: ColumnId, sure: boolean, zh: string, en: string, fits: CellKind['fits']): CellKind {
  return { column, sure, zh, en, fits };
}
