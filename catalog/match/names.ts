import { formWords } from './form-groups.ts';

/**
 * Acids that stand before a base (盐酸…): the list names western medicine without salt (凡例, item 7), so a salt
 * does not make another drug when main component and form agree.
 */
const saltsBefore = [
  '对甲苯磺酸',
  '羟乙磺酸',
  '双羟萘酸',
  '氢溴酸',
  '枸橼酸',
  '酒石酸',
  '马来酸',
  '富马酸',
  '甲磺酸',
  '苯磺酸',
  '琥珀酸',
  '门冬氨酸',
  '苹果酸',
  '盐酸',
  '硫酸',
  '磷酸',
  '醋酸',
  '硝酸',
  '乳酸',
  '草酸',
  '丙酸',
  '戊酸',
  '糠酸',
] as const;
const saltsBehind = ['氨丁三醇', '葡甲胺', '精氨酸', '赖氨酸', '二钠', '钠', '钾', '钙', '镁'] as const;
/** What is left of an inorganic or simple salt is no drug: 氯化钠 and 氯化钾 must stay apart. */
const notDrugs =
  /(氯化|碘化|溴化|氟化|碳酸氢?|硫酸氢?|硫代硫酸|磷酸氢?二?|枸橼酸氢?|葡萄糖酸|乳酸|醋酸|硝酸|亚硝酸|谷氨酸|门冬氨酸|甘油磷酸|硼酸|水杨酸)$/;

/** Half-width, no blanks, one kind of bracket, Roman numerals kept as such (they make another drug, 凡例, item 7). */
export function plainName(name: string): string {
  return name
    .replace(/[Ⅰ-Ⅻ]/g, (numeral) => `[${numeral.codePointAt(0)?.toString(16) ?? ''}]`)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s·・.,，、]/g, '')
    .replace(/[（]/g, '(')
    .replace(/[）]/g, ')');
}

/** A generic name taken apart: 盐酸二甲双胍缓释片 is 二甲双胍, 缓释片. */
export interface NameParts {
  /** Main component without salt; what two names must agree in. */
  readonly stem: string;
  /** As `stem`, the salt still in it. */
  readonly withSalt: string;
  /** Form that the name ends with (注射用… = 粉针剂); absent when it names none. */
  readonly form?: string;
}

export function nameParts(name: string): NameParts {
  let rest = plainName(name);
  let form: string | undefined;
  if (rest.startsWith('注射用')) {
    form = '粉针剂';
    rest = rest.slice('注射用'.length);
  } else {
    const bracket = /\([^()]*\)$/.exec(rest)?.[0] ?? '';
    const bare = rest.slice(0, rest.length - bracket.length);
    // A numeral in the bracket makes another drug; a maker's or patient's note does not.
    const numeral = /\[\w+\]|^\([ivx]+\)$/.test(bracket) ? bracket : '';
    const found = formWords.find((word) => bare.endsWith(word) && bare.length > word.length);
    if (found !== undefined) {
      form = found;
      rest = `${bare.slice(0, -found.length)}${numeral}`;
    }
  }
  return { stem: withoutSalt(rest), withSalt: rest, ...(form === undefined ? {} : { form }) };
}

/** The main component of a name whose form is off. */
function withoutSalt(name: string): string {
  let rest = name;
  const before = saltsBefore.find((salt) => rest.startsWith(salt));
  if (before !== undefined && isDrug(rest.slice(before.length))) rest = rest.slice(before.length);
  const behind = saltsBehind.find((salt) => rest.endsWith(salt));
  if (behind !== undefined) {
    const left = rest.slice(0, -behind.length);
    if (isDrug(left) && !notDrugs.test(left)) rest = left;
  }
  return rest;
}

/** Two characters at least: 硫酸镁 is no 镁. */
function isDrug(name: string): boolean {
  return [...name].length >= 2;
}
