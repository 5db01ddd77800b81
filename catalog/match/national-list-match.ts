import type { NationalEntry } from '../national-list.ts';
import { formGroup, type MedicineKind } from './form-groups.ts';
import { nameParts, plainName } from './names.ts';

/** What the national list says of a product: the entry, and by which of its rules it fits. */
export interface ListMatch {
  readonly entry: NationalEntry;
  /** `name`: as written; `salt`: main component and form (凡例, item 7); `class`: a ◇ entry for a class (item 10). */
  readonly rule: 'name' | 'salt' | 'class';
}

/**
 * Medicines that a ◇ entry stands for (凡例, item 10): the entry's name, and the generic names that it covers as
 * far as the list prints them.
 */
const classEntries: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '缓解消化道不适症状的复方OTC制剂',
    [
      '复方颠茄氢氧化铝片',
      '复方嗜酸乳杆菌片',
      '复方消化酶胶囊',
      '复方胰酶散',
      '复合乳酸菌肠溶胶囊',
      '铝镁颠茄片',
    ],
  ],
  [
    '缓解感冒症状的复方OTC制剂',
    (
      '氨酚伪麻胶囊 氨酚伪麻美芬胶囊 氨酚伪麻美芬片(Ⅱ) 氨酚伪麻美芬片(Ⅲ) 氨酚伪麻那敏胶囊 氨酚伪麻那敏溶液 氨咖麻敏胶囊 ' +
      '氨咖愈敏溶液 氨麻美敏片 氨麻美敏片(Ⅱ) 氨麻美敏片(Ⅲ) 贝敏伪麻片 布洛伪麻分散片 布洛伪麻颗粒剂 布洛伪麻片 ' +
      '酚咖麻敏胶囊 酚咖片 酚麻美敏胶囊 酚麻美敏片 复方氨酚美沙糖浆 复方氨酚那敏颗粒 复方氨酚葡锌片 复方酚咖伪麻胶囊 ' +
      '复方氢溴酸右美沙芬糖浆 复方锌布颗粒剂 复方盐酸伪麻黄碱缓释胶囊 复方愈创木酚磺酸钾口服溶液 复方愈酚喷托那敏糖浆 ' +
      '咖酚伪麻片 美酚伪麻片 美敏伪麻口服液 美愈伪麻胶囊 美愈伪麻口服溶液 喷托维林氯化铵片 喷托维林氯化铵糖浆 ' +
      '扑尔伪麻片 伪麻那敏胶囊 右美沙芬愈创甘油醚糖浆 愈创维林那敏片 愈酚喷托异丙嗪颗粒 愈酚维林片 愈酚伪麻片 愈美胶囊 愈美颗粒剂 愈美片'
    ).split(' '),
  ],
]);

/**
 * Looks a product's generic name and form up in the list. A ★ row (凡例, item 6) is the same medicine in another
 * form, often of another class, so it counts like its main row.
 */
export function createNationalListMatcher(
  entries: readonly NationalEntry[],
): (genericName: string, form: string) => ListMatch | undefined {
  const byName = new Map<string, NationalEntry[]>();
  const byStem = new Map<string, NationalEntry[]>();
  for (const entry of entries) {
    push(byName, plainName(entry.name), entry);
    push(byStem, nameParts(entry.name).stem, entry);
  }
  return (genericName, form) => {
    const plain = plainName(genericName);
    const exact = byName
      .get(plain)
      ?.find((entry) => entry.form === undefined || formFits(entry, genericName, form));
    if (exact !== undefined) return { entry: exact, rule: 'name' };
    const { stem } = nameParts(genericName);
    const fits = byStem.get(stem)?.find((entry) => isWestern(entry) && formFits(entry, genericName, form));
    if (fits !== undefined) return { entry: fits, rule: 'salt' };
    for (const [className, names] of classEntries) {
      const entry = byName.get(plainName(className))?.[0];
      if (entry !== undefined && names.some((name) => plainName(name) === plain))
        return { entry, rule: 'class' };
    }
    return undefined;
  };
}

function isWestern(entry: NationalEntry): boolean {
  return entry.part.startsWith('西药');
}

/** The form may stand in its own column or at the end of the name, on either side. */
function formFits(entry: NationalEntry, genericName: string, form: string): boolean {
  const kind: MedicineKind = isWestern(entry) ? 'western' : 'patent';
  const theirs = entry.form ?? nameParts(entry.name).form;
  if (theirs === undefined) return true;
  // What looks like a form at the end of a name may be the name itself (开塞露): the column counts as well.
  const ours = [nameParts(genericName).form ?? form, form].map((each) => formGroup(each, kind));
  return theirs.split(/[、，,;；]/).some((each) => ours.includes(formGroup(each, kind)));
}

function push(map: Map<string, NationalEntry[]>, key: string, entry: NationalEntry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}
