import type { CardFacts } from './card-facts.ts';
import type { AccessRule, ElementaryFile } from './card-files.ts';
import { digitItem, digitValue, nested, textItem } from './data-items.ts';
import { agedItem, isOld, maker } from './file-makers.ts';

const RK1 = 0x84;
const RK2 = 0x85;
const UPDATE_KEY = 0x86;

/** Social insurance 1 (社会保险1), DF03: card reference 2.5. */
export function insuranceFiles(facts: CardFacts, blank: boolean): ElementaryFile[] {
  const old = isOld(facts);
  const { unemployment, pension, ability, other } = insuranceAccess(old);
  const make = maker(blank, UPDATE_KEY);
  const aged = agedItem(old);
  const region = digitValue(facts.region, 3);
  const regionItem = (tag: string): string => digitItem(tag, 3, facts.region);
  const date = (tag: string): string => digitItem(tag, 4, '20180301');
  const finding = nested(
    '4A',
    0x61,
    textItem('13', 2, '01'),
    textItem('14', 1, '9'),
    textItem('15', 0x14, '9901-0000-01'),
    date('16'),
    textItem('17', 0x3c, '示例劳动能力鉴定委员会'),
  );
  const first = [
    make('EF05', unemployment, [
      aged('61', region),
      ...['60', '98', '62'].map(date),
      ...['63', '64', '65', '66'].map((tag) => textItem(tag, 3, '000')),
    ]),
    make('EF06', ability, [
      textItem('45', 0x14, '9901-0000-01'),
      ...['46', '47'].map((tag) => textItem(tag, 2, '01')),
      ...['48', '49'].map((tag) => textItem(tag, 1, '9')),
      date('67'),
      textItem('6B', 0x3c, '示例劳动能力鉴定委员会'),
      finding,
      finding,
      finding,
    ]),
    make('EF07', pension, [
      textItem('70', 3, '110'),
      aged('71', region),
      ...['6E', '6C', '6F', '73'].map(date),
    ]),
  ];
  if (old) return [...first, ...['EF08', 'EF09', 'EF0A'].map((fid) => make(fid, other, [regionItem('7A')]))];
  return [
    ...first,
    make('EF15', other, [regionItem('7A'), date('7B'), date('7C')]),
    make('EF16', other, [regionItem('51'), textItem('5F', 1, '0')]),
    make('EF17', other, [
      textItem('3B', 0x14, '9901-0000-01'),
      textItem('3C', 0x46, '示例人社局'),
      textItem('3D', 1, '1'),
      date('3E'),
      textItem('3F', 0x3c, '无'),
    ]),
    make('EF18', other, [
      textItem('74', 3, '000'),
      regionItem('75'),
      digitItem('76', 1, '00'),
      date('77'),
      date('78'),
    ]),
    make(
      'EF19',
      other,
      ['110', facts.scheme, '210', ''].map((kind) => voucher(facts, kind)),
    ),
  ];
}

function insuranceAccess(old: boolean): Record<'unemployment' | 'pension' | 'ability' | 'other', AccessRule> {
  const either: AccessRule = [['pin'], [RK1]];
  if (!old)
    return {
      unemployment: [['pin'], [RK2]],
      pension: either,
      ability: either,
      other: either,
    };
  const both: AccessRule = [['pin', RK1]];
  return {
    unemployment: [['pin', RK2]],
    pension: both,
    ability: [['pin']],
    other: [['pin', RK1], [UPDATE_KEY]],
  };
}

/** Insurance voucher (参保凭证): pension, medical, unemployment, spare, in this order. */
function voucher({ region, issueDate }: CardFacts, kind: string): string {
  const isSpare = kind === '';
  const date = (tag: string, day: string): string => digitItem(tag, 4, isSpare ? '' : day);
  return nested(
    '79',
    0x27,
    textItem('18', 3, kind),
    digitItem('19', 3, isSpare ? '' : region),
    date('1A', '20150101'),
    date('1B', '20991231'),
    date('1C', '20251231'),
    textItem('1D', 3, isSpare ? '' : '132'),
    date('1E', issueDate),
  );
}
