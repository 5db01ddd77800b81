import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import { fen } from '#core/money';
import { ok } from '#core/result';
import { readMedical } from '#drivers/card-reader/file-verbs';
import { changePin, readPinState, unblockPin, verifyPin } from '#drivers/card-reader/pin-verbs';
import { beginPurchase, debit, purchaseProof } from '#drivers/card-reader/purchase-verbs';
import { pinOf } from '../../helpers/card-pins.ts';
import { cardSteps, holdScript, ScriptCard, ScriptKeys, type ScriptStep } from '../../helpers/script-card.ts';

const medical: readonly ScriptStep[] = [
  ['00A4000002DF04', '610A'],
  ['00C000000A', '6F088406D156000005039000'],
];

function finished(card: ScriptCard): void {
  expect(card.wrong).toEqual([]);
  expect(card.left).toBe(0);
}

describe('the byte examples of the PIN', () => {
  test('PIN-QUERY: tries are asked for without using one', async () => {
    const card = new ScriptCard(cardSteps('PIN-QUERY'));
    const { held } = await holdScript(card);
    expect(await readPinState(held, 'environment')).toEqual(ok({ kind: 'set', triesLeft: 6 }));
    finished(card);
  });

  test.each([
    ['PIN-OK', '123456', 1],
    ['PIN-ODD', '12345', 0],
  ])('%s: the PIN is coded in BCD and its command is wiped', async (id, digits, skip) => {
    const card = new ScriptCard(cardSteps(id).slice(skip));
    const { held } = await holdScript(card);
    expect(await verifyPin(held, pinOf(digits), 'environment')).toEqual(ok({ kind: 'ok' }));
    finished(card);
    expect(toHex(card.buffers.at(-1) ?? new Uint8Array())).toMatch(/^0+$/);
  });

  test('PIN-OK: back from another application the environment is selected first', async () => {
    const card = new ScriptCard([...medical, ['0020000000', '9000'], ...cardSteps('PIN-OK')]);
    const { held } = await holdScript(card);
    expect(await readPinState(held, 'medical')).toEqual(ok({ kind: 'none' }));
    expect(await verifyPin(held, pinOf('123456'), 'environment')).toEqual(ok({ kind: 'ok' }));
    finished(card);
  });

  test('PIN-WRONG-LOCK: each try is told and the last one locks', async () => {
    const card = new ScriptCard(cardSteps('PIN-WRONG-LOCK'));
    const { held } = await holdScript(card);
    const outcomes = [];
    for (const digits of ['000000', '000000', '000000', '123456']) {
      outcomes.push(await verifyPin(held, pinOf(digits), 'environment'));
    }
    expect(outcomes).toMatchObject([
      { value: { kind: 'wrong', triesLeft: 2 } },
      { value: { kind: 'wrong', triesLeft: 1 } },
      { value: { kind: 'locked', fault: { code: 'card-pin-locked' } } },
      { value: { kind: 'locked' } },
    ]);
    finished(card);
  });

  test('PIN-CHANGE: old, FF, new, and no copy is left', async () => {
    const card = new ScriptCard(cardSteps('PIN-CHANGE'));
    const { held } = await holdScript(card);
    expect(await changePin(held, pinOf('123456'), pinOf('654321'))).toEqual(ok({ kind: 'ok' }));
    finished(card);
    expect(toHex(card.buffers[0] ?? new Uint8Array())).toMatch(/^0+$/);
  });

  test.each([
    ['63C1', { value: { kind: 'wrong', triesLeft: 1 } }],
    ['6983', { value: { kind: 'locked' } }],
    ['6A80', { error: { code: 'card-pin-malformed' } }],
    ['6700', { error: { code: 'card-data-invalid' } }],
    ['6A81', { error: { code: 'card-locked' } }],
  ])('CHANGE PIN answered %s has an outcome of its own', async (status, outcome) => {
    const { held } = await holdScript(new ScriptCard([['805E010007123456FF654321', status]]));
    expect(await changePin(held, pinOf('123456'), pinOf('654321'))).toMatchObject(outcome);
  });

  test('PIN-RESET-SM4: PUK opens, a fresh challenge, cipher and MAC of the key holder', async () => {
    // The example takes the raw information from the card as well; any eight bytes do.
    const [, ...steps] = cardSteps('PIN-RESET-SM4');
    const card = new ScriptCard(steps);
    const { held } = await holdScript(card, { algorithm: 'sm4', random: () => fromHex('AA01AA02AA03AA04') });
    const keys = new ScriptKeys('4168D3DCD9F7F80F', '874D44F33852F2348D67B9120BD112978E5F24DC');
    expect(await unblockPin(held, keys, pinOf('123456'))).toEqual(ok(undefined));
    finished(card);
    expect(keys.asked).toEqual([
      'PUK BB01BB02BB03BB04 AA01AA02AA03AA04',
      'STK CC01CC02CC03CC04 8424000114 03123456800000000000000000000000',
    ]);
    expect(keys.plain?.every((byte) => byte === 0)).toBe(true);
  });

  test('PIN-RESET-3DES: the block has eight bytes', async () => {
    const card = new ScriptCard(cardSteps('PIN-RESET-3DES'));
    const { held } = await holdScript(card, { random: () => fromHex('AA01AA02AA03AA04') });
    const keys = new ScriptKeys('750D11F72DD62D57', '7AEB50D6AE3FEADA7A5C8016');
    expect(await unblockPin(held, keys, pinOf('123456'))).toEqual(ok(undefined));
    finished(card);
    expect(keys.asked[1]).toBe('STK CC01CC02CC03CC04 842400010C 0312345680000000');
  });

  test('PIN-UNBLOCK-3DES: only the counter, MAC alone', async () => {
    const card = new ScriptCard([
      ['0084000008', 'BB01BB02BB03BB049000'],
      ['0082000610750D11F72DD62D570102030405060708', '9000'],
      ...cardSteps('PIN-UNBLOCK-3DES'),
    ]);
    const { held } = await holdScript(card);
    const keys = new ScriptKeys('750D11F72DD62D57', 'D18E3D65');
    expect(await unblockPin(held, keys, undefined)).toEqual(ok(undefined));
    finished(card);
    expect(keys.asked[1]).toBe('STK DD01DD02DD03DD04 8424000004 ');
  });

  test.each(['63C2', '6983', '6A88'])(
    'PUK refused (%s) stops at once, before the PIN is touched',
    async (status) => {
      const card = new ScriptCard([
        ['0084000008', 'BB01BB02BB03BB049000'],
        ['0082000610750D11F72DD62D570102030405060708', status],
      ]);
      const { held } = await holdScript(card);
      const result = await unblockPin(held, new ScriptKeys('750D11F72DD62D57', 'D18E3D65'), undefined);
      expect(result).toMatchObject({ error: { code: 'card-unblock-refused', detail: status } });
      finished(card);
    },
  );

  test('a MAC of the wrong length never reaches the card: a wrong one would bring PUK nearer to its lock', async () => {
    const card = new ScriptCard([
      ['0084000008', 'BB01BB02BB03BB049000'],
      ['0082000610750D11F72DD62D570102030405060708', '9000'],
      ['0084000008', 'CC01CC02CC03CC049000'],
    ]);
    const { held } = await holdScript(card);
    const result = await unblockPin(held, new ScriptKeys('750D11F72DD62D57', 'D18E'), undefined);
    expect(result).toMatchObject({ error: { code: 'card-authentication-unavailable' } });
    finished(card);
  });
});

describe('the byte examples of DF04', () => {
  test('PSAM-EA-DF04: key 84 opens the medical file', async () => {
    const steps = cardSteps('PSAM-EA-DF04');
    const readOfRegion = steps.at(-1);
    const card = new ScriptCard([
      ...steps.slice(0, -1),
      ['00B281000A', '810833393030303030309000'],
      ...(readOfRegion === undefined ? [] : [readOfRegion]),
      ...['00B2870013', '00B28A0011', '00B28B001F', '00B28C0003', '00B28F0003'].map(
        (command): ScriptStep => [command, '6A83'],
      ),
    ]);
    const { held } = await holdScript(card);
    const keys = new ScriptKeys('1F2D976ECD4DC598');
    expect(await readMedical(held, keys)).toEqual(
      ok({ insuredRegion: '990100', scheme: '390', entitlements: [] }),
    );
    finished(card);
    expect(keys.asked).toEqual(['RK1DF04 31415926535897AB 0102030405060708']);
  });

  test('APP-OR-CARD-LOCKED: a locked application is told, and a locked card too', async () => {
    const [application, locked] = cardSteps('APP-OR-CARD-LOCKED');
    const card = new ScriptCard(application === undefined ? [] : [application]);
    const first = await holdScript(card);
    expect(await readMedical(first.held, undefined)).toMatchObject({
      error: { code: 'card-application-locked' },
    });
    finished(card);
    const all = new ScriptCard([
      ['00A4000002DF04', '6A81'],
      ['00A4040006D15600000503', '6A81'],
      ...(locked === undefined ? [] : [locked]),
    ]);
    const second = await holdScript(all);
    expect(await readMedical(second.held, undefined)).toMatchObject({ error: { code: 'card-locked' } });
    expect(await readPinState(second.held, 'environment')).toMatchObject({ error: { code: 'card-locked' } });
    finished(all);
  });

  test('DEBIT: the purchase is begun, deducted and proved byte for byte', async () => {
    const [select, pin, begin, deduct, proof] = cardSteps('DEBIT');
    const steps = [select, medical[1], pin, begin, deduct, proof].flatMap((step) => (step ? [step] : []));
    const card = new ScriptCard(steps);
    const { held } = await holdScript(card);
    expect(await verifyPin(held, pinOf('123456'), 'medical')).toEqual(ok({ kind: 'ok' }));
    const purchase = {
      account: fen(1250n),
      own: fen(300n),
      pool: fen(4500n),
      terminalNumber: '990100000001',
    };
    expect(await beginPurchase(held, purchase)).toEqual(
      ok({ balance: 5000n, cardSequence: '0005', keyVersion: '01', algorithm: '00', random: 'DEADBEEF' }),
    );
    const order = { terminalSequence: '0000002A', time: '20240315103000', mac1: 'C66228E4' };
    const proved = { tac: 'C977728C', mac2: '5E5E41E8' };
    expect(await debit(held, order)).toEqual(ok(proved));
    expect(await purchaseProof(held, '0005')).toEqual(ok(proved));
    finished(card);
  });
});
