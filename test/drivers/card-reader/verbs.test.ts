import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import { fen } from '#core/money';
import { ok } from '#core/result';
import { readMedical, readPhoto } from '#drivers/card-reader/file-verbs';
import { pinChallenge, verifyPin, verifyPinBlock } from '#drivers/card-reader/pin-verbs';
import { beginPurchase, debit, purchaseProof } from '#drivers/card-reader/purchase-verbs';
import { pinOf } from '../../helpers/card-pins.ts';
import {
  holdScript,
  ScriptCard,
  ScriptKeys,
  type ScriptStep,
  scriptReader,
} from '../../helpers/script-card.ts';

const selected: readonly ScriptStep[] = [['00A4000002DF04', '9000']];
const order = { terminalSequence: '0000002A', time: '20240315103000', mac1: 'C66228E4' };
const debitCommand = 'B02C01000F0000002A20240315103000C66228E408';
const codeOf = (result: { ok: boolean; error?: { code: string } }): string =>
  result.ok ? 'ok' : (result.error?.code ?? '');

describe('DF04/EF05', () => {
  /** Tag reads of a 2.00 card, answered by `answers` and 6A83. */
  const reads = (answers: Readonly<Record<string, string>>, sfi = '00'): ScriptStep[] =>
    [
      ['81', '0A'],
      ['84', '05'],
      ['87', '13'],
      ['8A', '11'],
      ['8B', '1F'],
      ['8C', '03'],
      ['8F', '03'],
    ].map(([tag = '', le = '']) => {
      const value = answers[tag];
      const length = ((value?.length ?? 0) / 2).toString(16).padStart(2, '0');
      return [`00B2${tag}${sfi}${le}`, value === undefined ? '6A83' : `${tag}${length}${value}9000`];
    });
  const open = { '81': '3331303131303030', '84': '990100', '8C': '21', '8F': '32' };
  const openData = {
    scheme: '310',
    insuredRegion: '990100',
    personClass: '21',
    cardUse: 'offline',
    entitlements: ['out-of-area', 'outpatient-pool'],
  };

  test('a PIN that was verified there opens it: no key is asked for, nothing is selected twice', async () => {
    const card = new ScriptCard([
      ...selected,
      ['0020000003123456', '9000'],
      ['00A4020002EF05', '9000'],
      ...reads({
        ...open,
        '8B': `4131${'00'.repeat(27)}`,
        '8A': `4232${'00'.repeat(13)}`,
        '87': '48'.repeat(17),
      }),
    ]);
    const { held } = await holdScript(card);
    await verifyPin(held, pinOf('123456'), 'medical');
    const keys = new ScriptKeys('00'.repeat(8));
    expect(await readMedical(held, keys)).toEqual(
      ok({ ...openData, accountNumber: 'A1', medicalCertificate: 'B2', healthRecord: 'H'.repeat(17) }),
    );
    expect([card.wrong, card.left, keys.asked]).toEqual([[], 0, []]);
  });

  test('a card that knows no numbers is entered by name and its file read by short identifier', async () => {
    const card = new ScriptCard([
      ['00A4000002DF04', '6A82'],
      ['00A4040006D15600000503', '9000'],
      ['00A4020002EF05', '6A82'],
      ['00A4000002EF05', '6A86'],
      ...reads(open, '28'),
    ]);
    const { held } = await holdScript(card);
    expect(await readMedical(held, undefined)).toEqual(ok(openData));
    expect([card.wrong, card.left]).toEqual([[], 0]);
  });

  test('a card that knows no tags is read by record number until the records end', async () => {
    const card = new ScriptCard([
      ...selected,
      ['00A4020002EF05', '9000'],
      ['00B281000A', '6A86'],
      ['00B201040A', '6C05'],
      ['00B2010405', '84039901009000'],
      ['00B2020405', '6C03'],
      ['00B2020403', '8C01119000'],
      ['00B2030413', '6A83'],
    ]);
    const { held } = await holdScript(card);
    expect(await readMedical(held, undefined)).toEqual(ok({ insuredRegion: '990100', personClass: '11' }));
    expect([card.wrong, card.left]).toEqual([[], 0]);
  });

  test.each([
    ['neither PIN nor key', undefined, [], 'card-medical-closed'],
    [
      'a key the card refuses',
      new ScriptKeys('1112131415161718'),
      [
        ['0084000008', '01010101010101019000'],
        ['008200841011121314151617180102030405060708', '63C2'],
      ],
      'card-medical-closed',
    ],
    [
      'a key holder whose answer is none',
      new ScriptKeys('xyz'),
      [['0084000008', '01010101010101019000']],
      'card-medical-closed',
    ],
  ] as const)('%s: closed, and no key is tried twice', async (_, keys, steps, code) => {
    const closed: ScriptStep[] = [
      ['00A4020002EF05', '9000'],
      ['00B281000A', '6982'],
    ];
    const card = new ScriptCard([...selected, ...steps, ...closed]);
    const { held } = await holdScript(card);
    expect(codeOf(await readMedical(held, keys))).toBe(code);
    expect([card.wrong, card.left]).toEqual([[], 0]);
  });

  test('a card without the application says so', async () => {
    const card = new ScriptCard([
      ['00A4000002DF04', '6A82'],
      ['00A4040006D15600000503', '6A82'],
    ]);
    const { held } = await holdScript(card);
    expect(codeOf(await readMedical(held, undefined))).toBe('card-medical-none');
  });

  test('1.00: rewritten items lose their E, never rewritten ones are names of hospitals and left out', async () => {
    const hospital = `CAB5C0FDD2BDD4BA${'00'.repeat(0x46 - 8)}`;
    const rewritten = (value: string): string => value.padEnd(0x46 * 2, 'E');
    const run = async (items: Readonly<Record<string, string>>) => {
      const script = reads(items).map(([command, answer]): ScriptStep => {
        const isOld = ['81', '84', '87'].includes(command.slice(4, 6));
        return [isOld ? `${command.slice(0, 8)}48` : command, answer];
      });
      const card = new ScriptCard([...selected, ['00A4020002EF05', '9000'], ...script]);
      const { held } = await holdScript(card, { generation: 1 });
      // Key 84 opens nothing on a 1.00 card: nobody is asked for it.
      const keys = new ScriptKeys('00'.repeat(8));
      const read = await readMedical(held, keys);
      expect([card.wrong, card.left, keys.asked]).toEqual([[], 0, []]);
      return read;
    };
    expect(await run({ '81': rewritten('3339303030303030'), '84': rewritten('990100'), '8F': '31' })).toEqual(
      ok({ scheme: '390', insuredRegion: '990100', entitlements: [], cardUse: 'online' }),
    );
    expect(await run({ '81': hospital, '84': hospital, '87': hospital })).toEqual(ok({}));
    // A name that happens to end in EE is still no region.
    expect(await run({ '84': `${'B0A1'.repeat(34)}B0EE` })).toEqual(ok({}));
  });
});

describe('the PIN block of a pad', () => {
  const select = '00A404000C504B492EC9E7BBE1B1A3D5CF';
  const block = 'AB'.repeat(16);

  test('challenge and block go to the certificate environment, and the block is wiped', async () => {
    const card = new ScriptCard([
      [select, '9000'],
      ['0084000008', '01020304050607089000'],
      [`0020018110${block}`, '63C4'],
      ['0084000008', '11121314151617189000'],
      [`0020018110${block}`, '9000'],
    ]);
    const { held } = await holdScript(card, { algorithm: 'sm4' });
    expect(await pinChallenge(held)).toMatchObject({ ok: true });
    expect(await verifyPinBlock(held, fromHex(block))).toMatchObject({
      value: { kind: 'wrong', triesLeft: 4 },
    });
    // The challenge is used up: without a new one no try is given away.
    expect(codeOf(await verifyPinBlock(held, fromHex(block)))).toBe('card-pin-malformed');
    const challenge = await pinChallenge(held);
    expect(challenge.ok && toHex(challenge.value)).toBe('1112131415161718');
    expect(codeOf(await verifyPinBlock(held, fromHex('AB')))).toBe('card-pin-malformed');
    expect(await verifyPinBlock(held, fromHex(block))).toEqual(ok({ kind: 'ok' }));
    expect([card.wrong, card.left]).toEqual([[], 0]);
    expect(card.buffers.at(-1)?.every((byte) => byte === 0)).toBe(true);
  });

  test('an older card has no such environment', async () => {
    const { held } = await holdScript(new ScriptCard([[select, '6A82']]));
    expect(codeOf(await pinChallenge(held))).toBe('card-pin-block-unsupported');
  });
});

describe('a purchase on the card', () => {
  const purchase = { account: fen(1n), own: fen(0n), pool: fen(0n), terminalNumber: '990100000001' };
  const begin = 'B02801011301000000010000000000000000' + '99010000000116';

  test.each([
    ['9401', 'card-balance-short'],
    ['9402', 'card-counter-full'],
    ['9403', 'card-purchase-refused'],
    ['6982', 'card-purchase-refused'],
    ['6985', 'card-purchase-refused'],
    ['9303', 'card-application-locked'],
    ['6A81', 'card-locked'],
    ['0000000000009000', 'card-purchase-refused'],
  ])('begun and answered %s: %s, nothing is deducted', async (answer, code) => {
    const { held } = await holdScript(new ScriptCard([...selected, [begin, answer]]));
    expect(codeOf(await beginPurchase(held, purchase))).toBe(code);
  });

  test.each([
    ['9302', 'card-purchase-refused', 'permanent'],
    ['6985', 'card-purchase-refused', 'permanent'],
    ['9401', 'card-balance-short', 'permanent'],
    ['9406', 'card-purchase-refused', 'permanent'],
    ['6581', 'card-purchase-unknown', 'ambiguous'],
    ['6F00', 'card-purchase-unknown', 'ambiguous'],
    ['C977728C9000', 'card-purchase-unknown', 'ambiguous'],
    ['9000', 'card-purchase-unknown', 'ambiguous'],
  ])('a debit answered %s is %s (%s)', async (answer, code, retry) => {
    const { held } = await holdScript(new ScriptCard([[debitCommand, answer]]));
    expect(await debit(held, order)).toMatchObject({ error: { code, retry } });
  });

  test('a refusal after 61xx is none: the card had deducted before it let its answer be fetched', async () => {
    const card = new ScriptCard([
      [debitCommand, '6108'],
      ['00C0000008', '6985'],
    ]);
    const { held } = await holdScript(card);
    expect(await debit(held, order)).toMatchObject({ error: { code: 'card-purchase-unknown' } });
  });

  test('a card pulled, unplugged or silent in the middle of a debit may have deducted', async () => {
    const pulled = new ScriptCard([[debitCommand, 'C977728C5E5E41E89000']]);
    const first = await holdScript(pulled);
    pulled.before = () => first.reader.pull(scriptReader);
    expect(await debit(first.held, order)).toMatchObject({
      error: { code: 'card-purchase-unknown', retry: 'ambiguous', detail: 'card-removed' },
    });
    const unplugged = new ScriptCard([[debitCommand, 'C977728C5E5E41E89000']]);
    const second = await holdScript(unplugged);
    unplugged.before = () => second.reader.unplug(scriptReader);
    expect(await debit(second.held, order)).toMatchObject({ error: { code: 'card-purchase-unknown' } });
    const silent = await holdScript(Object.assign(new ScriptCard([]), { transmit: () => undefined }));
    expect(await debit(silent.held, order)).toMatchObject({ error: { code: 'card-purchase-unknown' } });
  });

  const proof02 = 'B02E000202000508';
  const proof32 = 'B02E003202000508';
  const deducted = { tac: 'C977728C', mac2: '5E5E41E8' };

  test.each([
    ['the first type knows it', [[proof02, '5E5E41E8C977728C9000']], ok(deducted)],
    [
      'only the second type knows it',
      [
        [proof02, '6A86'],
        [proof32, '5E5E41E8C977728C9000'],
      ],
      ok(deducted),
    ],
    [
      'one type denies what the other proves',
      [
        [proof02, '9406'],
        [proof32, '5E5E41E8C977728C9000'],
      ],
      ok(deducted),
    ],
    [
      'both deny it',
      [
        [proof02, '9406'],
        [proof32, '9406'],
      ],
      ok(undefined),
    ],
    [
      'the one that it takes denies it',
      [
        [proof02, '9406'],
        [proof32, '6A86'],
      ],
      ok(undefined),
    ],
  ] as const)('the proof of a torn purchase: %s', async (_, steps, outcome) => {
    const card = new ScriptCard([...selected, ...steps]);
    const { held } = await holdScript(card);
    expect(await purchaseProof(held, '0005')).toEqual(outcome);
    expect([card.wrong, card.left]).toEqual([[], 0]);
  });

  test('a card that knows no proofs leaves the question open', async () => {
    for (const steps of [
      [
        [proof02, '6A86'],
        [proof32, '6A86'],
      ],
      [[proof02, '6D00']],
    ] as ScriptStep[][]) {
      const { held } = await holdScript(new ScriptCard([...selected, ...steps]));
      expect(await purchaseProof(held, '0005')).toMatchObject({ error: { code: 'card-purchase-unknown' } });
    }
  });
});

describe('the photo', () => {
  const piece = (byte: string, count: number): string => byte.repeat(count);

  test('is read in pieces of 256 bytes to its end', async () => {
    const card = new ScriptCard([
      ['00A4020002EF08', '9000'],
      ['00B0000000', `${piece('FF', 1)}${piece('D8', 255)}9000`],
      ['00B0010000', '6C10'],
      ['00B0010010', `${piece('11', 16)}9000`],
    ]);
    const { held } = await holdScript(card);
    const photo = await readPhoto(held, undefined);
    expect(photo.ok && photo.value?.length).toBe(272);
    expect([card.wrong, card.left]).toEqual([[], 0]);
  });

  test('is found by short identifier, and a file that ends on a whole piece ends', async () => {
    const card = new ScriptCard([
      ['00A4020002EF08', '6A82'],
      ['00B0880000', `${piece('22', 256)}9000`],
      ['00B0010000', '6B00'],
    ]);
    const { held } = await holdScript(card);
    const photo = await readPhoto(held, undefined);
    expect(photo.ok && photo.value?.length).toBe(256);
  });

  test('a closed one wants its key, an unwritten or missing one is none', async () => {
    const closed = await holdScript(
      new ScriptCard([
        ['00A4020002EF08', '9000'],
        ['00B0000000', '6982'],
      ]),
    );
    expect(codeOf(await readPhoto(closed.held, undefined))).toBe('card-holder-file-closed');
    const unwritten = await holdScript(
      new ScriptCard([
        ['00A4020002EF08', '9000'],
        ['00B0000000', `${piece('00', 100)}9000`],
      ]),
    );
    expect(await readPhoto(unwritten.held, undefined)).toEqual(ok(undefined));
    const missing = await holdScript(
      new ScriptCard([
        ['00A4020002EF08', '6A82'],
        ['00B0880000', '6A82'],
      ]),
    );
    expect(await readPhoto(missing.held, undefined)).toEqual(ok(undefined));
  });
});
