import type { CardFacts } from './card-facts.ts';
import { type AccessRule, type ElementaryFile, recordFile } from './card-files.ts';

const RK1_DF04 = 0x84;

/** Lengths of DF04/EF05 items on 1.00 cards, whose old meaning was a hospital name of 46 hex bytes. */
const OLD_ITEM_BYTES = 0x46;

/**
 * Files of social insurance 2 (社会保险2, DF04), card reference 2.6: EF05 medical basics, EF06 temporary
 * offline settlement, EF08 transactions, EF15 special settlements.
 */
export function medicalFiles(facts: CardFacts, blank: boolean): ElementaryFile[] {
  const old = facts.version.startsWith('1');
  const basics: AccessRule = old ? [['pin']] : [['pin'], [RK1_DF04]];
  const records = blank ? [] : basicRecords(facts, old);
  return [
    recordFile('EF05', 0x05, basics, records),
    recordFile('EF06', 0x06, [['pin', RK1_DF04]], blank ? [] : ['900130', '920400000000', '93023030']),
    recordFile('EF08', 0x08, [['pin']], []),
    ...(old ? [] : [recordFile('EF15', 0x15, [['pin'], [RK1_DF04]], [])]),
  ];
}

function basicRecords(facts: CardFacts, old: boolean): string[] {
  const kind = Buffer.from(`${facts.scheme}00000`, 'ascii').toString('hex');
  const personClass = facts.scheme === '310' ? '11' : '34';
  // Rewritten 1.00 cards keep the old length, filled right with E (card reference 2.6).
  const item = (tag: string, value: string): string => {
    if (!old) return `${tag}${(value.length / 2).toString(16).padStart(2, '0')}${value}`;
    return `${tag}${OLD_ITEM_BYTES.toString(16)}${value.padEnd(OLD_ITEM_BYTES * 2, 'E')}`;
  };
  return [
    item('81', kind),
    item('84', facts.region),
    ...(old ? [] : [`8C01${personClass}`]),
    // Card use 1: online.
    '8F0131',
  ];
}
