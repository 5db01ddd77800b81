import { describe, expect, it } from 'vitest';
import { createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext } from '#agency/port';
import { systemClock } from '#core/clock';
import type { SettlementRequest } from '#core/domain/settlement';
import { lineAmount, price, quantity, sumMoney, yuan } from '#core/money';
import type { InsuredPerson } from '#simulators/agency/person';
import type { AgencySimulatorOptions } from '#simulators/agency/simulator';
import { insuredHolder } from '#simulators/agency/training-persons';
import { trainingPersons } from '#simulators/cards/training-cards';
import { start } from './caller.ts';

/** The terminal's own protocol against the simulator: two readings of the interface, written apart. */
const cardA = insuredHolder('A');
const operator = { number: '0103', name: '收银员甲', role: 'cashier' } as const;

async function shop(options: Partial<AgencySimulatorOptions> = {}) {
  const agency = await start({
    institution: { code: 'P99010000001', region: '990100' },
    xTif: { account: 'shop', token: 'secret' },
    ...options,
  });
  const client = createAgencyClient({
    baseUrl: agency.url,
    institution: { code: 'P99010000001', name: '示例大药房' },
    region: '990100',
    deviceNumber: 'POS-01',
    xTif: { account: 'shop', token: 'secret' },
    clock: systemClock,
    messageIds: volatileMessageIds(),
    timeouts: { answerMs: 3000 },
    relations: { firstSelfPayIsShare: true },
  });
  const signedIn = await client.signIn({ operator, signInNumber: '' });
  if (signedIn.kind !== 'success') throw new Error(JSON.stringify(signedIn));
  return { agency, client, context: { operator, signInNumber: signedIn.value.signInNumber } };
}

function purchase(person: InsuredPerson, saleNumber: string, total = ['25.00']): SettlementRequest {
  const codes = ['XB-YI', 'XA-JIA', 'XB-CEILING', 'ZC-BING'];
  const lines = total.map((amount, index) => ({
    lineNumber: index + 1,
    nationalCode: codes[index % codes.length] ?? '',
    shopCode: `SHOP-${index + 1}`,
    quantity: quantity('1'),
    price: price(amount),
    amount: lineAmount(price(amount), quantity('1'), 'half-up'),
    occurredAtMs: systemClock.nowMs(),
  }));
  return {
    personNumber: person.personNumber,
    medium: 'card',
    mediumNumber: person.card?.cardNumber ?? '',
    insuredRegion: '990100',
    scheme: '310',
    beganAtMs: systemClock.nowMs(),
    saleNumber,
    useAccount: true,
    total: sumMoney(lines.map((line) => line.amount)),
    lines,
  };
}

function settled(client: AgencyPort, context: MessageContext, request: SettlementRequest) {
  const message = client.prepareSettlement(request, context);
  if (!message.ok) throw new Error(JSON.stringify(message.error));
  return { message: message.value, answer: () => client.sendSettlement(message.value) };
}

describe('the agency client and the simulated agency understand each other', () => {
  it('from the card to the settlement, its cancellation and the sign-out, without one violation', async () => {
    const { agency, client, context } = await shop();
    const { card } = cardA;
    if (card === undefined) throw new Error('holder A has a card');
    const facts = trainingPersons.find(({ trainingCardId }) => trainingCardId === 'A');
    const authenticated = await client.authenticateCard(
      {
        region: '990100',
        historicalBytes: facts?.historicalBytes ?? '',
        algorithm: 'tdes',
        cardId: card.cardId,
        internalFactor: '99AABBCCDDEEFF00',
        internalRaw: '1122334455667788',
        externalFactor: 'A1A2A3A4A5A6A7A8',
        externalRaw: '0102030405060708',
      },
      context,
    );
    expect(authenticated).toMatchObject({
      kind: 'success',
      value: { internalData: expect.stringMatching(/^[0-9A-F]{16}$/) },
    });
    expect(await client.cardStatus({ region: '990100', ...card }, context)).toMatchObject({ value: 'valid' });
    const person = await client.person(
      { medium: 'card', mediumNumber: card.cardNumber, cardId: card.cardId },
      context,
    );
    expect(person).toMatchObject({
      kind: 'success',
      value: { personNumber: cardA.personNumber, name: '测试甲', insurances: [{ balance: 500_00n }] },
    });
    const request = purchase(cardA, 'S1', ['18.60', '250.00', '32.00', '28.80']);
    const trial = await client.trial(request, context);
    const { answer } = settled(client, context, request);
    const done = await answer();
    if (trial.kind !== 'success' || done.kind !== 'success') throw new Error(JSON.stringify(done.kind));
    expect(done.value.brokenRelations).toEqual([]);
    expect(done.value.split).toEqual(trial.value.split);
    const [booked] = agency.control.settlements();
    expect(done.value.split).toMatchObject({
      total: booked?.total,
      fundTotal: booked?.fund,
      account: booked?.account,
      cash: booked?.cash,
      balanceAfter: booked?.balanceAfter,
    });
    const cancel = client.prepareCancel(
      {
        personNumber: cardA.personNumber,
        insuredRegion: '990100',
        visitId: done.value.visitId,
        settlementId: done.value.settlementId ?? '',
      },
      context,
    );
    if (!cancel.ok) throw new Error(cancel.error.code);
    const back = await client.sendCancel(cancel.value);
    expect(back).toMatchObject({ kind: 'success', warnings: [], value: { balanceAfter: yuan('500.00') } });
    expect((await client.signOut(context)).kind).toBe('success');
    expect(agency.control.violations()).toEqual([]);
  });

  it.each([
    ['lose-request', 0],
    ['lose-reply', 1],
    ['garbage', 1],
    ['server-error', 0],
    ['late-after-reversal', 0],
  ] as const)('%s gives an unknown outcome, never a refusal', async (kind, booked) => {
    const { agency, client, context } = await shop();
    await agency.control.setFault({ kind, transaction: '2102', count: 1 });
    const { answer } = settled(client, context, purchase(cardA, 'S1'));
    expect((await answer()).kind).toBe('unknown');
    expect(agency.control.chargesOf('S1').standing).toHaveLength(booked);
  });

  it('a cut line is a refusal of the line: nothing was sent', async () => {
    const { agency, client, context } = await shop();
    await agency.control.setFault('cut');
    const { answer } = settled(client, context, purchase(cardA, 'S1'));
    expect(await answer()).toMatchObject({ kind: 'refused', fault: { code: 'agency-unreachable' } });
  });

  it('a reply that comes twice is one success, and the next message is not confused', async () => {
    const { agency, client, context } = await shop();
    await agency.control.setFault({ kind: 'reply-twice', count: 2 });
    expect((await settled(client, context, purchase(cardA, 'S1')).answer()).kind).toBe('success');
    expect((await settled(client, context, purchase(cardA, 'S2')).answer()).kind).toBe('success');
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(450_00n);
  });

  it.each(['1', '2', '3', '4', '6', '10', '12', '14'] as const)(
    'relation %s broken is found on a settlement and refuses a trial',
    async (relation) => {
      const { agency, client, context } = await shop();
      await agency.control.setFault({ kind: 'wrong-sums', relation });
      const done = await settled(client, context, purchase(cardA, 'S1')).answer();
      if (done.kind !== 'success') throw new Error(done.fault.code);
      expect(done.value.brokenRelations.join(';')).toMatch(new RegExp(`(?:^|\\D)${relation}(?:\\D|$)`));
      const trial = await client.trial(purchase(cardA, 'S2'), context);
      expect(trial).toMatchObject({ kind: 'refused', fault: { code: 'agency-sums-wrong' } });
    },
  );

  it('a settlement booked after its reversal is found in the detail of the day', async () => {
    const { agency, client, context } = await shop();
    await agency.control.setFault({ kind: 'late-after-reversal', count: 1 });
    const { message, answer } = settled(client, context, purchase(cardA, 'S1'));
    await answer();
    const reversal = client.prepareReversal(
      {
        personNumber: cardA.personNumber,
        insuredRegion: '990100',
        originalMessageId: message.messageId,
        originalTransaction: '2102',
      },
      context,
    );
    if (!reversal.ok) throw new Error(reversal.error.code);
    expect((await client.sendReversal(reversal.value)).kind).toBe('success');
    const [late] = agency.control.settlements();
    const differences = await client.reconcileDetail(
      {
        businessDay: late?.businessDay ?? '',
        clearingOffice: late?.region ?? '',
        clearingType: late?.clearingType ?? '',
        rows: [],
      },
      context,
    );
    expect(differences).toMatchObject({
      kind: 'success',
      value: [
        {
          messageId: message.messageId,
          settlementId: late?.settlementId,
          visitId: late?.visitId,
          result: 'agency-only',
          total: 25_00n,
          account: late?.account,
        },
      ],
    });
    expect(agency.control.violations()).toEqual([]);
  });

  it('an ended sign-in, stopped insurance and an unknown person get their own codes', async () => {
    const { agency, client, context } = await shop();
    const nobody = await client.person(
      { medium: 'identity-number', mediumNumber: '990100190001010000' },
      context,
    );
    expect(nobody).toMatchObject({ kind: 'refused', fault: { code: 'agency-person-unknown' } });
    const stopped = agency.control.persons().find((person) => person.name === '冯停保');
    if (stopped === undefined) throw new Error('there is a person with stopped insurance');
    const request = {
      ...purchase(stopped, 'S1'),
      medium: 'identity-number' as const,
      mediumNumber: stopped.certificateNumber,
    };
    expect(await client.trial(request, context)).toMatchObject({ fault: { code: 'agency-not-entitled' } });
    agency.control.expireSignIns();
    const ended = await client.trial(purchase(cardA, 'S1'), context);
    expect(ended).toMatchObject({ kind: 'refused', fault: { code: 'agency-sign-in-invalid' } });
  });
});
