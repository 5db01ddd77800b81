import type { CardFacts } from './card-facts.ts';
import { type AccessRule, type ElementaryFile, recordFile } from './card-files.ts';
import { digitItem, digitValue, rewrittenItem, textItem, textValue } from './data-items.ts';

const RK1_DF04 = 0x84;
const UK1_DF04 = 0x85;
const UK2_DF04 = 0x86;

/** Length of items 81, 84, 87 on 1.00 cards, whose old meaning was a hospital name. */
const OLD_ITEM_BYTES = 0x46;
/** Old length of balances 90, 92, 93 on 1.00 cards; ours, the reference does not give it. */
const OLD_BALANCE_BYTES = 0x08;

/**
 * Files of social insurance 2 (社会保险2, DF04), card reference 2.6: EF05 medical basics, EF06 temporary
 * offline settlement, EF08 transactions, EF15 special settlements; EF09 residents' insurance on 1.00 cards.
 */
export function medicalFiles(facts: CardFacts, blank: boolean): ElementaryFile[] {
  const old = facts.version.startsWith('1');
  const basics: AccessRule = old ? [['pin']] : [['pin'], [RK1_DF04]];
  const records = blank ? [] : old ? oldRecords(facts) : basicRecords(facts);
  const transactions = recordFile('EF08', 0x08, [['pin']], []);
  return [
    recordFile('EF05', 0x05, basics, records, UK1_DF04),
    recordFile('EF06', 0x06, [['pin', RK1_DF04]], blank ? [] : settlementRecords(old), UK1_DF04),
    { ...transactions, isTransactionList: true },
    old
      ? recordFile('EF09', 0x09, [['pin']], blank ? [] : [digitItem('94', 3, facts.region)], UK2_DF04)
      : recordFile('EF15', 0x15, [['pin'], [RK1_DF04]], blank ? [] : specialSettlements(), UK2_DF04),
  ];
}

function basicRecords(facts: CardFacts): string[] {
  const { region, scheme, serial } = facts;
  const place = serial.slice(-4);
  return [
    textItem('81', 8, `${scheme}${facts.entitlements ?? '00000'}`),
    digitItem('84', 3, region),
    textItem('87', 0x17, `${region}00000000${place}`),
    digitItem('8C', 1, scheme === '310' ? '11' : '34'),
    digitItem('80', 4, facts.issueDate),
    textItem('8B', 0x1d, `${region}0000000000${place}`),
    textItem('8A', 0x0f, `${region}00000${place}`),
    ...['83', '86', '89'].map((tag) => textItem(tag, 9, 'H99010000')),
    ...['7D', '7E', '7F', '8D', '8E'].map((tag) => textItem(tag, 9, '')),
    textItem('8F', 1, cardUse(facts)),
  ];
}

/** 1.00 cards: rewritten with the new items in the old length, or never, with hospital names in their place. */
function oldRecords(facts: CardFacts): string[] {
  if (facts.neverRewritten === true) {
    const hospitals = ['81', '84', '87'].map((tag, place) =>
      textItem(tag, OLD_ITEM_BYTES, `示例医院${place + 1}`),
    );
    return [...hospitals, textItem('8F', 1, cardUse(facts))];
  }
  return [
    rewrittenItem('81', OLD_ITEM_BYTES, textValue(`${facts.scheme}${facts.entitlements ?? '00000'}`, 8)),
    rewrittenItem('84', OLD_ITEM_BYTES, digitValue(facts.region, 3)),
    textItem('8F', 1, cardUse(facts)),
  ];
}

/** Allowed (0), total and count of settlements that still wait; fen. */
function settlementRecords(old: boolean): string[] {
  if (!old) return [textItem('90', 1, '0'), digitItem('92', 4, '00000000'), textItem('93', 2, '00')];
  return [
    rewrittenItem('90', OLD_BALANCE_BYTES, textValue('0', 1)),
    digitItem('92', 4, '00000000'),
    rewrittenItem('93', OLD_BALANCE_BYTES, textValue('00', 2)),
  ];
}

/** Eight records never used: sequence b2, kind an1. */
function specialSettlements(): string[] {
  return Array.from({ length: 8 }, () => '000000');
}

/** Card use (用卡方式): 1 online, 2 offline. */
function cardUse(facts: CardFacts): string {
  return facts.cardUse === 'offline' ? '2' : '1';
}
