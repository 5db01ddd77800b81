import { assert } from '#core/assert';

/** One row of the national reimbursement list (药品目录); words as published. */
export interface NationalEntry {
  readonly id: number;
  /** Part of the list, for example 西药部分, 中成药部分, 基金予以支付的中药饮片. */
  readonly part: string;
  readonly classCode: string;
  readonly classPath: string;
  /** A 甲类, B 乙类; absent for herbal pieces, which the list does not divide. */
  readonly insuranceClass?: 'A' | 'B';
  /** Number of the drug in its part; a ★ row repeats the number of its main entry. */
  readonly number: string;
  readonly repeated: boolean;
  readonly name: string;
  /** Form (剂型) where the list keeps it apart from the name (凡例, item 7). */
  readonly form?: string;
  /** Limits of payment (限…). */
  readonly remark?: string;
  /** Payment standard (支付标准) as published; for some the maker asked for secrecy. */
  readonly paymentStandard?: string;
  readonly agreementPeriod?: string;
}

/** Reads the shipped table: `#` comments, a header, tab-separated cells without quoting. */
export function readNationalList(text: string): readonly NationalEntry[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.slice(1).map((line) => {
    const cells = line.split('\t');
    assert(cells.length === 12, 'a row of the national list has twelve cells');
    const [id = '', part = '', classCode = '', classPath = '', kind = '', number = '', star = ''] = cells;
    const [name = '', form = '', remark = '', paymentStandard = '', agreementPeriod = ''] = cells.slice(7);
    return {
      id: Number(id),
      part,
      classCode,
      classPath,
      ...(kind === '' ? {} : { insuranceClass: kind === '甲' ? 'A' : 'B' }),
      number,
      repeated: star === '1',
      name,
      ...(form === '' ? {} : { form }),
      ...(remark === '' ? {} : { remark }),
      ...(paymentStandard === '' ? {} : { paymentStandard }),
      ...(agreementPeriod === '' ? {} : { agreementPeriod }),
    };
  });
}
