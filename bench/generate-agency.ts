import { drugs } from '#catalog/agency/drugs';
import type { NationalEntry } from '#catalog/national-list';
import { normalise } from '#catalog/search/normalise';
import { readingsOf } from '#catalog/search/pinyin';
import { type Draw, seededDraw } from './generate-products.ts';

/** Columns of the edition that is generated. */
const COLUMNS = drugs.columns.slice(0, 92);
/** Every row says so in its remark: nothing of it is a real product. */
export const SYNTHETIC = '合成数据 synthetic=1';
export const AGENCY_VERSION = 'F001_20250801000000_A';

/** Forms into which a group of the list divides, with the code of the national dosage segment. */
const formsOf: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  口服常释剂型: [
    ['片', 'A001'],
    ['胶囊', 'E001'],
    ['分散片', 'A006'],
  ],
  缓释控释剂型: [
    ['缓释片', 'A010'],
    ['缓释胶囊', 'E010'],
  ],
  注射剂: [
    ['注射液', 'B002'],
    ['注射用粉针', 'B014'],
  ],
  颗粒剂: [['颗粒', 'G001']],
  口服液体剂: [
    ['口服溶液', 'N001'],
    ['糖浆', 'N006'],
  ],
  滴眼剂: [['滴眼液', 'H001']],
  软膏剂: [
    ['软膏', 'P001'],
    ['乳膏', 'P003'],
  ],
};
const otherForms: readonly (readonly [string, string])[] = [
  ['片', 'A001'],
  ['胶囊', 'E001'],
  ['颗粒', 'G001'],
];

/** One name in one form: what a national code's first thirteen characters stand for. */
interface Generic {
  readonly name: string;
  readonly form: string;
  readonly prefix: string;
  readonly patent: boolean;
  readonly entry: NationalEntry;
  /** Makers, before the size of the table is reached. */
  readonly makers: number;
}

/**
 * `count` invented rows of 1301 (92 columns) over the shipped national list, by the shares that were measured
 * on real codes: makers of a name log-normal (median 2, a tenth above 11, at most 222), specifications 67, 21,
 * 7, 3 %, packs 52, 22, 9, 5 %. The same seed gives the same rows.
 */
export function* drugRows(
  count: number,
  list: readonly NationalEntry[],
  seed: number,
): Generator<readonly string[]> {
  const draw = seededDraw(seed);
  const generics = genericsOf(list, draw);
  const scale = count / (generics.reduce((sum, { makers }) => sum + makers, 0) * ROWS_OF_MAKER);
  let number = 0;
  // Rounding leaves a few rows over: they come from the first names once more, by other makers.
  for (let pass = 0; number < count; pass += 1) {
    for (const generic of generics) {
      const makers = Math.min(MAKERS, Math.max(1, Math.round(generic.makers * scale)));
      const first = draw(MAKERS);
      for (let index = 0; index < makers && number < count; index += 1) {
        const maker = 1 + ((first + index * STRIDE) % MAKERS);
        for (const row of rowsOfMaker(generic, maker, draw, pass, number)) {
          if (number === count) return;
          number += 1;
          yield row;
        }
      }
    }
  }
}

/** Mean of what `rowsOfMaker` gives. */
const ROWS_OF_MAKER = 3.3;
/** Enterprise codes that were seen; a stride without a divisor in common visits each of them once. */
const MAKERS = 1828;
const STRIDE = 613;

function* rowsOfMaker(
  generic: Generic,
  maker: number,
  draw: Draw,
  pass: number,
  from: number,
): Generator<readonly string[]> {
  const specifications = weighted(draw, [67, 21, 7, 5]) + 1;
  let number = from;
  for (let specification = 1; specification <= specifications; specification += 1) {
    const packs = weighted(draw, [52, 22, 9, 5, 12]) + 1;
    const strength = (draw(20) + 1) * 25;
    const approval = `国药准字${generic.patent ? 'Z' : 'H'}${String(19_000_000 + draw(20_000_000)).padStart(8, '0')}`;
    for (let pack = 1; pack <= packs; pack += 1) {
      number += 1;
      yield drugRow({ generic, maker, specification, strength, pack: pack + 10 * pass, approval, number });
    }
  }
}

interface Product {
  readonly generic: Generic;
  readonly maker: number;
  readonly specification: number;
  readonly strength: number;
  readonly pack: number;
  readonly approval: string;
  /** Of the row, from 1. */
  readonly number: number;
}

function drugRow(product: Product): readonly string[] {
  const { generic, maker, specification, strength, pack, approval, number } = product;
  const { name, form, entry, patent } = generic;
  const enterprise = String(maker).padStart(5, '0');
  const full = name.endsWith(form) ? name : name + form;
  const makerName = `示例制药${maker}厂有限公司`;
  const units = String(pack * 6);
  const code = generic.prefix + two(specification) + two(pack) + enterprise;
  const cells: Record<string, string> = {
    医疗目录编码: code,
    药品商品名: number % 10 === 0 ? `示康${name.slice(0, 2)}` : '无',
    通用名编号: generic.prefix.slice(6, 10),
    药品通用名: full,
    化学名称: 'null',
    注册名称: full,
    药监本位码: standardCode(enterprise, number),
    药品剂型: generic.prefix.slice(-4),
    药品剂型名称: form,
    药品类别: patent ? '102' : '101',
    药品类别名称: patent ? '中成药' : '西药',
    药品规格: `${strength}mg`,
    注册剂型: form,
    注册规格: `每${form.slice(-1)}含${name.slice(0, 4)}${strength}mg`,
    每次用量: 'null',
    使用频次: 'null',
    中成药标志: patent ? '1' : '0',
    生产地类别: '1',
    生产地类别名称: '国产',
    非处方药标志: String(number % 2),
    非处方药标志名称: number % 2 === 0 ? '处方药' : '甲类非处方药',
    包装材质: '01',
    包装材质名称: pack % 2 === 0 ? '铝塑泡罩包装' : '口服固体药用高密度聚乙烯瓶',
    包装规格: `${strength}mg×${units}`,
    包装数量: '1',
    功能主治: `${entry.classPath}；示例用途，不作用药依据`,
    开始日期: '2020-01-01 00:00:00',
    结束日期: number % 50 === 0 ? '2024-12-31 00:00:00' : '2099-12-31 00:00:00',
    最小包装数量: units,
    最小包装单位: '盒',
    最小制剂单位: form.slice(-1),
    最小包装单位名称: '盒',
    最小制剂单位名称: form.slice(-1),
    转换比: units,
    拼音助记码: initialsOf(full),
    生产企业编号: enterprise,
    生产企业名称: makerName,
    限制使用范围: entry.remark ?? 'null',
    限制使用标志: entry.remark === undefined ? '0' : '1',
    批准文号: approval,
    市场状态: '1',
    市场状态名称: '正常',
    国家医保药品目录备注: entry.remark ?? 'null',
    备注: SYNTHETIC,
    有效标志: number % 200 === 0 ? '0' : '1',
    唯一记录号: `1301${String(number).padStart(16, '0')}`,
    数据创建时间: '2024-12-01 08:00:00',
    数据更新时间: '2025-08-01 08:00:00',
    版本号: AGENCY_VERSION,
    版本名称: '2025年8月版',
    公司名称: makerName,
    国家医保药品目录剂型: entry.form ?? form,
    国家医保药品目录甲乙类标识: entry.insuranceClass === 'A' ? '01' : '02',
  };
  return COLUMNS.map((column) => cells[column] ?? '');
}

function genericsOf(list: readonly NationalEntry[], draw: Draw): readonly Generic[] {
  const sequence = new Map<string, number>();
  return list
    .filter((entry) => entry.insuranceClass !== undefined && !entry.repeated)
    .flatMap((entry) => {
      const name = entry.name.split(/[ (（]/, 1)[0] ?? '示例药';
      const patent = entry.classCode.startsWith('Z');
      // A name takes as many characters as its kind of code has: four and a form, or five.
      const group = entry.classCode.slice(0, 6).padEnd(6, 'A') + (initialsOf(name)[0] ?? 'A').toUpperCase();
      const forms = (formsOf[entry.form ?? ''] ?? otherForms).slice(0, 1 + draw(3));
      const next = () => {
        const number = (sequence.get(group) ?? 0) + 1;
        sequence.set(group, number);
        return number;
      };
      const western = next();
      return forms.map(([form, dosage]) => ({
        name,
        form,
        patent,
        entry,
        // A patent medicine has no segment for its form: each form is a name of its own.
        prefix:
          group + (patent ? String(next()).padStart(4, '0') : String(western).padStart(3, '0') + dosage),
        makers: logNormal(draw, 2, 1.33, 222),
      }));
    });
}

const initials = new Map<string, string>();

function initialsOf(name: string): string {
  const known = initials.get(name);
  if (known !== undefined) return known;
  const made = (readingsOf(normalise(name))[0] ?? [])
    .map((syllable) => syllable.slice(0, 1))
    .join('')
    .toUpperCase();
  initials.set(name, made);
  return made;
}

/** Fourteen digits: `869`, maker, product, check digit as of a GTIN. */
function standardCode(enterprise: string, number: number): string {
  const body = `869${enterprise}${String(number % 100_000).padStart(5, '0')}`;
  let sum = 0;
  for (const [at, digit] of [...body].entries()) sum += Number(digit) * (at % 2 === 0 ? 3 : 1);
  return body + String((10 - (sum % 10)) % 10);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Index of the share that is drawn; shares in per cent. */
function weighted(draw: Draw, shares: readonly number[]): number {
  let left = draw(100);
  for (const [index, share] of shares.entries()) {
    if (left < share) return index;
    left -= share;
  }
  return shares.length - 1;
}

/** Whole numbers from 1, log-normal by the polar form of two draws. */
function logNormal(draw: Draw, median: number, sigma: number, most: number): number {
  const steps = 1_000_000;
  const radius = Math.sqrt(-2 * Math.log((draw(steps) + 1) / (steps + 1)));
  const normal = radius * Math.cos((2 * Math.PI * draw(steps)) / steps);
  return Math.min(most, Math.max(1, Math.round(median * Math.exp(sigma * normal))));
}
