import type { CardFacts } from './card-facts.ts';
import type { AccessRule, ElementaryFile } from './card-files.ts';
import { digitItem, digitValue, nested, textItem, textValue } from './data-items.ts';
import { agedItem, isOld, maker } from './file-makers.ts';

const UPDATE_KEY = 0x83;
const RK1 = 0x88;
const DATE = '20150701';

/** Employment (就业与失业), DF02: card reference 2.4. */
export function employmentFiles(facts: CardFacts, blank: boolean): ElementaryFile[] {
  const old = isOld(facts);
  const read: AccessRule = old ? [['pin'], [UPDATE_KEY]] : [['pin'], [RK1]];
  const make = maker(blank, UPDATE_KEY);
  const aged = agedItem(old);
  const region = digitValue(facts.region, 3);
  const { skill, training, job, policy, helped } = history(facts.region);
  return [
    make('EF05', read, [
      textItem('42', 3, '001'),
      textItem('41', 3, '002'),
      skill,
      skill,
      training,
      training,
    ]),
    make('EF06', read, [
      digitItem('4C', 4, DATE),
      aged('4B', textValue('00001', 5)),
      aged('4D', region),
      digitItem('60', 4, DATE),
      aged('4F', textValue('000001', 6)),
      aged('50', region),
      textItem('3A', 7, '4030205'),
    ]),
    make('EF07', read, [job, job, job, job]),
    make('EF09', read, [
      aged('55', textValue('9901000000000003', 0x10)),
      textItem('56', 0x46, '示例就业服务中心'),
      digitItem('96', 4, DATE),
      aged('97', region),
    ]),
    ...(old
      ? []
      : [
          make('EF15', read, [
            helped,
            helped,
            helped,
            helped,
            digitItem('0F', 4, DATE),
            digitItem('1F', 3, facts.region),
          ]),
          make('EF16', read, [policy, policy, policy, policy]),
        ]),
  ];
}

/** Items and fixed records that occur several times. */
function history(region: string) {
  const skill = nested(
    '43',
    0x6c,
    textItem('5A', 7, '4030205'),
    textItem('5B', 1, '4'),
    textItem('5C', 0x46, '示例鉴定中心'),
    digitItem('5D', 4, DATE),
    textItem('5E', 0x10, '9901000000000001'),
  );
  const training = nested(
    '44',
    0x65,
    textItem('33', 3, '001'),
    textItem('34', 0x46, '示例培训中心'),
    digitItem('35', 4, DATE),
    textItem('36', 0x10, '9901000000000002'),
  );
  const job = `${textValue('4030205', 7)}${digitValue(DATE, 4)}${digitValue('20200630', 4)}${textValue('示例制造有限公司', 0x46)}`;
  const policy = `${textValue('001', 3)}${digitValue(DATE, 4)}${digitValue(DATE, 4)}${digitValue('20160630', 4)}${digitValue(region, 3)}`;
  const helped = nested(
    '99',
    0x10,
    textItem('10', 3, '001'),
    digitItem('11', 4, DATE),
    digitItem('12', 3, region),
  );
  return { skill, training, job, policy, helped };
}
