import { describe, expect, it } from 'vitest';
import { transactionPaths } from '#simulators/agency/paths';
import { insuredHolder, trainingInsuredPersons } from '#simulators/agency/training-persons';
import { trainingPersons } from '#simulators/cards/training-cards';
import { Caller, fenOf, node, oneBox, rows, start } from './caller.ts';

const cardA = insuredHolder('A');
const cardB = insuredHolder('B');
const cardC = insuredHolder('C');
const byName = (name: string) => trainingInsuredPersons.find((person) => person.name === name)!;

async function terminal(options = {}) {
  const agency = await start(options);
  const caller = new Caller(agency);
  await caller.signIn();
  return { agency, caller };
}

describe('sign-in', () => {
  it('gives a sign-in number, ends it at sign-out and refuses it afterwards', async () => {
    const { caller } = await terminal();
    expect(caller.signNumber).toMatch(/^\d{8}$/);
    const out = await caller.call('9002', { signOut: { sign_no: caller.signNumber, opter_no: '0103' } });
    expect(out.infcode).toBe('0');
    const again = await caller.call('9002', { signOut: { sign_no: caller.signNumber } });
    expect(again).toMatchObject({ infcode: '-1', text: expect.stringContaining('签到编号无效') });
  });

  it('refuses a settlement without a valid sign-in', async () => {
    const { agency, caller } = await terminal();
    agency.control.expireSignIns();
    const stale = await caller.post('2102', caller.settlement(cardA, oneBox, 'S1'));
    expect(stale.text).toContain('签到编号无效');
    caller.signNumber = '';
    const none = await caller.post('2102', caller.settlement(cardA, oneBox, 'S1'));
    expect(none.text).toContain('签到编号无效');
    expect(agency.control.settlements()).toEqual([]);
  });
});

describe('1101', () => {
  it('finds a person by card number with card identification code and tells the balance', async () => {
    const { caller } = await terminal();
    const answer = await caller.call('1101', {
      data: { mdtrt_cert_type: '03', mdtrt_cert_no: cardC.card!.cardNumber, card_sn: cardC.card!.cardId },
    });
    expect(answer.infcode).toBe('0');
    expect(node(answer.output, 'baseinfo')).toMatchObject({ psn_no: cardC.personNumber, psn_name: '张三' });
    const [insurance] = rows(answer.output, 'insuinfo');
    expect(insurance).toMatchObject({ insutype: '310', psn_type: '1101', insuplc_admdvs: '990100' });
    expect(fenOf(insurance!, 'balc')).toBe(268_50n);
  });

  it('refuses a card number with the code of another card', async () => {
    const { caller } = await terminal();
    const answer = await caller.call('1101', {
      data: { mdtrt_cert_type: '03', mdtrt_cert_no: cardC.card!.cardNumber, card_sn: cardA.card!.cardId },
    });
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('未查询到人员') });
  });

  it('asks for a name when one identity number belongs to two persons', async () => {
    const { caller } = await terminal();
    const data = { mdtrt_cert_type: '02', mdtrt_cert_no: cardA.certificateNumber };
    const unclear = await caller.call('1101', { data });
    expect(unclear).toMatchObject({ infcode: '-1', text: expect.stringContaining('多个参保人员') });
    const clear = await caller.call('1101', { data: { ...data, psn_name: cardA.name } });
    expect(node(clear.output, 'baseinfo')['psn_no']).toBe(cardA.personNumber);
  });

  it('tells a stopped insurance by its state', async () => {
    const { caller } = await terminal();
    const stopped = byName('冯停保');
    const answer = await caller.call('1101', {
      data: { mdtrt_cert_type: '02', mdtrt_cert_no: stopped.certificateNumber },
    });
    expect(rows(answer.output, 'insuinfo')[0]).toMatchObject({ psn_insu_stas: '2' });
  });
});

describe('card service', () => {
  const factors = {
    aaa311: '99AABBCCDDEEFF00',
    aaa312: '1122334455667788',
    aaa313: 'A1A2A3A4A5A6A7A8',
    aaa314: '0102030405060708',
  };

  it('computes the authentication data of the reference for an SM4 card', async () => {
    const { caller } = await terminal();
    const answer = await caller.call('1903', {
      data: {
        aab301: '990100',
        aaz501: cardC.card!.cardId,
        aaz507: trainingPersons.find(({ trainingCardId }) => trainingCardId === 'C')!.historicalBytes,
        aaa254: '03',
        ...factors,
      },
    });
    expect(node(answer.output, 'result')).toEqual({
      aaa315: 'BFD28641074F2AE21122334455667788',
      aaa316: 'A19589AFC60529700102030405060708',
    });
  });

  it('computes the 3DES answer of the reference and refuses an algorithm that is not public', async () => {
    const { caller } = await terminal();
    const data = {
      aab301: '990100',
      aaz501: cardB.card!.cardId,
      aaz507: '00810000028699990100000002',
      aaa254: '01',
      ...factors,
    };
    const answer = await caller.call('1903', { data });
    expect(node(answer.output, 'result')['aaa315']).toBe('B883F3A335737A1F1122334455667788');
    const closed = await caller.call('1903', { data: { ...data, aaa254: '02' } });
    expect(closed).toMatchObject({ infcode: '-1', text: expect.stringContaining('不支持该卡算法') });
    const region = await caller.call('1903', { data: { ...data, aab301: '990200' } });
    expect(region.text).toContain('发卡地区与卡识别码不符');
  });

  it('tells valid and lost cards, and a change by control', async () => {
    const { agency, caller } = await terminal();
    const ask = async (person = cardA) => {
      const { cardId, cardNumber } = person.card!;
      const answer = await caller.call('1904', {
        data: { aab301: '990100', aaz501: cardId, aaz500: cardNumber },
      });
      return node(answer.output, 'result')['aaz502'];
    };
    expect(await ask()).toBe('1');
    expect(await ask(insuredHolder('lost'))).toBe('2');
    agency.control.setCardStatus(cardA.card!.cardId, 'replaced');
    expect(await ask()).toBe('3');
    const unknown = await caller.call('1904', {
      data: { aab301: '990100', aaz501: '0'.repeat(32), aaz500: 'Z99999999' },
    });
    expect(unknown.infcode).toBe('-1');
  });
});

describe('2101 and 2102', () => {
  it('books nothing on a trial and the same sums on the settlement', async () => {
    const { agency, caller } = await terminal();
    const trial = await caller.call('2101', caller.basket(cardA, oneBox));
    expect(trial.infcode).toBe('0');
    expect(node(trial.output, 'setlinfo')).not.toHaveProperty('setl_id');
    expect(agency.control.settlements()).toEqual([]);
    const message = caller.settlement(cardA, oneBox, 'S1');
    const settled = await caller.post('2102', message);
    const info = node(settled.output, 'setlinfo');
    for (const field of ['medfee_sumamt', 'fund_pay_sumamt', 'acct_pay', 'psn_cash_pay', 'balc'])
      expect(fenOf(info, field)).toBe(fenOf(node(trial.output, 'setlinfo'), field));
    expect(info['medins_setl_id']).toBe(message['msgid']);
    expect(fenOf(info, 'balc')).toBe(475_00n);
    expect(agency.control.account(cardA.personNumber)).toMatchObject({
      balance: 475_00n,
      years: [{ scheme: '310', deductible: 25_00n, fund: 0n }],
    });
    expect(agency.control.chargesOf('S1')).toMatchObject({ account: 25_00n, fund: 0n });
    expect(agency.control.events()).toMatchObject([{ kind: 'settled', account: 25_00n }]);
  });

  it('refuses a second settlement under a message id that is booked, and charges once', async () => {
    const { agency, caller } = await terminal();
    const message = caller.settlement(cardA, oneBox, 'S1');
    expect((await caller.post('2102', message)).infcode).toBe('0');
    const again = await caller.post('2102', message);
    expect(again).toMatchObject({ infcode: '-1', text: expect.stringContaining('报文ID重复') });
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(475_00n);
    expect(agency.control.violations()).toMatchObject([{ infno: '2102', field: 'msgid' }]);
  });

  it('refuses other bytes under a message id that was used', async () => {
    const { caller } = await terminal();
    const message = caller.settlement(cardA, oneBox, 'S1');
    await caller.post('2102', message);
    const other = await caller.post('2601', {
      ...caller.envelope('2601', { data: { psn_no: 'x', omsgid: 'y', oinfno: '2102' } }),
      msgid: message['msgid'],
    });
    expect(other.text).toContain('报文ID重复');
  });

  it('serves residents without an account and takes their share in cash', async () => {
    const { caller } = await terminal();
    const lines = [{ code: 'XA-JIA', count: 100_000n, price: 15_000_000n }];
    const settled = await caller.post('2102', caller.settlement(cardB, lines, 'S1'));
    const info = node(settled.output, 'setlinfo');
    // (150.00 − 100.00) × 50 %
    expect(fenOf(info, 'hifp_pay')).toBe(25_00n);
    expect(fenOf(info, 'acct_pay')).toBe(0n);
    expect(fenOf(info, 'psn_cash_pay')).toBe(125_00n);
    expect(rows(settled.output, 'setldetail')).toMatchObject([{ fund_pay_type: '390100' }]);
  });

  it('refuses stopped insurance, foreign media, lost cards, wrong schemes and other regions', async () => {
    const { agency, caller } = await terminal();
    const lost = insuredHolder('lost');
    const stopped = byName('冯停保');
    const byCard = { mdtrt_cert_type: '03', mdtrt_cert_no: lost.card!.cardNumber };
    const refusals = [
      [stopped, {}, '暂停参保'],
      [cardA, { mdtrt_cert_no: cardB.certificateNumber }, '凭证与人员编号不符'],
      [lost, byCard, '已挂失'],
      [cardA, { insutype: '390' }, '没有此险种'],
      [cardA, { med_type: '11' }, '医疗类别不能'],
      [cardA, { psn_no: '99019999999999999999999999' }, '人员编号不存在'],
    ] as const;
    for (const [person, change, words] of refusals) {
      const answer = await caller.post('2102', caller.settlement(person, oneBox, 'S1', change));
      expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining(words) });
    }
    const elsewhere = { ...caller.settlement(cardA, oneBox, 'S1'), insuplc_admdvs: '990200' };
    expect((await caller.post('2102', elsewhere)).text).toContain('参保地');
    expect(agency.control.settlements()).toEqual([]);
  });
});

describe('2103', () => {
  it('gives back exactly what was taken, under an id of its own', async () => {
    const { agency, caller } = await terminal();
    const before = agency.control.account(cardC.personNumber)!.balance;
    const lines = [
      { code: 'XA-JIA', count: 200_000n, price: 30_000_000n },
      { code: 'ZC-BING', count: 10_000n, price: 28_800_000n },
    ];
    const settled = await caller.post('2102', caller.settlement(cardC, lines, 'S1'));
    const cancelled = await caller.cancellation(cardC, settled);
    const taken = node(settled.output, 'setlinfo');
    const given = node(cancelled.output, 'setlinfo');
    for (const field of ['medfee_sumamt', 'hifp_pay', 'fund_pay_sumamt', 'acct_pay', 'act_pay_dedc'])
      expect(fenOf(given, field)).toBe(-fenOf(taken, field));
    expect(fenOf(given, 'psn_pay')).toBe(-fenOf(taken, 'psn_part_amt'));
    expect(fenOf(given, 'cash_payamt')).toBe(-fenOf(taken, 'psn_cash_pay'));
    expect(given['setl_id']).not.toBe(taken['setl_id']);
    expect(given['pool_prop_selfpay']).toEqual(taken['pool_prop_selfpay']);
    const after = agency.control.account(cardC.personNumber)!;
    expect(after.balance).toBe(before);
    expect(fenOf(given, 'balc')).toBe(before);
    expect(after.years).toMatchObject([{ deductible: 0n, fund: 0n }]);
    expect(agency.control.chargesOf('S1').standing).toEqual([]);
  });

  it('refuses a second cancellation and foreign ids', async () => {
    const { agency, caller } = await terminal();
    const settled = await caller.post('2102', caller.settlement(cardA, oneBox, 'S1'));
    expect((await caller.cancellation(cardC, settled)).infcode).toBe('-1');
    await caller.cancellation(cardA, settled);
    const again = await caller.cancellation(cardA, settled);
    expect(again).toMatchObject({ infcode: '-1', text: expect.stringContaining('不能重复撤销') });
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(500_00n);
  });
});

describe('2601', () => {
  it('undoes a booked settlement, then refuses in the recorded words', async () => {
    const { agency, caller } = await terminal();
    const message = caller.settlement(cardA, oneBox, 'S1');
    await caller.post('2102', message);
    const reversed = await caller.reversal(cardA, String(message['msgid']));
    expect(reversed).toMatchObject({ infcode: '0', output: {} });
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(500_00n);
    expect(agency.control.chargesOf('S1')).toMatchObject({ standing: [], account: 0n });
    expect(agency.control.events().map((event) => event.kind)).toEqual(['settled', 'reversed']);
    const again = await caller.reversal(cardA, String(message['msgid']));
    expect(again.text).toContain(
      '冲正的结算信息退费结算标志不为未退费，不能办理冲正交易[iptPsnSetlMgtBO_4412]',
    );
  });

  it('refuses to undo what was cancelled, and undoes the cancellation itself', async () => {
    const { agency, caller } = await terminal();
    const message = caller.settlement(cardA, oneBox, 'S1');
    const settled = await caller.post('2102', message);
    const cancelled = await caller.cancellation(cardA, settled);
    const refused = await caller.reversal(cardA, String(message['msgid']));
    expect(refused.infcode).toBe('-1');
    const cancelId = String(node(cancelled.output, 'setlinfo')['medins_setl_id']);
    expect((await caller.reversal(cardA, cancelId, '2102')).text).toContain('原交易编号');
    expect((await caller.reversal(cardA, cancelId, '2103')).infcode).toBe('0');
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(475_00n);
    expect(agency.control.chargesOf('S1').standing).toHaveLength(1);
  });

  it('refuses a wrong person', async () => {
    const { agency, caller } = await terminal();
    const message = caller.settlement(cardA, oneBox, 'S1');
    await caller.post('2102', message);
    const answer = await caller.reversal(cardB, String(message['msgid']));
    expect(answer.text).toContain('人员编号与原交易不符');
    expect(agency.control.chargesOf('S1').standing).toHaveLength(1);
  });

  it('accepts an unknown original and books it all the same when it comes late', async () => {
    const { agency, caller } = await terminal();
    const message = caller.settlement(cardA, oneBox, 'S1');
    expect((await caller.reversal(cardA, String(message['msgid']))).infcode).toBe('0');
    expect(agency.control.reversals()).toMatchObject([{ found: false }]);
    expect((await caller.post('2102', message)).infcode).toBe('0');
    expect(agency.control.chargesOf('S1').standing).toMatchObject([{ afterReversal: true }]);
    expect((await caller.reversal(cardA, String(message['msgid']))).infcode).toBe('0');
    expect(agency.control.chargesOf('S1').standing).toEqual([]);
  });

  it('refuses an unknown original where the region does', async () => {
    const { caller } = await terminal({ behaviour: { refuseUnknownReversal: true } });
    const answer = await caller.reversal(cardA, caller.messageId());
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('未查询到原交易') });
  });
});

it('every transaction has an address of its own', () => {
  const paths = Object.values(transactionPaths);
  expect(new Set(paths).size).toBe(paths.length);
});
