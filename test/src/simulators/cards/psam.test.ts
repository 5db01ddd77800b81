import { describe, expect, it } from 'vitest';
import { moduleProofText } from '#core/domain/offline-proof';
import { toHex } from '#core/hex';
import { fen } from '#core/money';
import { historicalBytesOf } from '#simulators/cards/card-facts';
import { cardFactor, cityFactor, type KeyedAlgorithm, provinceFactor } from '#simulators/cards/card-keys';
import { expectedModuleMac, expectedTac, terminalMacKey } from '#simulators/cards/offline-codes';
import { VirtualPsam } from '#simulators/cards/psam';
import { socialSecurityCard } from '#simulators/cards/social-security-card';
import { trainingFacts } from '#simulators/cards/training-facts';
import { type TrainingPsamOptions, trainingPsam } from '#simulators/cards/training-psam';
import { VirtualCard } from '#simulators/cards/virtual-card';
import { cryptoOf, fixture } from './examples.ts';
import {
  debit,
  initialize,
  initSam,
  openMedical,
  openModule,
  type Purchase,
  send,
  sendAll,
  TERMINAL,
} from './purchase-steps.ts';

const facts = trainingFacts.offlineCard;
const factors = [
  toHex(cardFactor(historicalBytesOf(facts))),
  toHex(cityFactor(facts.region)),
  toHex(provinceFactor(facts.region)),
];

function powered(options: TrainingPsamOptions = {}, algorithm: KeyedAlgorithm = 'tdes'): VirtualPsam {
  const module = new VirtualPsam(trainingPsam(options), 'one-step');
  module.powerOn();
  openModule(module, algorithm);
  return module;
}

function terms(levels: number): Purchase {
  return { algorithm: 'tdes', factors: factors.slice(0, levels).join(''), account: 1_00 };
}

/** What a card answers to INITIALIZE FOR PURCHASE: sequence 7, key version 1, 3DES, random DEADBEEF. */
const INITIALIZED = `${'0'.repeat(28)}00070100DEADBEEF9000`;

describe('INIT SAM FOR PURCHASE', () => {
  it.each([1, 2, 3] as const)('takes as many factors as levels are left (%i), else 6700', (levels) => {
    for (const sent of [1, 2, 3]) {
      const answer = initSam(powered({ purchaseLevels: levels }), INITIALIZED, terms(sent));
      expect(answer, `${sent} factors`).toMatch(sent === levels ? /^00000001.{8}9000$/ : /^6700$/);
    }
  });

  it('gives the same MAC1 however many levels were made at issue', () => {
    const answers = ([1, 2, 3] as const).map((levels) =>
      initSam(powered({ purchaseLevels: levels }), INITIALIZED, terms(levels)),
    );
    expect(new Set(answers).size).toBe(1);
  });

  it('counts up over power-off, in DF01/0019 too, and never repeats a number', () => {
    const module = powered({ terminalSequence: 0x1234 });
    const first = initSam(module, INITIALIZED, terms(2));
    module.powerOff();
    module.powerOn();
    openModule(module, 'tdes');
    const second = initSam(module, INITIALIZED, terms(2));
    expect([first, second].map((answer) => answer.slice(0, 8))).toEqual(['00001235', '00001236']);
    expect(sendAll(module, '00B0990004', '00A40000020019', '00B0000004').at(0)).toBe('000012369000');
    expect(module.terminalSequence).toBe(0x1236);
    expect(initSam(powered({ terminalSequence: 0xffff_ffff }), INITIALIZED, terms(2))).toBe('9402');
  });

  it('is refused without the key, for another version, under the other algorithm, outside DF01', () => {
    expect(initSam(powered({ without: ['DPK'] }), INITIALIZED, terms(2))).toBe('6A88');
    expect(initSam(powered(), INITIALIZED.replace('0701', '0702'), terms(2))).toBe('6A88');
    expect(initSam(powered({}, 'sm4'), INITIALIZED, terms(2))).toBe('6A88');
    const module = powered();
    send(module, '00A40000023F00');
    expect(initSam(module, INITIALIZED, terms(2))).toBe('6985');
    expect(sendAll(powered(), '8070000000', '8070010000', '8070010004DEADBEEF')).toEqual([
      '6A86',
      '6700',
      '6700',
    ]);
    expect(initSam(powered(), INITIALIZED, { ...terms(2), time: '2026031510300A' })).toBe('6A80');
  });
});

describe('CREDIT SAM FOR PURCHASE', () => {
  it('without a begun purchase is 6985, and a second look is not given', () => {
    const module = powered();
    expect(send(module, '807200000400000000')).toBe('6985');
    initSam(module, INITIALIZED, terms(2));
    expect(sendAll(module, '807200000400000000', '807200000400000000')).toEqual(['9302', '6985']);
  });

  it('answers a wrong MAC2 with 63CF on modules made so', () => {
    const module = powered({ wrongMac2: '63CF' });
    initSam(module, INITIALIZED, terms(2));
    expect(send(module, '807200000400000000')).toBe('63CF');
  });

  it('is over after power-off and after another application', () => {
    for (const leave of [
      (module: VirtualPsam) => module.reset(),
      (module: VirtualPsam) => send(module, '00A40000023F00'),
    ]) {
      const module = powered();
      initSam(module, INITIALIZED, terms(2));
      leave(module);
      expect(send(module, '807200000400000000')).toBe('6985');
    }
  });

  it("accepts the card's own MAC2 after an offline purchase", () => {
    const card = new VirtualCard(socialSecurityCard(facts), { transport: 'one-step' });
    card.powerOn();
    openMedical(card);
    const module = powered({ purchaseLevels: 1 });
    const answer = debit(card, initSam(module, initialize(card, terms(1)), terms(1)));
    expect(send(module, `8072000004${answer.slice(8, 16)}`)).toBe('9000');
  });
});

describe('signing a text', () => {
  const proof = {
    saleNumber: 'S20260315-0001',
    cardId: '990100D1560000050000000CA1B2C30C',
    terminalNumber: TERMINAL,
    terminalSequence: '00000002',
    time: '20260315103000',
    account: fen(12_50n),
    own: fen(0n),
    pool: fen(45_00n),
  };
  const factor = '1122334455667788';

  /** BF DE and 80 FA 05 for every block: the module ends a session key with its use. */
  function sign(module: VirtualPsam, algorithm: KeyedAlgorithm, text: string): string {
    const size = algorithm === 'sm4' ? 16 : 8;
    const bytes = Buffer.from(text, 'utf8').toString('hex').toUpperCase();
    const padding = '80'.padEnd(2 * size - (bytes.length % (2 * size)), '0');
    const random = factor.padEnd(2 * size, '0');
    let last = '0'.repeat(2 * size);
    for (const block of (bytes + padding).match(new RegExp(`.{${2 * size}}`, 'g')) ?? []) {
      expect(send(module, `BFDE0630${toHex(Uint8Array.of(size))}${random}`)).toBe('9000');
      last = send(module, `80FA0500${toHex(Uint8Array.of(2 * size))}${last}${block}`).slice(0, -4);
    }
    return last.slice(0, 8);
  }

  it.each(['tdes', 'sm4'] as const)('block by block under %s is what the agency computes', (algorithm) => {
    const module = powered({}, algorithm);
    const mac = sign(module, algorithm, moduleProofText(proof));
    expect(mac).toBe(expectedModuleMac({ ...proof, algorithm, factor }));
    const altered = { ...proof, account: fen(12_51n), algorithm, factor };
    expect(expectedModuleMac(altered)).not.toBe(mac);
    expect(expectedModuleMac({ ...proof, algorithm, factor: '1122334455667789' })).not.toBe(mac);
  });

  it('proves the terminal: another terminal has another key', () => {
    const other = powered({ terminalNumber: '990100000002' });
    expect(sign(other, 'tdes', moduleProofText(proof))).not.toBe(
      expectedModuleMac({ ...proof, algorithm: 'tdes', factor }),
    );
    expect(toHex(terminalMacKey('tdes', TERMINAL))).not.toBe(toHex(terminalMacKey('tdes', '990100000002')));
  });

  it('is refused by a module without the key, and the key ciphers nothing', () => {
    expect(send(powered({ without: ['TMK'] }), `BFDE063008${factor}`)).toBe('6A88');
    const module = powered();
    expect(sendAll(module, `BFDE063008${factor}`, `80FA000008${factor}`)).toEqual(['9000', '6985']);
  });
});

describe('files and makes', () => {
  it('each terminal tells its own number and serial', () => {
    const module = powered({ terminalNumber: '990100000017' });
    send(module, '00A40000023F00');
    expect(sendAll(module, '00B0960006', '00B095000F')).toEqual([
      '9901000000179000',
      '9999010000202001010017020000009000',
    ]);
    const named = powered({ serial: '99010000209912310042' });
    send(named, '00A40000023F00');
    expect(send(named, '00B095000F')).toBe('9999010000209912310042020000009000');
  });

  it('the purchase keys of nation, province and city stand in 001A to 001C', () => {
    const module = powered();
    expect(sendAll(module, '00B09A000A', '00B09B000A', '00B09C000A')).toEqual(
      Array(3).fill('010120200101209912319000'),
    );
  });

  it('for one algorithm only, the other environment is not found', () => {
    for (const [algorithm, present, absent] of [
      ['sm4', '33', '31'],
      ['tdes', '31', '33'],
    ] as const) {
      const module = new VirtualPsam(trainingPsam({ algorithms: [algorithm] }), 'one-step');
      module.powerOn();
      const select = (number: string): string =>
        send(module, `00A404000F7378${number}2E73682EC9E7BBE1B1A3D5CF`).slice(-4);
      expect([select(present), select(absent)]).toEqual(['9000', '6A82']);
    }
  });
});

describe('codes that the agency recomputes', () => {
  const debitExample = {
    region: '990100',
    historicalBytes: fixture.cards.B.historicalBytes,
    algorithm: 'tdes' as const,
    account: fen(12_50n),
    own: fen(3_00n),
    pool: fen(45_00n),
    type: '32',
    terminalNumber: TERMINAL,
    terminalSequence: '0000002A',
    time: '20240315103000',
  };

  it('the TAC of the DEBIT example comes out, from the fields alone', () => {
    expect(expectedTac(debitExample)).toBe(cryptoOf('DEBIT', 'TAC'));
  });

  it('every field counts: one altered, another TAC', () => {
    const changes = [
      { region: '990200' },
      { historicalBytes: fixture.cards.A.historicalBytes },
      { account: fen(12_51n) },
      { own: fen(3_01n) },
      { pool: fen(45_01n) },
      { type: '31' },
      { terminalNumber: '990100000002' },
      { terminalSequence: '0000002B' },
      { time: '20240315103001' },
      { algorithm: 'sm4' as const },
    ];
    for (const change of changes) {
      expect(expectedTac({ ...debitExample, ...change }), Object.keys(change)[0]).not.toBe(
        cryptoOf('DEBIT', 'TAC'),
      );
    }
  });

  it('amounts that no card can sign are a broken assumption', () => {
    expect(() => expectedTac({ ...debitExample, account: fen(-1n) })).toThrow(/four bytes/);
  });

  it('a terminal number that is none is a broken assumption', () => {
    expect(() => terminalMacKey('sm4', '99010000000A')).toThrow(/twelve digits/);
  });
});
