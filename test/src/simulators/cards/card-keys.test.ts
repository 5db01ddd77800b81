import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import {
  authenticate,
  authenticationData,
  cardFactor,
  cardKey,
  chain,
  cityFactor,
  decrypt,
  encrypt,
  type KeyedAlgorithm,
  mac4,
  provinceFactor,
  sessionKey,
} from '#simulators/cards/card-keys';
import { type RootKeyName, testRootKey, testRootKeys } from '#simulators/cards/test-root-keys';
import { cryptoOf, fixture } from './examples.ts';

function cardOf(id: 'B' | 'C') {
  return { region: '990100', historicalBytes: fixture.cards[id].historicalBytes };
}

describe('factors', () => {
  it('come from the region for province and city, from the historical bytes for the card', () => {
    expect(toHex(provinceFactor('990100'))).toBe(fixture.factors.province);
    expect(toHex(cityFactor('990100'))).toBe(fixture.factors.city);
    for (const card of Object.values(fixture.cards)) {
      expect(toHex(cardFactor(card.historicalBytes))).toBe(card.cardFactor);
    }
  });
});

describe('card keys', () => {
  const rows: [RootKeyName, KeyedAlgorithm, 'B' | 'C', string, string][] = [
    ['IRK', 'sm4', 'C', 'GEN3-IA-EA-SM4', 'card_IRK'],
    ['RKSSSE', 'sm4', 'C', 'GEN3-IA-EA-SM4', 'card_RKSSSE'],
    ['PUK', 'sm4', 'C', 'PIN-RESET-SM4', 'card_PUK'],
    ['STK', 'sm4', 'C', 'PIN-RESET-SM4', 'card_STK'],
    ['IRK', 'tdes', 'B', 'GEN2-IA-3DES', 'card_IRK'],
    ['RK1DF04', 'tdes', 'B', 'PSAM-EA-DF04', 'card_RK1DF04'],
    ['PUK', 'tdes', 'B', 'PIN-RESET-3DES', 'card_PUK'],
    ['STK', 'tdes', 'B', 'PIN-RESET-3DES', 'card_STK'],
    ['DPK', 'tdes', 'B', 'DEBIT', 'card_DPK'],
    ['DTK', 'tdes', 'B', 'DEBIT', 'card_DTK'],
  ];

  it.each(rows)('%s under %s on card %s is the one of %s', (root, algorithm, id, where, name) => {
    const key = cardKey(algorithm, fromHex(testRootKey(root, algorithm)), cardOf(id));
    expect(toHex(key)).toBe(cryptoOf(where, name));
  });

  it('of the example roots are the shipped test roots', () => {
    expect(testRootKeys.IRK).toBe(cryptoOf('GEN3-IA-EA-SM4', 'root_IRK'));
    expect(testRootKeys.RKSSSE).toBe(cryptoOf('GEN3-IA-EA-SM4', 'root_RKSSSE'));
    expect(testRootKeys.RK1DF04).toBe(cryptoOf('PSAM-EA-DF04', 'root_RK1DF04'));
  });
});

describe('authentication data', () => {
  it('of internal and external authentication under SM4 agree with the examples', () => {
    const internal = authenticationData(
      'sm4',
      testRootKeys.IRK,
      cardOf('C'),
      '99AABBCCDDEEFF00',
      '1122334455667788',
    );
    const external = authenticationData(
      'sm4',
      testRootKeys.RKSSSE,
      cardOf('C'),
      'A1A2A3A4A5A6A7A8',
      '0102030405060708',
    );
    expect(internal).toBe(cryptoOf('GEN3-IA-EA-SM4', 'ia'));
    expect(external).toBe(cryptoOf('GEN3-IA-EA-SM4', 'ea'));
  });

  it('under 3DES agree with the examples, with factors of four and eight bytes', () => {
    const data = authenticationData(
      'tdes',
      testRootKeys.IRK,
      cardOf('B'),
      '99AABBCCDDEEFF00',
      '1122334455667788',
    );
    expect(data).toBe('B883F3A335737A1F');
    const short = authenticationData('tdes', testRootKeys.IRK, cardOf('B'), '99AABBCC', '1122334455667788');
    const long = authenticationData(
      'tdes',
      testRootKeys.IRK,
      cardOf('B'),
      '99AABBCC00000000',
      '1122334455667788',
    );
    expect(short).toBe(long);
  });
});

describe('secured messages', () => {
  it.each([
    ['PIN-RESET-SM4', 'sm4', '03123456800000000000000000000000', '8424000114'],
    ['PIN-RESET-3DES', 'tdes', '0312345680000000', '842400010C'],
  ] as const)('%s: session key, cipher and MAC agree', (id, algorithm, plain, header) => {
    const session = sessionKey(algorithm, fromHex(cryptoOf(id, 'card_STK')), fromHex('CC01CC02CC03CC04'));
    expect(toHex(session)).toBe(cryptoOf(id, 'session_key'));
    const cipher = encrypt(algorithm, session, fromHex(plain));
    expect(toHex(cipher)).toBe(cryptoOf(id, 'cipher'));
    expect(toHex(decrypt(algorithm, session, cipher))).toBe(plain);
    expect(toHex(mac4(algorithm, session, fromHex(header + toHex(cipher))))).toBe(cryptoOf(id, 'mac'));
  });

  it('the unblocking MAC of the security module is the card rule in one block', () => {
    const key = fromHex(cryptoOf('PIN-UNBLOCK-3DES', 'card_STK'));
    const session = sessionKey('tdes', key, fromHex('DD01DD02DD03DD04'));
    expect(toHex(session)).toBe(cryptoOf('PIN-UNBLOCK-3DES', 'session_key'));
    const block = chain('tdes', session, new Uint8Array(8), fromHex('8424000004800000'));
    expect(toHex(block.slice(0, 4))).toBe(cryptoOf('PIN-UNBLOCK-3DES', 'mac'));
    expect(toHex(mac4('tdes', session, fromHex('8424000004')))).toBe(cryptoOf('PIN-UNBLOCK-3DES', 'mac'));
  });

  it('the purchase examples come out with the same rules: MAC1, MAC2 and TAC', () => {
    const value = (name: string): Uint8Array => fromHex(cryptoOf('DEBIT', name));
    const session = sessionKey('tdes', value('card_DPK'), fromHex('DEADBEEF0005002A'));
    expect(toHex(session)).toBe(cryptoOf('DEBIT', 'SESPK'));
    expect(toHex(mac4('tdes', session, value('MAC1_input')))).toBe(cryptoOf('DEBIT', 'MAC1'));
    expect(toHex(mac4('tdes', session, value('MAC2_input')))).toBe(cryptoOf('DEBIT', 'MAC2'));
    const dtk = value('card_DTK');
    const tacKey = dtk.slice(0, 8).map((byte, index) => byte ^ (dtk[index + 8] ?? 0));
    expect(toHex(tacKey)).toBe(cryptoOf('DEBIT', 'TAC_key'));
    expect(toHex(mac4('tdes', tacKey, value('TAC_input')))).toBe(cryptoOf('DEBIT', 'TAC'));
  });
});

it('authentication folds a 16-byte block and keeps an 8-byte one', () => {
  expect(authenticate('sm4', new Uint8Array(16), new Uint8Array(8))).toHaveLength(8);
  expect(authenticate('tdes', new Uint8Array(8), new Uint8Array(8))).toHaveLength(8);
});
