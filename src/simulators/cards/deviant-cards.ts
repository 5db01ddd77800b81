import iconv from 'iconv-lite';
import { assert } from '#core/assert';
import { concatBytes, fromHex, toHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import { type CardDefinition, type DedicatedFile, nameOnlyFci } from './card-definition.ts';
import { type CardFacts, contactlessAtr, historicalBytesOf } from './card-facts.ts';
import type { ElementaryFile } from './card-files.ts';
import { paymentName } from './other-cards.ts';
import { socialSecurityCard } from './social-security-card.ts';
import { trainingFacts } from './training-facts.ts';
import { VirtualCard, type VirtualCardOptions } from './virtual-card.ts';

/** What a careful reader makes of a deviant card; dates `yyyy-MM-dd`, absent when the card's are none. */
export interface DeviantReading {
  readonly cardNumber: string;
  readonly region: string;
  readonly version: string;
  readonly generation: 1 | 2 | 3;
  readonly name: string;
  readonly socialSecurityNumber: string;
  readonly issueDate?: string;
  readonly expiryDate?: string;
}

/** A card that differs from the standard in one way that was seen or is allowed (card reference 2.2, 5, 7). */
export interface DeviantCard {
  readonly id: string;
  readonly titleZh: string;
  readonly titleEn: string;
  /** A fresh card; all are in the issuer's keys, holder files of third-generation cards behind RKSSSE. */
  make(options?: VirtualCardOptions): CardLike;
  /** `unusable`: no reader can work with it, and a fault code is the right outcome. */
  readonly reading: DeviantReading | 'unusable';
}

interface Recipe extends Pick<DeviantCard, 'id' | 'titleZh' | 'titleEn'> {
  /** Default: the resident's card, 2.00. */
  readonly facts?: CardFacts;
  readonly change?: (definition: CardDefinition) => CardDefinition;
  readonly options?: VirtualCardOptions;
  readonly reading?: Partial<DeviantReading>;
  /** Dates that are none. */
  readonly without?: readonly ('issueDate' | 'expiryDate')[];
  readonly unusable?: true;
}

const base: CardFacts = trainingFacts.resident;
const third: CardFacts = trainingFacts.c;

const recipes: readonly Recipe[] = [
  {
    id: 'no-master-file-by-number',
    titleZh: '主文件不能按文件号选择',
    titleEn: 'Master file and DDF1 not selectable by number',
    options: { fidSelectFails: true },
  },
  {
    id: 'no-select-by-number',
    titleZh: 'P1=00 全部选择失败',
    titleEn: 'Nothing selectable by P1 00',
    options: { fidSelectFails: 'all' },
  },
  {
    id: 'record-order',
    titleZh: '记录次序不同',
    titleEn: 'Records in another order',
    change: (own) =>
      inFile(
        inFile(own, 'EF05', (all) => all.toReversed()),
        'EF06',
        (all) => all.toReversed(),
      ),
  },
  {
    id: 'no-name-extension',
    titleZh: '没有姓名扩展项',
    titleEn: 'Without the name extension 4E',
    change: (own) => inFile(own, 'EF06', (all) => all.filter((record) => !record.startsWith('4E'))),
  },
  {
    id: 'ascii-dates',
    titleZh: '日期是ASCII年份',
    titleEn: 'Dates are ASCII years',
    change: (own) => replace(replace(own, 'EF05', '05', '32303132'), 'EF05', '06', '32303232'),
    without: ['issueDate', 'expiryDate'],
  },
  {
    id: 'version-cut',
    titleZh: '规范版本为“2.0”加零',
    titleEn: 'Version is 2.0 and a zero byte',
    change: (own) => replace(own, 'EF05', '03', '322E3000'),
    reading: { version: '2.0' },
  },
  {
    id: 'version-empty',
    titleZh: '规范版本为空',
    titleEn: 'Version never written: first generation',
    facts: trainingFacts.a,
    change: (own) => replace(own, 'EF05', '03', '00000000'),
    reading: { version: '' },
  },
  {
    id: 'long-card-number',
    titleZh: '卡号项过长',
    titleEn: 'Card number item longer than nine',
    change: (own) => replace(own, 'EF05', '07', `${ascii(base.cardNumber)}303030`),
  },
  {
    id: 'wrong-check-character',
    titleZh: '卡号校验位不符',
    titleEn: 'Card number with another check character',
    change: (own) => replace(own, 'EF05', '07', ascii(otherCheck(base.cardNumber))),
    reading: { cardNumber: otherCheck(base.cardNumber) },
  },
  {
    id: 'no-authentication-code',
    titleZh: '认证码为FFFFFFFF',
    titleEn: 'Authentication code FFFFFFFF',
    facts: { ...base, authenticationCode: 'FFFFFFFF' },
  },
  {
    id: 'region-99',
    titleZh: '发卡地区以99结尾',
    titleEn: 'Issuing region ends in 99',
    facts: { ...base, region: '990199' },
    reading: { region: '990199' },
  },
  {
    id: 'short-records',
    titleZh: '记录比规范短',
    titleEn: 'Records shorter than the standard: 6Cxx to the exact length',
    change: (own) => inFile(own, 'EF06', (all) => all.map(withoutFill)),
  },
  {
    id: 'unwritten-items',
    titleZh: '可选项未写入',
    titleEn: 'Nation, birthplace and birth date never written',
    change: (own) =>
      replace(replace(replace(own, 'EF06', '0B', 'FF'), 'EF06', '0C', 'FFFFFF'), 'EF06', '0D', 'FFFFFFFF'),
  },
  {
    id: 'rare-name',
    titleZh: '姓名含生僻字',
    titleEn: 'Name with rare characters of GBK',
    facts: { ...base, name: '龑喆翀' },
    reading: { name: '龑喆翀' },
  },
  {
    id: 'four-byte-name',
    titleZh: '姓名含四字节汉字',
    titleEn: 'Name with a four-byte character of GB18030',
    change: (own) => withName(own, iconv.encode('王㛃', 'gb18030')),
    reading: { name: '王㛃' },
  },
  {
    id: 'split-character',
    titleZh: '姓名在字中间分开',
    titleEn: 'Name cut inside a character',
    facts: { ...base, name: 'A阿布都热依木阿不都热合曼测试丙' },
    reading: { name: 'A阿布都热依木阿不都热合曼测试丙' },
  },
  {
    id: 'below-bank-environment',
    titleZh: '社保环境在银行环境之下',
    titleEn: 'Combined card: environment below the bank master file',
    change: belowBankEnvironment,
  },
  {
    id: 'never-rewritten',
    titleZh: '一代卡 医疗项为旧含义',
    titleEn: '1.00 card with the first meaning of medical items',
    facts: { ...trainingFacts.a, neverRewritten: true },
  },
  {
    id: 'contactless',
    titleZh: '非接触三代卡',
    titleEn: 'Third-generation card, contactless',
    facts: third,
    change: (own) => ({ ...own, atr: contactlessAtr(historicalBytesOf(third)) }),
    options: { transport: 'one-step' },
  },
  {
    id: 'block-protocol',
    titleZh: '只支持T=1',
    titleEn: 'Contacts with T=1 only',
    facts: third,
    change: (own) => ({ ...own, atr: blockProtocolAtr(historicalBytesOf(third)) }),
    options: { transport: 'one-step' },
  },
  {
    id: 'fetching-library',
    titleZh: '读卡器自动取响应',
    titleEn: 'Reader library repeats and fetches by itself',
    options: { transport: 'merged' },
  },
  {
    id: 'unusable-atr',
    titleZh: '复位信息不完整',
    titleEn: 'Answer to reset cut short',
    change: (own) => ({ ...own, atr: own.atr.slice(0, 18) }),
    unusable: true,
  },
];

/** Cards for tests of readers; the list of the local deviations of the card reference. */
export const deviantCards: readonly DeviantCard[] = recipes.map((recipe) => ({
  id: recipe.id,
  titleZh: recipe.titleZh,
  titleEn: recipe.titleEn,
  make: (options = {}) => {
    const definition = socialSecurityCard(recipe.facts ?? base);
    const changed = recipe.change === undefined ? definition : recipe.change(definition);
    return new VirtualCard(changed, { ...options, ...recipe.options });
  },
  reading: recipe.unusable === true ? 'unusable' : readingOf(recipe),
}));

function readingOf({ facts = base, reading = {}, without = [] }: Recipe): DeviantReading {
  const day = (digits: string): string => `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const generations: readonly DeviantReading['generation'][] = [1, 2, 3];
  return {
    cardNumber: facts.cardNumber,
    region: facts.region,
    version: facts.version,
    generation: generations[Number(facts.version.slice(0, 1)) - 1] ?? 1,
    name: facts.name,
    socialSecurityNumber: facts.socialSecurityNumber,
    ...(without.includes('issueDate') ? {} : { issueDate: day(facts.issueDate) }),
    ...(without.includes('expiryDate') ? {} : { expiryDate: day(facts.expiryDate) }),
    ...reading,
  };
}

/** Changes the records (hex) of one file of the environment. */
function inFile(
  own: CardDefinition,
  fid: string,
  change: (records: readonly string[]) => readonly string[],
): CardDefinition {
  const [environment, ...others] = own.files;
  const files = environment.files.map((file): ElementaryFile => {
    if (file.fid !== fid || file.content.kind !== 'records') return file;
    const records = change(file.content.records.map(toHex)).map(fromHex);
    return { ...file, content: { kind: 'records', records } };
  });
  return { ...own, files: [{ ...environment, files }, ...others] };
}

/** Another value (hex) for one item, with its own length. */
function replace(own: CardDefinition, fid: string, tag: string, value: string): CardDefinition {
  return inFile(own, fid, (records) =>
    records.map((record) =>
      record.startsWith(tag) ? `${tag}${toHex(Uint8Array.of(value.length / 2))}${value}` : record,
    ),
  );
}

/** A text item without the 00 that fill it; an item of fill alone keeps one byte. */
function withoutFill(record: string): string {
  if (!record.startsWith('09') && !record.startsWith('4E')) return record;
  const value = record.slice(4).replace(/(?:00)+$/, '') || '00';
  return `${record.slice(0, 2)}${toHex(Uint8Array.of(value.length / 2))}${value}`;
}

function withName(own: CardDefinition, name: Uint8Array): CardDefinition {
  return replace(own, 'EF06', '09', toHex(name).padEnd(60, '0'));
}

/** The bank environment as master file, ours below it as DDF1 (card reference 1.1, 1.3). */
function belowBankEnvironment(own: CardDefinition): CardDefinition {
  const [environment, ...others] = own.files;
  const bank: DedicatedFile = {
    fid: '3F00',
    name: paymentName,
    fci: nameOnlyFci(paymentName),
    keys: new Map(),
    files: [],
  };
  return { ...own, files: [bank, { ...environment, fid: 'DDF1' }, ...others] };
}

/** Contacts that offer T=1 alone: TD1 and, with it, a check byte. */
function blockProtocolAtr(historicalBytes: string): string {
  const body = concatBytes(fromHex('ED000001'), fromHex(historicalBytes));
  const check = body.reduce((sum, byte) => sum ^ byte, 0);
  return `3B${toHex(body)}${toHex(Uint8Array.of(check))}`;
}

function otherCheck(cardNumber: string): string {
  assert(cardNumber.length === 9, 'a card number has nine characters');
  return `${cardNumber.slice(0, 8)}${cardNumber.endsWith('0') ? '1' : '0'}`;
}

function ascii(text: string): string {
  return Buffer.from(text, 'ascii').toString('hex').toUpperCase();
}
