import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { historicalBytesOf } from '#simulators/cards/card-facts';
import type { AccessRule, ElementaryFile } from '#simulators/cards/card-files';
import { authenticationData, cardKey, mac4, sessionKey } from '#simulators/cards/card-keys';
import { socialSecurityCard } from '#simulators/cards/social-security-card';
import { type RootKeyName, testRootKey } from '#simulators/cards/test-root-keys';
import { trainingFacts } from '#simulators/cards/training-facts';
import { VirtualCard } from '#simulators/cards/virtual-card';
import { send, sendAll } from './purchase-steps.ts';

const { a: first, b: second, c: third } = trainingFacts;
const RAW = '0102030405060708';

function filesOf(facts: typeof first | typeof second | typeof third, fid: string): readonly ElementaryFile[] {
  const application = socialSecurityCard(facts).files.find((file) => file.fid === fid);
  assert(application !== undefined, `the card has ${fid}`);
  return application.files;
}

function rulesOf(facts: typeof first | typeof second | typeof third, fid: string): Record<string, string> {
  const text = (rule: AccessRule): string =>
    rule
      .map((group) => group.map((one) => (one === 'pin' ? 'PIN' : one.toString(16))).join(' and ') || 'free')
      .join(' or ');
  return Object.fromEntries(filesOf(facts, fid).map((file) => [file.fid, text(file.read)]));
}

/** Proves key `number` of the current application of card B (3DES). */
function prove(card: VirtualCard, number: string, root: RootKeyName): string {
  const challenge = send(card, '0084000008').slice(0, 16);
  const holder = { region: second.region, historicalBytes: historicalBytesOf(second) };
  const data = authenticationData('tdes', testRootKey(root, 'tdes'), holder, challenge, RAW);
  return send(card, `008200${number}10${data}${RAW}`);
}

function powered(facts: typeof first | typeof second | typeof third = second): VirtualCard {
  const card = new VirtualCard(socialSecurityCard(facts), { transport: 'one-step' });
  card.powerOn();
  return card;
}

const free = ['EF16', 'EF17', 'EF18', 'EF19', 'EF1A'].map((fid) => [fid, 'free'] as const);

describe('access rules', () => {
  it('of a 2.00 card: PIN or the reading key everywhere, both for the settlement file', () => {
    const either = (fids: string, rule: string) => fids.split(' ').map((fid) => [fid, rule] as const);
    expect(rulesOf(second, 'DF01')).toEqual(
      Object.fromEntries([...either('EF05 EF06 EF07 EF08 EF09 EF0A EF15', 'PIN or 88'), ...free]),
    );
    expect(rulesOf(second, 'DF02')).toEqual(
      Object.fromEntries(either('EF05 EF06 EF07 EF09 EF15 EF16', 'PIN or 88')),
    );
    expect(rulesOf(second, 'DF03')).toEqual(
      Object.fromEntries([
        ...either('EF06 EF07 EF15 EF16 EF17 EF18 EF19', 'PIN or 84'),
        ['EF05', 'PIN or 85'] as const,
      ]),
    );
    expect(rulesOf(second, 'DF04')).toEqual({
      EF05: 'PIN or 84',
      EF06: 'PIN and 84',
      EF08: 'PIN',
      EF15: 'PIN or 84',
    });
    expect(rulesOf(second, 'DF07')).toEqual({ EF05: '84', EF06: '85', EF07: '86' });
    expect(rulesOf(second, '3F00')).toEqual({ EF05: 'free', EF06: 'free', EF07: 'a', EF08: 'a' });
  });

  it('of a 1.00 card: the PIN, with the key where both are wanted, and no later files', () => {
    expect(rulesOf(first, 'DF01')).toEqual(
      Object.fromEntries([
        ...['EF05', 'EF06', 'EF08', 'EF0A'].map((fid) => [fid, 'PIN'] as const),
        ...['EF07', 'EF09'].map((fid) => [fid, 'PIN or 84'] as const),
        ...free,
      ]),
    );
    expect(rulesOf(first, 'DF03')).toEqual({
      EF05: 'PIN and 85',
      EF06: 'PIN',
      EF07: 'PIN and 84',
      EF08: 'PIN and 84 or 86',
      EF09: 'PIN and 84 or 86',
      EF0A: 'PIN and 84 or 86',
    });
    expect(rulesOf(first, 'DF04')).toEqual({ EF05: 'PIN', EF06: 'PIN and 84', EF08: 'PIN', EF09: 'PIN' });
    expect(rulesOf(first, '3F00')).toEqual({ EF05: 'free', EF06: 'free', EF07: 'free' });
    expect(socialSecurityCard(first).files.map(({ fid }) => fid)).not.toContain('DF07');
  });

  it('of a 3.00 card: the holder file behind RKSSSE, the person number free', () => {
    expect(rulesOf(third, '3F00')).toEqual({ EF05: 'free', EF06: 'a', EF07: 'a', EF08: 'a', EF0D: 'free' });
    expect(sendAll(powered(third), '00B2EA6814').at(0)).toMatch(/^EA12.{36}9000$/);
  });

  it('hold on the card: voucher 79 opens by PIN, the second instance is the medical one', () => {
    const card = powered();
    sendAll(card, '00A4000002DF03', '00A4020002EF19');
    expect(send(card, '00B2790029')).toBe('6982');
    send(card, '0020000003123456');
    expect(send(card, '00B2790029')).toMatch(/^792718033131301903990100.*9000$/);
    expect(send(card, '00B2790229')).toMatch(/^792718033339301903990100.*9000$/);
  });
});

describe('contents', () => {
  /** Files whose records have no tag and length: circular ones. */
  const fixedLength: Record<string, number> = {
    'DF02 EF07': 0x55,
    'DF02 EF16': 0x12,
    'DF04 EF15': 3,
  };

  it.each([first, second, third])('of a $version card: every record is as long as it says', (facts) => {
    for (const { fid, files } of socialSecurityCard(facts).files) {
      for (const file of files) {
        if (file.content.kind === 'transparent') continue;
        for (const record of file.content.records) {
          const fixed = fixedLength[`${fid} ${file.fid}`];
          expect(record.length, `${fid} ${file.fid} ${toHex(record)}`).toBe(fixed ?? 2 + (record[1] ?? 0));
        }
      }
    }
  });

  it('of nested items add up to their lengths', () => {
    for (const { files } of socialSecurityCard(second).files) {
      for (const { content } of files) {
        if (content.kind === 'transparent') continue;
        for (const record of content.records.filter(([tag]) =>
          [0x40, 0x43, 0x44, 0x4a, 0x79].includes(tag ?? 0),
        )) {
          let at = 2;
          while (at < record.length) at += 2 + (record[at + 1] ?? 0);
          expect(at, toHex(record)).toBe(record.length);
        }
      }
    }
  });

  it('of rewritten 1.00 items keep the old length and end in EE', () => {
    const records = filesOf(first, 'DF01').flatMap(({ content }) =>
      content.kind === 'records' ? content.records.map(toHex) : [],
    );
    for (const tag of ['32', '37', '38']) {
      const record = records.find((one) => one.startsWith(tag));
      expect(record?.slice(2, 4)).toBe('14');
      expect(record?.slice(-2)).toBe('EE');
    }
  });

  it('of transparent files are read in parts and end where they end', () => {
    const card = powered();
    sendAll(card, '00A4000002DF01', '00A4020002EF16');
    expect(send(card, '00B0000000')).toHaveLength(2 * (0x100 + 2));
    expect(send(card, '00B0010028')).toBe(`${'00'.repeat(0x28)}9000`);
    expect(sendAll(card, '00B0012801', '00B0960002')).toEqual(['6B00', '00009000']);
  });
});

describe('updates', () => {
  it('are refused without the update key, taken behind it, and outlive the power', () => {
    const card = powered();
    const record = '07095A3939393939393939';
    expect(send(card, `00DC072C0B${record}`)).toBe('6982');
    expect(prove(card, '04', 'UKSSSE')).toBe('9000');
    expect(send(card, `00DC072C0B${record}`)).toBe('9000');
    card.powerOff();
    card.powerOn();
    expect(send(card, '00B2072C0B')).toBe(`${record}9000`);
  });

  it('under a MAC need a right one, and three wrong ones lock the key', () => {
    const card = powered();
    const holder = { region: second.region, historicalBytes: historicalBytesOf(second) };
    const key = cardKey('tdes', fromHex(testRootKey('UKSSSE', 'tdes')), holder);
    const secured = (): string => {
      const session = sessionKey('tdes', key, fromHex(send(card, '0084000008').slice(0, 16)));
      const message = fromHex('04DC052C0A050420260101');
      return toHex(concatBytes(message, mac4('tdes', session, message)));
    };
    expect(send(card, '04DC052C06050420260101')).toBe('6984');
    expect(send(card, '04DC052C0405042026')).toBe('6987');
    expect(send(card, secured())).toBe('9000');
    expect(send(card, '00B2052C06')).toBe('0504202601019000');
    for (const status of ['6988', '6988', '6988']) {
      send(card, '0084000008');
      expect(send(card, '04DC052C0A05042026010100000000')).toBe(status);
    }
    expect(send(card, secured())).toBe('6983');
  });

  it('keep the shape of records and files', () => {
    const card = powered();
    prove(card, '04', 'UKSSSE');
    const answers = sendAll(
      card,
      '00DC052C06060420260101',
      '00DC052C06050520260101',
      '00DC052C07050520260101FF',
      '00DC092C06050420260101',
      '00DC052D06050420260101',
      '00DC053406050420260101',
      '00DC053C06050420260101',
      '00D6870002ABCD',
      '00D6870301AB',
      '00D68700',
      '00D6850002ABCD',
    );
    expect(answers).toEqual([
      '6A85',
      '6A85',
      '6A84',
      '6A83',
      '6A86',
      '6A85',
      '6981',
      '9000',
      '9000',
      '6700',
      '6981',
    ]);
    prove(card, '0A', 'RKSSSE');
    expect(send(card, '00B0870004')).toBe('ABCDFFAB9000');
  });

  it('of the transaction list are never taken: the card alone writes it', () => {
    const card = powered();
    sendAll(card, '00A4000002DF04');
    prove(card, '85', 'UK1DF04');
    expect(send(card, '00DC014403010203')).toBe('6982');
  });
});

describe('the certificate environment of a 3.00 card', () => {
  const select = '00A404000C504B492EC9E7BBE1B1A3D5CF';

  function block(card: VirtualCard, digits: string): string {
    const challenge = fromHex(send(card, '0084000008').slice(0, 16));
    const key = createHash('sm3').update(digits).digest().subarray(0, 16);
    const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
    return toHex(cipher.update(concatBytes(challenge, challenge)));
  }

  it('checks its PIN over a fresh challenge and counts wrong tries for itself', () => {
    const card = powered(third);
    expect(send(card, select)).toBe('6F0E840C504B492EC9E7BBE1B1A3D5CF9000');
    expect(send(card, '0020018100')).toBe('63C6');
    expect(send(card, `0020018110${block(card, '000000')}`)).toBe('63C5');
    const right = block(card, '123456');
    expect(sendAll(card, `0020018110${right}`, `0020018110${right}`)).toEqual(['9000', '6984']);
    expect(sendAll(card, '0020018103123456', '0020018100')).toEqual(['6700', '63C6']);
    for (let left = 5; left >= 0; left -= 1) {
      expect(send(card, `0020018110${block(card, '000000')}`)).toBe(`63C${left}`);
    }
    expect(sendAll(card, `0020018110${block(card, '123456')}`, '0020018100')).toEqual(['6983', '6983']);
    expect(sendAll(card, '00A40000023F00', '0020000000').at(1)).toBe('63C6');
  });

  it('is not on earlier cards, nor its PIN elsewhere', () => {
    expect(send(powered(), select)).toBe('6A82');
    expect(send(powered(third), '0020018100')).toBe('6A86');
  });
});
