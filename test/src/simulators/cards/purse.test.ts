import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { fen } from '#core/money';
import { type CardFacts, historicalBytesOf } from '#simulators/cards/card-facts';
import {
  authenticationData,
  cardFactor,
  cardKey,
  cityFactor,
  mac4,
  sessionKey,
} from '#simulators/cards/card-keys';
import { loadKey, loadMac1, loadMac2, loadTac } from '#simulators/cards/load-codes';
import { expectedTac } from '#simulators/cards/offline-codes';
import { VirtualPsam } from '#simulators/cards/psam';
import { socialSecurityCard } from '#simulators/cards/social-security-card';
import { testRootKey } from '#simulators/cards/test-root-keys';
import { trainingFacts } from '#simulators/cards/training-facts';
import { trainingPsam } from '#simulators/cards/training-psam';
import { VirtualCard } from '#simulators/cards/virtual-card';
import {
  amount,
  debit,
  initialize,
  initSam,
  openMedical,
  openModule,
  type Purchase,
  send,
  sendAll,
  TERMINAL,
  TIME,
} from './purchase-steps.ts';

type Money = NonNullable<CardFacts['money']>;

const kinds = {
  '3DES': trainingFacts.offlineCard,
  SM4: { ...trainingFacts.secondEmployee, money: { balance: 300_00n, year: 2026 } },
} as const satisfies Record<string, CardFacts>;

function counter(facts: CardFacts, money: Partial<Money> = {}) {
  const own = { ...facts, money: { balance: 300_00n, year: 2026, ...money } };
  const card = new VirtualCard(socialSecurityCard(own), { transport: 'one-step' });
  const module = new VirtualPsam(trainingPsam(), 'one-step');
  card.powerOn();
  module.powerOn();
  openMedical(card);
  openModule(module, facts.algorithm);
  const factors = toHex(cardFactor(historicalBytesOf(facts))) + toHex(cityFactor(facts.region));
  const purchase = (account: number, rest: Partial<Purchase> = {}): Purchase => ({
    algorithm: facts.algorithm,
    factors,
    account,
    ...rest,
  });
  const buy = (terms: Purchase): string =>
    debit(card, initSam(module, initialize(card, terms), terms), terms.time);
  return { card, module, purchase, buy };
}

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('a purchase with a %s card', (kind) => {
  const facts = kinds[kind];

  it('deducts, counts up, lists the purchase, and its TAC is the one that the agency computes', () => {
    const { card, module, purchase, buy } = counter(facts);
    const answer = buy(purchase(12_50, { own: 3_00, pool: 45_00 }));
    expect(answer).toMatch(/^[0-9A-F]{16}9000$/);
    const tac = expectedTac({
      region: facts.region,
      historicalBytes: historicalBytesOf(facts),
      algorithm: facts.algorithm,
      account: fen(12_50n),
      own: fen(3_00n),
      pool: fen(45_00n),
      type: '32',
      terminalNumber: TERMINAL,
      terminalSequence: '00000001',
      time: TIME,
    });
    expect(answer.slice(0, 8)).toBe(tac);
    expect(send(module, `8072000004${answer.slice(8, 16)}`)).toBe('9000');
    expect(card.balance).toBe(287_50n);
    expect(sendAll(card, 'B026000104', 'B026000206', 'B026000306')).toEqual([
      `${amount(287_50)}9000`,
      `${amount(3_00)}20269000`,
      `${amount(45_00)}20269000`,
    ]);
    expect(send(card, '00B201441C')).toBe(
      `000132${TERMINAL}${TIME}${amount(12_50)}${amount(3_00)}${amount(45_00)}9000`,
    );
    expect(initialize(card, purchase(1)).slice(28, 32)).toBe('0002');
  });

  it('is refused with 9302 when the module signed another amount, and nothing is deducted', () => {
    const { card, module, purchase } = counter(facts);
    const terms = purchase(10_00);
    const signed = initSam(module, initialize(card, terms), purchase(9_00));
    expect(debit(card, signed)).toBe('9302');
    expect(card.balance).toBe(300_00n);
    expect(debit(card, signed)).toBe('6985');
    expect(sendAll(card, '00B201441C', 'B02E000202000108')).toEqual(['6A83', '9406']);
  });

  it('that was torn off is proved afterwards without a PIN, and only if it was written', () => {
    const { card, module, purchase, buy } = counter(facts);
    const answer = buy(purchase(5_00));
    card.powerOff();
    card.powerOn();
    send(card, '00A4000002DF04');
    const proof = `${answer.slice(8, 16)}${answer.slice(0, 8)}9000`;
    expect(sendAll(card, 'B02E000202000108', 'B02E003202000108')).toEqual([proof, proof]);
    expect(sendAll(card, 'B02E000202000208', 'B02E000102000108')).toEqual(['9406', '9406']);
    expect(sendAll(card, 'B02E000302000108', 'B02E00020200010208')).toEqual(['6A86', '6700']);
    expect(send(module, `8072000004${proof.slice(0, 8)}`)).toBe('9000');
  });
});

describe('money on the card', () => {
  const facts = trainingFacts.offlineCard;

  it('is closed without the PIN, also to a purchase', () => {
    const { card, purchase } = counter(facts);
    card.reset();
    send(card, '00A4000002DF04');
    expect(send(card, 'B026000104')).toBe('6982');
    expect(initialize(card, purchase(1_00))).toBe('6982');
    send(card, '0020000003123456');
    expect(send(card, 'B026000104')).toBe(`${amount(300_00)}9000`);
    send(card, '0020000003000000');
    expect(send(card, 'B026000104')).toBe('6982');
  });

  it('is not there outside DF04, nor on a card that keeps none', () => {
    const { card } = counter(facts);
    sendAll(card, '00A40000023F00', '0020000003123456');
    expect(send(card, 'B026000104')).toBe('6E00');
    const online = new VirtualCard(socialSecurityCard(trainingFacts.b), { transport: 'one-step' });
    online.powerOn();
    openMedical(online);
    expect(send(online, 'B026000104')).toBe('6E00');
    expect(online.balance).toBeUndefined();
  });

  it('refuses too large an amount 9401, an unknown key 9403, a full counter 9402, wrong data', () => {
    const { card, purchase } = counter(facts);
    expect(initialize(card, purchase(300_01))).toBe('9401');
    expect(initialize(card, purchase(300_00))).toMatch(/9000$/);
    expect(send(card, `B02801011302${amount()}${amount()}${amount()}${TERMINAL}16`)).toBe('9403');
    expect(send(card, `B02801011301${amount()}${amount()}${amount()}99010000000A16`)).toBe('6A80');
    expect(send(card, `B02801010701${TERMINAL}16`)).toBe('6700');
    expect(send(card, `B02802011301${amount()}${amount()}${amount()}${TERMINAL}16`)).toBe('6A86');
    expect(sendAll(card, 'B026000404', 'B026000100', 'B0FF000000')).toEqual(['6A86', '6C04', '6D00']);
    const worn = counter(facts, { sequence: 0xffff });
    expect(initialize(worn.card, worn.purchase(1))).toBe('9402');
  });

  it('forgets a begun purchase at any command in between, at another application and without power', () => {
    const between: [string, (card: VirtualCard) => void][] = [
      ['a challenge', (card) => send(card, '0084000008')],
      ['a balance', (card) => send(card, 'B026000104')],
      ['an unknown class', (card) => send(card, 'FF00000000')],
      [
        'another application',
        (card) => sendAll(card, '00A4000002DF03', '00A4000002DF04', '0020000003123456'),
      ],
      [
        'a reset',
        (card) => {
          card.reset();
          openMedical(card);
        },
      ],
    ];
    for (const [name, happen] of between) {
      const { card, module, purchase } = counter(facts);
      const terms = purchase(1_00);
      const signed = initSam(module, initialize(card, terms), terms);
      happen(card);
      expect(debit(card, signed), name).toBe('6985');
      expect(card.balance, name).toBe(300_00n);
    }
  });

  it('keeps the sums of one settlement year, which begins on the start day', () => {
    const { card, buy, purchase } = counter(facts, { startDay: '0701', ownSum: 7_00n, year: 2025 });
    buy(purchase(1_00, { own: 2_00, time: '20260630235959' }));
    expect(send(card, 'B026000206')).toBe(`${amount(9_00)}20259000`);
    buy(purchase(1_00, { own: 4_00, time: '20260701000000' }));
    expect(send(card, 'B026000206')).toBe(`${amount(4_00)}20269000`);
  });

  it('tells the start day and takes another behind the update key only', () => {
    const { card } = counter(facts);
    expect(sendAll(card, 'B056010002', 'B0560000020401')).toEqual(['01019000', '6982']);
    const challenge = send(card, '0084000008').slice(0, 16);
    const holder = { region: facts.region, historicalBytes: historicalBytesOf(facts) };
    const root = testRootKey('UK1DF04', 'tdes');
    const data = authenticationData('tdes', root, holder, challenge, '0102030405060708');
    expect(send(card, `0082008510${data}0102030405060708`)).toBe('9000');
    expect(sendAll(card, 'B0560000021332', 'B0560000020401', 'B056010002')).toEqual([
      '6A80',
      '9000',
      '04019000',
    ]);
  });

  it('keeps the last thirty transactions, newest first', () => {
    const { card, buy, purchase } = counter(facts);
    for (let count = 0; count < 31; count += 1) buy(purchase(1));
    expect(send(card, '00B201441C').slice(0, 4)).toBe('001F');
    expect(send(card, '00B21E441C').slice(0, 4)).toBe('0002');
    expect(send(card, '00B21F441C')).toBe('6A83');
    card.powerOff();
    card.powerOn();
    openMedical(card);
    expect(send(card, 'B026000104')).toBe(`${amount(299_69)}9000`);
  });

  it('asks for the type in P2 as number or as character when the card knows one of them only', () => {
    for (const [proofParameter, answers] of [
      ['number', [/9000$/, /6A86$/]],
      ['character', [/6A86$/, /9000$/]],
    ] as const) {
      const { card, buy, purchase } = counter(facts, { proofParameter });
      buy(purchase(1));
      expect(send(card, 'B02E000202000108')).toMatch(answers[0]);
      expect(send(card, 'B02E003202000108')).toMatch(answers[1]);
    }
  });

  it('is closed for good once the application is locked', () => {
    const { card, purchase } = counter(facts);
    const challenge = fromHex(send(card, '0084000008').slice(0, 16));
    const holder = { region: facts.region, historicalBytes: historicalBytesOf(facts) };
    const stk = cardKey('tdes', fromHex(testRootKey('STK', 'tdes')), holder);
    const lock = fromHex('841E000104');
    const mac = mac4('tdes', sessionKey('tdes', stk, challenge), lock);
    expect(send(card, toHex(concatBytes(lock, mac)))).toBe('9000');
    expect(initialize(card, purchase(1_00))).toBe('9303');
    expect(send(card, 'B02E000202000108')).toBe('9303');
  });

  it('of a forged card is refused by itself: the MAC of a true module does not fit its keys', () => {
    const facts = trainingFacts.offlineCard;
    const forged = new VirtualCard(socialSecurityCard(facts, { forgedKeys: true }), {
      transport: 'one-step',
    });
    forged.powerOn();
    openMedical(forged);
    const { module, purchase } = counter(facts);
    const terms = purchase(1_00);
    expect(debit(forged, initSam(module, initialize(forged, terms), terms))).toBe('9302');
  });
});

describe('loading', () => {
  const facts = trainingFacts.offlineCard;
  const holder = { region: facts.region, historicalBytes: historicalBytesOf(facts) };
  const dlk = cardKey('tdes', fromHex(testRootKey('DLK', 'tdes')), holder);
  const dtk = cardKey('tdes', fromHex(testRootKey('DTK', 'tdes')), holder);

  function begun(account: bigint) {
    const { card } = counter(facts);
    const answer = send(card, `B02800010B01${amount(Number(account))}${TERMINAL}10`);
    const [random, sequence] = [fromHex(answer.slice(16, 24)), fromHex(answer.slice(8, 12))];
    const key = loadKey('tdes', dlk, random, sequence);
    const terms = { amount: account, terminal: fromHex(TERMINAL), time: fromHex(TIME) };
    return { card, answer, key, terms, sequence };
  }

  it('adds under the MAC of the issuer, once, and answers a TAC', () => {
    const { card, answer, key, terms, sequence } = begun(50_00n);
    expect(answer).toHaveLength(2 * (16 + 2));
    const mac1 = loadMac1('tdes', key, { ...terms, balance: 300_00n });
    expect(answer.slice(24, 32)).toBe(toHex(mac1));
    const command = `B02A00000B${TIME}${toHex(loadMac2('tdes', key, terms))}04`;
    const tac = toHex(loadTac('tdes', dtk, { ...terms, balance: 350_00n, sequence }));
    expect(sendAll(card, command, command)).toEqual([`${tac}9000`, '6985']);
    expect(card.balance).toBe(350_00n);
    expect(send(card, '00B201441C').slice(0, 6)).toBe('000131');
    expect(send(card, 'B02E000102000108')).toBe(`${toHex(loadMac2('tdes', key, terms))}${tac}9000`);
  });

  it('without that MAC adds nothing', () => {
    const { card } = begun(50_00n);
    expect(send(card, `B02A00000B${TIME}0000000004`)).toBe('9302');
    expect(card.balance).toBe(300_00n);
    expect(send(card, `B02800010B01FFFFFFFF${TERMINAL}10`)).toBe('6985');
  });
});
