import { afterEach, describe, expect, test } from 'vitest';
import { createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext, PreparedMessage } from '#agency/port';
import { businessDay } from '#core/business-time';
import { type Clock, systemClock } from '#core/clock';
import { isBlacklisted } from '#core/domain/blacklist';
import type { Holder } from '#core/domain/holder';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { SettlementRequest } from '#core/domain/settlement';
import { terminalKeyText } from '#core/domain/terminal-key';
import { ManualClock } from '#core/manual-clock';
import { fen, price, quantity, yuan } from '#core/money';
import { generateSm2, signSm2, sm2KeyId } from '#core/sm2';
import type { InsuredPerson } from '#simulators/agency/person';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { insuredHolder } from '#simulators/agency/training-persons';
import type { TrainingCardId } from '#simulators/cards/training-cards';
import { trainingPolicies } from '../helpers/policies.ts';
import { cardProof, offlineHolder, TestKey } from '../src/simulators/agency/offline-proofs.ts';

/*
 * The terminal's protocol against the agency that ships for training: two readings of the same interface, made
 * apart from each other. What one sends the other must accept, and both must come to the same fen.
 */

const running: AgencySimulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.stop();
});

const operator = { number: '0103', name: '柜员乙', role: 'cashier' } as const;
const catalog = [
  { nationalCode: 'XA-JIA', class: 'A', firstSelfPayRatio: 0n },
  { nationalCode: 'XB-YI', class: 'B', firstSelfPayRatio: 1000n },
  { nationalCode: 'XB-CEILING', class: 'B', firstSelfPayRatio: 500n, ceiling: 30_000_000n },
  { nationalCode: 'ZC-BING', class: 'C', firstSelfPayRatio: 10_000n },
] as const;

interface Shop {
  readonly agency: AgencySimulator;
  readonly client: AgencyPort;
  readonly context: MessageContext;
  readonly holder: Holder;
}

async function openShop(clock: Clock = systemClock, card: TrainingCardId = 'employee'): Promise<Shop> {
  const xTif = { account: 'paas', token: 'secret' };
  const agency = await startAgencySimulator({ clock, catalog, policies: trainingPolicies(), xTif });
  running.push(agency);
  const client = createAgencyClient({
    baseUrl: agency.url,
    institution: { code: 'P99010699901', name: '虚构药房一号店' },
    region: '990106',
    deviceNumber: 'POS-03',
    xTif,
    relations: { firstSelfPayIsShare: true },
    clock,
    messageIds: volatileMessageIds(),
  });
  const signIn = await client.signIn({ operator, signInNumber: '' });
  if (signIn.kind !== 'success') throw new Error(JSON.stringify(signIn));
  const context = { operator, signInNumber: signIn.value.signInNumber };
  const holder = await holderOf(client, context, insuredHolder(card));
  return { agency, client, context, holder };
}

async function holderOf(
  client: AgencyPort,
  context: MessageContext,
  { card, name }: InsuredPerson,
): Promise<Holder> {
  if (card === undefined) throw new Error('the person has a card');
  const query = { medium: 'card', mediumNumber: card.cardNumber, cardId: card.cardId, name } as const;
  const holder = await client.person(query, context);
  if (holder.kind !== 'success') throw new Error(JSON.stringify(holder));
  return holder.value;
}

function basket(holder: Holder, saleNumber: string): SettlementRequest {
  const goods = [
    ['XA-JIA', '12.5', '20', '250.00'],
    ['XB-YI', '18.6', '1', '18.60'],
    ['XB-CEILING', '32', '1.5', '48.00'],
    ['ZC-BING', '28.8', '1', '28.80'],
  ] as const;
  return {
    personNumber: holder.personNumber,
    medium: holder.medium,
    mediumNumber: holder.mediumNumber,
    insuredRegion: holder.insurances[0]?.region ?? '',
    scheme: holder.insurances[0]?.scheme ?? '',
    beganAtMs: Date.now(),
    saleNumber,
    useAccount: true,
    total: yuan('345.40'),
    lines: goods.map(([nationalCode, unit, count, amount], index) => ({
      lineNumber: index + 1,
      nationalCode,
      shopCode: `G${index}`,
      quantity: quantity(count),
      price: price(unit),
      amount: yuan(amount),
      occurredAtMs: Date.now(),
    })),
  };
}

async function prepared(shop: Shop, saleNumber: string): Promise<PreparedMessage> {
  const message = shop.client.prepareSettlement(basket(shop.holder, saleNumber), shop.context);
  if (!message.ok) throw new Error(message.error.detail);
  return message.value;
}

describe('the terminal and the training agency', () => {
  test('a trial, a settlement and its cancellation agree with the agency’s books to the fen', async () => {
    const shop = await openShop();
    const trial = await shop.client.trial(basket(shop.holder, 'S1'), shop.context);
    if (trial.kind !== 'success') throw new Error(JSON.stringify(trial.fault));
    const message = await prepared(shop, 'S1');
    const settled = await shop.client.sendSettlement(message);
    if (settled.kind !== 'success') throw new Error(JSON.stringify(settled.fault));
    expect(settled.value.brokenRelations).toEqual([]);
    expect({ ...settled.value.split, reasons: [] }).toEqual({ ...trial.value.split, reasons: [] });
    const before = shop.holder.insurances[0]?.balance ?? 0n;
    expect(settled.value.split.balanceBefore).toBe(before);
    expect(shop.agency.control.account(shop.holder.personNumber)).toMatchObject({
      balance: before - settled.value.split.account,
    });

    const cancel = shop.client.prepareCancel(
      {
        personNumber: shop.holder.personNumber,
        insuredRegion: shop.holder.insurances[0]?.region ?? '',
        visitId: settled.value.visitId,
        settlementId: settled.value.settlementId ?? '',
      },
      shop.context,
    );
    const cancelled = cancel.ok ? await shop.client.sendCancel(cancel.value) : undefined;
    expect(cancelled).toMatchObject({ kind: 'success', warnings: [] });
    expect(shop.agency.control.account(shop.holder.personNumber)).toMatchObject({ balance: before });
    expect(shop.agency.control.violations()).toEqual([]);
    expect(Math.abs(shop.client.driftMs() ?? 1e9)).toBeLessThan(5000);
  });

  test('a lost reply is unknown, its reversal is accepted and nothing stays charged', async () => {
    const shop = await openShop();
    await shop.agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
    const message = await prepared(shop, 'S1');
    expect(await shop.client.sendSettlement(message)).toMatchObject({ kind: 'unknown' });
    const reversal = shop.client.prepareReversal(
      {
        personNumber: shop.holder.personNumber,
        insuredRegion: shop.holder.insurances[0]?.region ?? '',
        originalMessageId: message.messageId,
        originalTransaction: '2102',
      },
      shop.context,
    );
    const reversed = reversal.ok ? await shop.client.sendReversal(reversal.value) : undefined;
    expect(reversed).toMatchObject({ kind: 'success' });
    expect(shop.agency.control.account(shop.holder.personNumber)).toMatchObject({
      balance: shop.holder.insurances[0]?.balance,
    });
  });

  test.each([
    ['bytes', 'unknown'],
    ['json', 'unknown'],
    ['truncated', 'unknown'],
    ['cut-off', 'unknown'],
  ] as const)('garbage of the form %s leaves a settlement %s', async (form, kind) => {
    const shop = await openShop();
    await shop.agency.control.setFault({ kind: 'garbage', form, transaction: '2102' });
    expect(await shop.client.sendSettlement(await prepared(shop, 'S1'))).toMatchObject({ kind });
  });

  test('a server error is unknown, a double reply is one success, a cut agency is unreachable', async () => {
    const shop = await openShop();
    const { control } = shop.agency;
    await control.setFault({ kind: 'server-error', transaction: '2102', count: 1 });
    expect(await shop.client.sendSettlement(await prepared(shop, 'S1'))).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-server-error' },
    });
    await control.setFault({ kind: 'reply-twice' });
    const twice = await shop.client.sendSettlement(await prepared(shop, 'S2'));
    expect(twice).toMatchObject({ kind: 'success', value: { brokenRelations: [] } });
    await control.setFault('cut');
    expect(await shop.client.sendSettlement(await prepared(shop, 'S3'))).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-unreachable' },
    });
  });

  test.each(['1', '4', '6', '10', '14'] as const)(
    'a broken relation %s refuses the trial and disputes the settlement',
    async (relation) => {
      const shop = await openShop();
      await shop.agency.control.setFault({ kind: 'wrong-sums', relation });
      expect(await shop.client.trial(basket(shop.holder, 'S1'), shop.context)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-sums-wrong' },
      });
      const settled = await shop.client.sendSettlement(await prepared(shop, 'S1'));
      expect(settled.kind === 'success' && settled.value.brokenRelations.join()).toContain(
        `relation-${relation}`,
      );
    },
  );

  test('a lapsed sign-in and an unknown person are named', async () => {
    const shop = await openShop();
    const nobody = { medium: 'identity-number', mediumNumber: '990101190001010019' } as const;
    expect(await shop.client.person(nobody, shop.context)).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-person-unknown' },
    });
    shop.agency.control.expireSignIns();
    expect(await shop.client.person(nobody, shop.context)).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-sign-in-invalid' },
    });
  });

  test('the day’s detail reconciliation finds what only one side knows', async () => {
    const shop = await openShop();
    const first = await shop.client.sendSettlement(await prepared(shop, 'S1'));
    const second = await prepared(shop, 'S2');
    await shop.client.sendSettlement(second);
    if (first.kind !== 'success') throw new Error(JSON.stringify(first.fault));
    const { split } = first.value;
    const outcome = await shop.client.reconcileDetail(
      {
        businessDay: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
        clearingOffice: first.value.clearingOffice,
        clearingType: first.value.clearingType,
        rows: [
          {
            settlementId: first.value.settlementId ?? '',
            visitId: first.value.visitId,
            personNumber: shop.holder.personNumber,
            total: split.total,
            fundTotal: split.fundTotal,
            account: split.account,
            cash: split.cash,
            refund: false,
          },
        ],
      },
      shop.context,
    );
    if (outcome.kind !== 'success') throw new Error(JSON.stringify(outcome));
    expect(outcome.value.filter((row) => row.result !== 'balanced')).toMatchObject([
      { messageId: second.messageId, result: 'agency-only', refund: false },
    ]);
  });

  test('the encryption machine answers about our own challenges and the card is valid', async () => {
    const shop = await openShop();
    const { card } = insuredHolder('employee');
    if (card === undefined) throw new Error('the employee has a card');
    const region = card.cardId.slice(0, 6);
    const answer = await shop.client.authenticateCard(
      {
        region,
        historicalBytes: '0031C573C00140599010000000',
        algorithm: card.algorithm === 'sm4' ? 'sm4' : 'tdes',
        cardId: card.cardId,
        internalFactor: '0102030405060708',
        internalRaw: '1112131415161718',
        externalFactor: '2122232425262728',
        externalRaw: '3132333435363738',
      },
      shop.context,
    );
    expect(answer).toMatchObject({
      kind: 'success',
      value: { internalData: expect.stringMatching(/^[0-9A-F]{16}$/) },
    });
    const status = await shop.client.cardStatus(
      { region, cardId: card.cardId, cardNumber: card.cardNumber },
      shop.context,
    );
    expect(status).toMatchObject({ kind: 'success', value: 'valid' });
  });

  test('a scanned certificate buys once: code, token, person, trial, settlement, and not again', async () => {
    const shop = await openShop();
    const { client, context, agency } = shop;
    const qrText = agency.control.issueCertificate(shop.holder.personNumber)?.qrText ?? '';
    const decoded = await client.decodeCertificate(qrText, context);
    if (decoded.kind !== 'success') throw new Error(JSON.stringify(decoded.fault));
    const { token, name, certificateNumber } = decoded.value;
    const query = { medium: 'electronic-certificate', mediumNumber: token, name, certificateNumber } as const;
    const found = await client.person(query, context);
    if (found.kind !== 'success') throw new Error(JSON.stringify(found.fault));
    expect(found.value).toMatchObject({
      personNumber: shop.holder.personNumber,
      medium: 'electronic-certificate',
      mediumNumber: token,
    });
    expect(await client.trial(basket(found.value, 'S1'), context)).toMatchObject({ kind: 'success' });
    const sale = await prepared({ ...shop, holder: found.value }, 'S1');
    expect(await client.sendSettlement(sale)).toMatchObject({ kind: 'success' });
    expect(await client.sendSettlement(await prepared({ ...shop, holder: found.value }, 'S2'))).toMatchObject(
      {
        kind: 'refused',
        fault: { code: 'agency-certificate-used' },
      },
    );
    expect(agency.control.violations()).toEqual([]);
  });

  test('a used, a late and a foreign code are named, each with its next step', async () => {
    const clock = new ManualClock(Date.parse('2026-11-20T09:00:00+08:00'));
    const { client, context, agency, holder } = await openShop(clock);
    const issue = () => agency.control.issueCertificate(holder.personNumber)?.qrText ?? '';
    const used = issue();
    await client.decodeCertificate(used, context);
    const late = issue();
    clock.advance(60_000);
    for (const [qrText, code] of [
      [used, 'agency-certificate-used'],
      [late, 'agency-certificate-expired'],
      ['https://example.invalid/pay', 'agency-certificate-invalid'],
    ] as const) {
      expect(await client.decodeCertificate(qrText, context)).toMatchObject({
        kind: 'refused',
        fault: { code, nextZh: expect.stringContaining('持卡人') },
      });
    }
    await agency.control.setFault({ kind: 'lose-reply', transaction: '1162', count: 1 });
    const lost = issue();
    expect(await client.decodeCertificate(lost, context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-certificate-unanswered' },
    });
    expect(await client.decodeCertificate(lost, context)).toMatchObject({
      fault: { code: 'agency-certificate-used' },
    });
  });

  test('an identity number finds the person and settles in its name', async () => {
    const shop = await openShop();
    const { client, context } = shop;
    const { certificateNumber, name } = insuredHolder('employee');
    const query = { medium: 'identity-number', mediumNumber: certificateNumber, name } as const;
    const found = await client.person(query, context);
    if (found.kind !== 'success') throw new Error(JSON.stringify(found.fault));
    expect(found.value.personNumber).toBe(shop.holder.personNumber);
    expect(await client.person({ ...query, name: '别人' }, context)).toMatchObject({
      fault: { code: 'agency-person-unknown' },
    });
    const sale = await prepared({ ...shop, holder: found.value }, 'S1');
    expect(await client.sendSettlement(sale)).toMatchObject({ kind: 'success' });
    expect(shop.agency.control.violations()).toEqual([]);
  });

  test('a terminal key is enrolled by code, replaced by its own signature, and revoked', async () => {
    const { client, context, agency } = await openShop();
    const first = generateSm2();
    const next = generateSm2();
    const enrol = { action: 'enrol', keyId: sm2KeyId(first.publicKey), publicKey: first.publicKey } as const;
    expect(await client.terminalKey({ ...enrol, enrolmentCode: 'NO' }, context)).toMatchObject({
      kind: 'refused',
      agencyText: expect.stringContaining('终端注册码不正确'),
    });
    const enrolmentCode = agency.control.issueEnrolmentCode();
    expect(await client.terminalKey({ ...enrol, enrolmentCode }, context)).toMatchObject({ kind: 'success' });
    const named = { keyId: sm2KeyId(next.publicKey), publicKey: next.publicKey, oldKeyId: enrol.keyId };
    const rotate = { action: 'rotate', ...named } as const;
    const signature = signSm2(new TextEncoder().encode(terminalKeyText(rotate)), first);
    expect(await client.terminalKey({ ...rotate, signature }, context)).toMatchObject({ kind: 'success' });
    expect(agency.control.terminalKeys().map(({ keyId, state }) => [keyId, state])).toEqual([
      [enrol.keyId, 'retired'],
      [named.keyId, 'enrolled'],
    ]);
    const revoke = { ...named, action: 'revoke', oldKeyId: named.keyId } as const;
    const ownSignature = signSm2(new TextEncoder().encode(terminalKeyText(revoke)), next);
    expect(await client.terminalKey({ ...revoke, signature: ownSignature }, context)).toMatchObject({
      kind: 'success',
    });
    expect(agency.control.terminalKeys().map(({ state }) => state)).toEqual(['retired', 'revoked']);
    expect(agency.control.violations()).toEqual([]);
  });

  test('the blacklist comes once per version', async () => {
    const { client, context, agency } = await openShop();
    agency.control.blacklistAdd({ from: 'Z00000100', to: 'Z00000199' });
    const list = await client.blacklist('', context);
    if (list.kind !== 'success' || list.value === undefined) throw new Error(JSON.stringify(list));
    expect(isBlacklisted(list.value, { cardId: 'X', cardNumber: 'Z00000150' })).toBe(true);
    expect(isBlacklisted(list.value, { cardId: 'X', cardNumber: 'Z00000200' })).toBe(false);
    const again = await client.blacklist(list.value.version, context);
    expect(again).toMatchObject({ kind: 'success', value: undefined });
  });

  test.each(['card-tac', 'module-mac'] as const)(
    'an offline sale proved by %s is accepted at upload, and not with one amount changed',
    async (kind) => {
      const clock = new ManualClock(Date.parse('2026-11-20T09:00:00+08:00'));
      const { client, context, agency } = await openShop(clock, 'offline-card');
      const person = offlineHolder;
      const key = new TestKey();
      const enrolmentCode = agency.control.issueEnrolmentCode();
      const { keyId } = key;
      const { publicKey } = key.pair;
      await client.terminalKey({ action: 'enrol', keyId, publicKey, enrolmentCode }, context);
      const beganAtMs = clock.nowMs();
      clock.advance(60 * 60_000);
      const facts = { number: 'S1', atMs: beganAtMs, total: 345_40n, account: 200_00n };
      const offlineProof = key.sign(cardProof(facts, kind));
      const sent = async (proof: OfflineProof) => {
        const request: SettlementRequest = {
          ...basket(await holderOf(client, context, person), 'S1'),
          beganAtMs,
          offlineProof: proof,
        };
        const message = client.prepareSettlement(request, context);
        if (!message.ok) throw new Error(message.error.detail);
        return client.sendSettlement(message.value);
      };
      const { account, own } = offlineProof;
      const altered = { ...offlineProof, account: fen(account - 1n), own: fen(own + 1n) };
      expect(await sent(altered)).toMatchObject({ kind: 'refused', fault: { code: 'agency-refused' } });
      expect(agency.control.chargesOf('S1').records).toEqual([]);
      expect(await sent(offlineProof)).toMatchObject({ kind: 'success', value: { brokenRelations: [] } });
      expect(agency.control.violations()).toEqual([]);
    },
  );

  test('a relative’s account is a part of its own, adds up, and comes back with the cancellation', async () => {
    const shop = await openShop(systemClock, 'family');
    const settled = await shop.client.sendSettlement(await prepared(shop, 'S1'));
    if (settled.kind !== 'success') throw new Error(JSON.stringify(settled.fault));
    const { split, brokenRelations } = settled.value;
    expect(brokenRelations).toEqual([]);
    expect(settled.warnings).toEqual([]);
    expect(split.familyAccount).toBeGreaterThan(0n);
    expect(split.own).toBe(split.account + (split.familyAccount ?? 0n) + split.cash);
    expect(split.reasons.map((reason) => reason.step)).toContain('family-account');
    const cancel = shop.client.prepareCancel(
      {
        personNumber: shop.holder.personNumber,
        insuredRegion: '990100',
        visitId: settled.value.visitId,
        settlementId: settled.value.settlementId ?? '',
      },
      shop.context,
    );
    const cancelled = cancel.ok ? await shop.client.sendCancel(cancel.value) : undefined;
    expect(cancelled).toMatchObject({
      kind: 'success',
      warnings: [],
      value: { familyAccount: -(split.familyAccount ?? 0n) },
    });
  });

  test('the day’s detail balances although a relative’s account paid', async () => {
    const shop = await openShop(systemClock, 'family');
    const settled = await shop.client.sendSettlement(await prepared(shop, 'S1'));
    if (settled.kind !== 'success') throw new Error(JSON.stringify(settled.fault));
    const { split, visitId, settlementId = '', clearingOffice, clearingType } = settled.value;
    const { total, fundTotal, account, cash } = split;
    const { personNumber } = shop.holder;
    const row = { settlementId, visitId, personNumber, total, fundTotal, account, cash, refund: false };
    const outcome = await shop.client.reconcileDetail(
      { businessDay: businessDay(Date.now()), clearingOffice, clearingType, rows: [row] },
      shop.context,
    );
    expect(outcome).toMatchObject({ kind: 'success', value: [] });
  });
});
