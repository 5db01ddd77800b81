import type { Product } from '#core/domain/product';

/** Words of a refusal, Chinese then English. */
export interface Refusal {
  readonly zh: string;
  readonly en: string;
}

export function refuse(zh: string, en: string): Refusal {
  return { zh, en };
}

/** `阿莫西林`, trimmed; control characters and overlong text are refused by `textProblem`. */
export function textProblem(text: string, longest: number): Refusal | undefined {
  if ([...text].length > longest) return refuse(`超过 ${longest} 个字`, `longer than ${longest} characters`);
  if (/\p{Cc}/u.test(text)) return refuse('含有控制字符', 'has control characters');
  return undefined;
}

/** Full-width digits and letters become plain ones; codes are compared without regard to case. */
export function plainCode(text: string): string {
  return text.normalize('NFKC').trim();
}

export function codeProblem(code: string, longest: number): Refusal | undefined {
  if (/^\d(\.\d+)?E\+\d+$/i.test(code)) {
    return refuse(
      '被表格软件改成了科学计数，请把该列设为文本后重新导出',
      'was turned into scientific notation by a spreadsheet: store the column as text and export again',
    );
  }
  if (code.length > longest) return refuse(`超过 ${longest} 个字符`, `longer than ${longest} characters`);
  if (!/^[\x21-\x7e]+$/.test(code)) {
    return refuse(
      '只能是字母、数字和半角符号，中间没有空格',
      'must be letters, digits and signs without spaces',
    );
  }
  return undefined;
}

/** True when a code of a GTIN's length (8, 12, 13, 14 digits) has the right check digit, or is no GTIN. */
export function gtinHolds(code: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(code)) return true;
  let sum = 0;
  for (let place = 1; place < code.length; place += 1) {
    const digit = Number(code[code.length - 1 - place]);
    sum += place % 2 === 1 ? 3 * digit : digit;
  }
  return (sum + Number(code.at(-1))) % 10 === 0;
}

const classes = new Map<string, Product['insuranceClass']>([
  ['甲', 'A'],
  ['甲类', 'A'],
  ['A', 'A'],
  ['01', 'A'],
  ['乙', 'B'],
  ['乙类', 'B'],
  ['B', 'B'],
  ['02', 'B'],
  ['丙', 'C'],
  ['丙类', 'C'],
  ['C', 'C'],
  ['03', 'C'],
  ['自费', 'C'],
]);

export function parseClass(text: string): Product['insuranceClass'] | undefined {
  return classes.get(text.normalize('NFKC').trim().toUpperCase());
}

/** The four kinds of the interface; goods that are no drug (health food, masks) count as material. */
const categories = new Map<string, Product['category']>([
  ['', 'drug'],
  ['drug', 'drug'],
  ['药品', 'drug'],
  ['西药', 'drug'],
  ['中成药', 'drug'],
  ['herbal', 'herbal'],
  ['中药饮片', 'herbal'],
  ['饮片', 'herbal'],
  ['material', 'material'],
  ['材料', 'material'],
  ['医用材料', 'material'],
  ['医疗器械', 'material'],
  ['保健食品', 'material'],
  ['其他', 'material'],
  ['service', 'service'],
  ['服务', 'service'],
  ['诊疗项目', 'service'],
]);

export function parseCategory(text: string): Product['category'] | undefined {
  return categories.get(text.trim().toLowerCase());
}

const prescriptions = new Map<string, boolean>([
  ['', false],
  ['否', false],
  ['n', false],
  ['no', false],
  ['0', false],
  ['false', false],
  ['otc', false],
  ['非处方药', false],
  ['甲类非处方药', false],
  ['乙类非处方药', false],
  ['是', true],
  ['y', true],
  ['yes', true],
  ['1', true],
  ['true', true],
  ['rx', true],
  ['处方药', true],
]);

export function parsePrescription(text: string): boolean | undefined {
  return prescriptions.get(text.trim().toLowerCase());
}

/** `0.1` and `10%` alike as a decimal text; anything else is left for the ratio parser to refuse. */
export function plainRatio(text: string): string {
  const plain = text.normalize('NFKC').trim();
  const percent = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(plain);
  if (percent === null) return plain;
  const digits = (percent[1] ?? '').padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${percent[2] ?? ''}`;
}

/** `2026-01-31`, `2026/1/31`, `2026.1.31`, `20260131`, `2026年1月31日`, a time behind it left out; as `yyyy-MM-dd`. */
export function parseDay(text: string): string | undefined {
  const plain = text.normalize('NFKC').trim();
  const parts = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]\d.*)?$/.exec(plain);
  const [, year = '', looseMonth, looseDay, month = looseMonth ?? '', day = looseDay ?? ''] = parts ?? [];
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const read = new Date(`${written}T00:00:00Z`);
  if (Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== written) return undefined;
  return written;
}

const MEMO_SIZE = 20_000;

/**
 * Remembers answers by text: lists of 250,000 rows hold some thousand different prices and counts, and
 * exact parsing is the dearest step of a row. Forgets all when it is full.
 */
export function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.answer;
    if (known.size >= MEMO_SIZE) known.clear();
    const answer = parse(text);
    known.set(text, { answer });
    return answer;
  };
}
