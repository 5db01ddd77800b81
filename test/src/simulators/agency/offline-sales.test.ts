import { describe, expect, it } from 'vitest';
import type { OfflineProof } from '#core/domain/offline-proof';
import { ManualClock } from '#core/manual-clock';
import { fen } from '#core/money';
import { insuredHolder } from '#simulators/agency/training-persons';
import { Caller, fenOf, node, oneBox, start } from './caller.ts';
import {
  cardProof,
  contentOf,
  enrolledKey,
  offlineHolder,
  TestKey,
  totalOf,
  upload,
} from './offline-proofs.ts';

const MINUTE = 60_000;
const morning = Date.parse('2026-11-20T09:00:00+08:00');
const total = totalOf(oneBox);

/** A shop that sold offline at nine and whose link came back an hour later. */
async function shopAfterOutage() {
  const clock = new ManualClock(morning);
  const agency = await start({ clock });
  const caller = new Caller(agency, clock);
  const key = await enrolledKey(agency, caller);
  clock.advance(MINUTE);
  const sale = { number: 'S1', atMs: clock.nowMs() };
  clock.advance(60 * MINUTE);
  await caller.signIn();
  const proof = cardProof({ ...sale, total, account: 20_00n });
  return { clock, agency, caller, key, sale, proof, signed: key.sign(proof) };
}
type Shop = Awaited<ReturnType<typeof shopAfterOutage>>;

const send = (shop: Shop, proof: OfflineProof, sale = shop.sale) =>
  upload(shop.caller, oneBox, sale, contentOf(proof));
const booked = (shop: Shop, number = 'S1') => shop.agency.control.chargesOf(number).records.length;

describe('the upload of an offline sale', () => {
  it.each(['card-tac', 'module-mac'] as const)('books a sale that is proved by %s', async (kind) => {
    const shop = await shopAfterOutage();
    const proof = shop.key.sign(cardProof({ ...shop.sale, total, account: 20_00n }, kind));
    const answer = await send(shop, proof);
    expect(answer).toMatchObject({ infcode: '0' });
    // The split is the agency's own: what it pays otherwise than the card did is the terminal's to adjust.
    expect(fenOf(node(answer.output, 'setlinfo'), 'acct_pay')).toBe(25_00n);
    expect(shop.agency.control.offlineSales()).toMatchObject([
      { saleNumber: 'S1', terminalSequence: '0000002A', signedBy: kind, keyId: shop.key.keyId },
    ]);
    expect(shop.agency.control.violations()).toEqual([]);
  });

  it('refuses old times without a proof, and books them where no proof is asked for', async () => {
    const shop = await shopAfterOutage();
    const answer = await upload(shop.caller, oneBox, shop.sale, undefined);
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('没有脱机凭据') });
    expect(booked(shop)).toBe(0);

    const clock = new ManualClock(morning);
    const lenient = await start({ clock, behaviour: { requireOfflineProof: false } });
    const caller = new Caller(lenient, clock);
    await caller.signIn();
    const sale = { number: 'S1', atMs: morning - 60 * MINUTE };
    expect(await upload(caller, oneBox, sale, undefined)).toMatchObject({ infcode: '0' });
  });

  it.each([
    ['an identity number', '02', () => offlineHolder.certificateNumber],
    [
      'an electronic certificate',
      '01',
      async ({ caller, agency }: Shop) => {
        const issued = agency.control.issueCertificate(offlineHolder.personNumber);
        const decoded = await caller.decode(issued?.qrText ?? '');
        return node(decoded.output, 'data')['ecToken'];
      },
    ],
  ])('refuses %s, with and without a proof', async (_what, type, numberOf) => {
    const shop = await shopAfterOutage();
    const medium = { mdtrt_cert_type: type, mdtrt_cert_no: await numberOf(shop) };
    for (const content of [undefined, contentOf(shop.signed)]) {
      const answer = await upload(shop.caller, oneBox, shop.sale, content, medium);
      expect(answer.text).toContain('脱机结算只能使用社会保障卡');
    }
    expect(booked(shop)).toBe(0);
  });

  it('takes the same sale again after its reversal, and its counter for no other sale', async () => {
    const shop = await shopAfterOutage();
    const message = shop.caller.settlement(offlineHolder, oneBox, 'S1', {
      mdtrt_cert_type: '03',
      mdtrt_cert_no: offlineHolder.card?.cardNumber,
      begntime: '2026-11-20 09:01:00',
      exp_content: contentOf(shop.signed),
    });
    expect(await shop.caller.post('2102', message)).toMatchObject({ infcode: '0' });
    await shop.caller.reversal(offlineHolder, String(message['msgid']));
    expect(await send(shop, shop.signed)).toMatchObject({ infcode: '0' });

    const other = { number: 'S2', atMs: shop.sale.atMs };
    const again = shop.key.sign(cardProof({ ...other, total, account: 20_00n }));
    expect(await send(shop, again, other)).toMatchObject({
      infcode: '-1',
      text: expect.stringContaining('终端交易序号已用于其他交易'),
    });
    expect(booked(shop, 'S2')).toBe(0);
  });
});

describe('an altered or forged proof is refused and booked nowhere', () => {
  const altered: readonly [string, (proof: OfflineProof) => OfflineProof, string][] = [
    ['sale number', (proof) => ({ ...proof, saleNumber: 'S9' }), '与发票号不符'],
    [
      'card',
      (proof) => ({ ...proof, cardId: insuredHolder('employee').card?.cardId ?? '' }),
      '与参保人员不符',
    ],
    ['region', (proof) => ({ ...proof, region: '990101' }), '与登记不符'],
    [
      'historical bytes',
      (proof) => ({ ...proof, historicalBytes: `${proof.historicalBytes.slice(0, -1)}F` }),
      'TAC',
    ],
    ['algorithm', (proof) => ({ ...proof, algorithm: 'sm4' }), '与登记不符'],
    ['terminal', (proof) => ({ ...proof, terminalNumber: '990100000002' }), 'TAC'],
    ['terminal counter', (proof) => ({ ...proof, terminalSequence: '0000002B' }), 'TAC'],
    ['time', (proof) => ({ ...proof, time: '20261120090101' }), '时间与交易时间不符'],
    [
      'account and own pay',
      (proof) => ({ ...proof, account: fen(proof.account + 1n), own: fen(proof.own - 1n) }),
      'TAC',
    ],
    ['sum', (proof) => ({ ...proof, account: fen(proof.account + 1n) }), '金额合计'],
    [
      'own pay and pool',
      (proof) => ({ ...proof, own: fen(proof.own - 1n), pool: fen(proof.pool + 1n) }),
      'TAC',
    ],
    [
      'TAC',
      (proof) => ({
        ...proof,
        signature: { kind: 'card-tac', cardSequence: '0007', tac: '00000000', type: '32' },
      }),
      'TAC',
    ],
    [
      'transaction type',
      (proof) =>
        proof.signature.kind === 'card-tac'
          ? { ...proof, signature: { ...proof.signature, type: '31' } }
          : proof,
      'TAC',
    ],
    [
      'card counter',
      (proof) =>
        proof.signature.kind === 'card-tac'
          ? { ...proof, signature: { ...proof.signature, cardSequence: '0008' } }
          : proof,
      '终端签名不符',
    ],
    ['blacklist version', (proof) => ({ ...proof, blacklistVersion: '0000000002' }), '终端签名不符'],
    [
      'signature',
      (proof) => ({ ...proof, terminal: { keyId: proof.terminal?.keyId ?? '', signature: '1'.repeat(128) } }),
      '终端签名不符',
    ],
    [
      'key',
      (proof) => ({
        ...proof,
        terminal: { keyId: '0'.repeat(16), signature: proof.terminal?.signature ?? '' },
      }),
      '终端密钥未注册',
    ],
  ];

  it.each(altered)('by its %s', async (_field, change, words) => {
    const shop = await shopAfterOutage();
    const answer = await send(shop, change(shop.signed));
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining(words) });
    expect(booked(shop)).toBe(0);
    expect(shop.agency.control.account(offlineHolder.personNumber)?.balance).toBe(
      offlineHolder.openingBalance,
    );
  });

  it.each([
    [
      'an amount of the module’s sale',
      (proof: OfflineProof) => ({ ...proof, account: fen(19_99n), own: fen(5_01n) }),
    ],
    [
      'the module’s factor',
      (proof: OfflineProof) => ({ ...proof, signature: { ...proof.signature, factor: 'FF00'.repeat(4) } }),
    ],
  ] as const)('by %s', async (_field, change) => {
    const shop = await shopAfterOutage();
    const proof = shop.key.sign(cardProof({ ...shop.sale, total, account: 20_00n }, 'module-mac'));
    const answer = await upload(shop.caller, oneBox, shop.sale, contentOf(change(proof)));
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('MAC') });
    expect(booked(shop)).toBe(0);
  });

  it('when the basket is not the one that was signed', async () => {
    const shop = await shopAfterOutage();
    const dearer = [{ code: 'XA-JIA', count: 20_000n, price: 13_000_000n }];
    const answer = await upload(shop.caller, dearer, shop.sale, contentOf(shop.signed));
    expect(answer.text).toContain('金额合计与医疗费总额不符');
  });

  it('when the times of the message are not those that were signed', async () => {
    const shop = await shopAfterOutage();
    const answer = await upload(shop.caller, oneBox, shop.sale, contentOf(shop.signed), {
      begntime: '2026-11-20 09:02:00',
    });
    expect(answer.text).toContain('时间与交易时间不符');
  });

  it('when nobody signed for the terminal', async () => {
    const shop = await shopAfterOutage();
    expect((await send(shop, shop.proof)).text).toContain('没有终端签名');
  });

  it('when its time is still to come', async () => {
    const shop = await shopAfterOutage();
    const sale = { number: 'S1', atMs: shop.clock.nowMs() + 60 * MINUTE };
    const proof = shop.key.sign(cardProof({ ...sale, total, account: 20_00n }));
    expect((await send(shop, proof, sale)).text).toContain('晚于当前时间');
  });

  it.each([
    ['no JSON', '{'],
    ['no proof', '{"offlineProof":{}}'],
    ['an amount as a number', '{"offlineProof":{"account":1}}'],
  ])('when it is %s', async (_what, content) => {
    const shop = await shopAfterOutage();
    const answer = await upload(shop.caller, oneBox, shop.sale, content);
    expect(answer.text).toContain('脱机凭据无法识别');
    expect(booked(shop)).toBe(0);
  });
});

describe('keys and cards that were good or bad at the time of the sale', () => {
  it('a key revoked after the sale still proves it, one revoked before does not', async () => {
    const after = await shopAfterOutage();
    expect(after.agency.control.revokeKey(after.key.keyId)).toBe(true);
    expect(await send(after, after.signed)).toMatchObject({ infcode: '0' });

    const before = await shopAfterOutage();
    before.agency.control.revokeKey(before.key.keyId);
    before.clock.advance(MINUTE);
    const sale = { number: 'S2', atMs: before.clock.nowMs() };
    before.clock.advance(60 * MINUTE);
    const proof = before.key.sign(cardProof({ ...sale, total, account: 20_00n }));
    expect((await send(before, proof, sale)).text).toContain('终端密钥在交易前已吊销');
  });

  it('a replaced key proves what it signed, and for a day also what it signs', async () => {
    const shop = await shopAfterOutage();
    const next = new TestKey();
    expect(await next.change(shop.caller, 'rotate', shop.key)).toMatchObject({ infcode: '0' });
    expect(await send(shop, shop.signed)).toMatchObject({ infcode: '0' });
    shop.clock.advance(25 * 60 * MINUTE);
    await shop.caller.signIn();
    const sale = { number: 'S2', atMs: shop.clock.nowMs() };
    const facts = { ...sale, total, account: 20_00n, sequence: '0000002B' };
    expect((await send(shop, shop.key.sign(cardProof(facts)), sale)).text).toContain('已更换');
    expect(await send(shop, next.sign(cardProof(facts)), sale)).toMatchObject({ infcode: '0' });
  });

  it('a key enrolled after the sale proves it: the terminal sold before it ever met the agency', async () => {
    const shop = await shopAfterOutage();
    const late = await enrolledKey(shop.agency, shop.caller);
    expect(await send(shop, late.sign(shop.proof))).toMatchObject({ infcode: '0' });
  });

  it('the key of another institution proves nothing', async () => {
    const shop = await shopAfterOutage();
    const message = shop.caller.settlement(offlineHolder, oneBox, 'S1', {
      mdtrt_cert_type: '03',
      mdtrt_cert_no: offlineHolder.card?.cardNumber,
      begntime: '2026-11-20 09:01:00',
      exp_content: contentOf(shop.signed),
    });
    const elsewhere = {
      ...message,
      fixmedins_code: 'P99010000002',
      msgid: String(message['msgid']).replace('P99010000001', 'P99010000002'),
      sign_no: await shop.caller.signInAt('P99010000002'),
    };
    expect((await shop.caller.post('2102', elsewhere)).text).toContain('终端密钥未注册');
  });

  it.each([
    ['its card id', offlineHolder.card?.cardId ?? ''],
    ['its card number', offlineHolder.card?.cardNumber ?? ''],
    ['a range', { from: 'Z00000000', to: 'Z0000099Z' }],
  ])(
    'a card on the blacklist by %s before the sale is refused, one listed later is not',
    async (_by, entry) => {
      const later = await shopAfterOutage();
      later.agency.control.blacklistAdd(entry);
      expect(await send(later, later.signed)).toMatchObject({ infcode: '0' });

      const sale = { number: 'S2', atMs: later.clock.nowMs() + MINUTE };
      later.clock.advance(30 * MINUTE);
      const proof = later.key.sign(cardProof({ ...sale, total, account: 20_00n, sequence: '0000002B' }));
      expect((await send(later, proof, sale)).text).toContain('黑名单');

      expect(later.agency.control.blacklistRemove(entry)).toBe(true);
      expect((await send(later, proof, sale)).text).toContain('黑名单');
      expect(booked(later, 'S2')).toBe(0);
    },
  );

  it('a card reported lost before the sale is refused, one reported later is not', async () => {
    const shop = await shopAfterOutage();
    const { cardId = '' } = offlineHolder.card ?? {};
    shop.agency.control.setCardStatus(cardId, 'lost');
    expect(await send(shop, shop.signed)).toMatchObject({ infcode: '0' });
    const sale = { number: 'S2', atMs: shop.clock.nowMs() + MINUTE };
    shop.clock.advance(30 * MINUTE);
    const proof = shop.key.sign(cardProof({ ...sale, total, account: 20_00n, sequence: '0000002B' }));
    expect((await send(shop, proof, sale)).text).toContain('挂失');
    expect(booked(shop, 'S2')).toBe(0);
  });
});

describe('what was reported before the sale and reached the agency later', () => {
  const words = {
    lost: (shop: Shop, sinceMs: number) =>
      shop.agency.control.setCardStatus(offlineHolder.card?.cardId ?? '', 'lost', sinceMs),
    blacklisted: (shop: Shop, sinceMs: number) =>
      shop.agency.control.blacklistAdd(offlineHolder.card?.cardNumber ?? '', sinceMs),
    revoked: (shop: Shop, sinceMs: number) => shop.agency.control.revokeKey(shop.key.keyId, sinceMs),
  };

  it.each([
    ['lost', '挂失'],
    ['blacklisted', '黑名单'],
    ['revoked', '吊销'],
  ] as const)('counts by its own time: %s', async (what, text) => {
    const shop = await shopAfterOutage();
    words[what](shop, shop.sale.atMs - 1000);
    expect((await send(shop, shop.signed)).text).toContain(text);
    expect(booked(shop)).toBe(0);
  });
});

describe('old times that are no offline sale', () => {
  const medium = { mdtrt_cert_type: '03', mdtrt_cert_no: offlineHolder.card?.cardNumber };
  const begun = { ...medium, begntime: '2026-11-20 09:00:00' };

  async function onlineShop() {
    const clock = new ManualClock(morning);
    const agency = await start({ clock });
    const caller = new Caller(agency, clock);
    await caller.signIn();
    return { clock, agency, caller };
  }

  it('a basket that was held for an hour and tried just now is sold online', async () => {
    const { clock, caller } = await onlineShop();
    clock.advance(60 * MINUTE);
    await caller.call('2101', caller.basket(offlineHolder, oneBox, begun));
    clock.advance(2 * MINUTE);
    expect(await caller.post('2102', caller.settlement(offlineHolder, oneBox, 'S1', begun))).toMatchObject({
      infcode: '0',
    });
  });

  it('a lost settlement that was reversed hours later is settled anew, another person’s is not', async () => {
    const { clock, agency, caller } = await onlineShop();
    await caller.call('2101', caller.basket(offlineHolder, oneBox, begun));
    const lost = caller.settlement(offlineHolder, oneBox, 'S1', begun);
    clock.advance(180 * MINUTE);
    const anew = () => caller.post('2102', caller.settlement(offlineHolder, oneBox, 'S1', begun));
    expect((await anew()).text).toContain('没有脱机凭据');
    await caller.reversal(insuredHolder('employee'), String(lost['msgid']));
    expect((await anew()).text).toContain('没有脱机凭据');
    await caller.reversal(offlineHolder, String(lost['msgid']));
    expect(await anew()).toMatchObject({ infcode: '0' });
    expect(agency.control.chargesOf('S1').standing).toHaveLength(1);
  });
});
