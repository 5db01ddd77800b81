import { afterEach, describe, expect, test } from 'vitest';
import { createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext, PreparedMessage } from '#agency/port';
import { systemClock } from '#core/clock';
import type { Holder } from '#core/domain/holder';
import type { SettlementRequest } from '#core/domain/settlement';
import { price, quantity, yuan } from '#core/money';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { insuredHolder } from '#simulators/agency/training-persons';

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

async function openShop(): Promise<Shop> {
  const xTif = { account: 'paas', token: 'secret' };
  const agency = await startAgencySimulator({ clock: systemClock, catalog, xTif });
  running.push(agency);
  const client = createAgencyClient({
    baseUrl: agency.url,
    institution: { code: 'P99010699901', name: '虚构药房一号店' },
    region: '990106',
    deviceNumber: 'POS-03',
    xTif,
    relations: { firstSelfPayIsShare: true },
    clock: systemClock,
    messageIds: volatileMessageIds(),
  });
  const signIn = await client.signIn({ operator, signInNumber: '' });
  if (signIn.kind !== 'success') throw new Error(JSON.stringify(signIn));
  const context = { operator, signInNumber: signIn.value.signInNumber };
  const { card, name } = insuredHolder('employee');
  if (card === undefined) throw new Error('the employee has a card');
  const query = { medium: 'card', mediumNumber: card.cardNumber, cardId: card.cardId, name } as const;
  const holder = await client.person(query, context);
  if (holder.kind !== 'success') throw new Error(JSON.stringify(holder));
  return { agency, client, context, holder: holder.value };
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
});
