import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgencyClient } from '#agency/client';
import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { ChronicDisease } from '#core/domain/entitlement';
import type { Settlement, SettlementRequest } from '#core/domain/settlement';
import { price, quantity, yuan } from '#core/money';
import type { InsuredPerson } from '#simulators/agency/person';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { insuredHolder } from '#simulators/agency/training-persons';
import { trainingPolicies } from '../helpers/policies.ts';

/* 5301, and purchases for chronic diseases, between the terminal's protocol and the agency that ships for training. */

const operator = { number: '0103', name: '柜员乙', role: 'cashier' } as const;
const DIABETES = { diseaseCode: 'M01600', diseaseName: '糖尿病' };
const HYPERTENSION = { diseaseCode: 'M03900', diseaseName: '高血压' };
const HEART_DISEASE = { diseaseCode: 'M04600', diseaseName: '冠心病' };

let agency: AgencySimulator;
let client: AgencyPort;
let context: MessageContext;
let sales = 0;

beforeAll(async () => {
  const catalog = [{ nationalCode: 'XA-JIA', class: 'A', firstSelfPayRatio: 0n }] as const;
  agency = await startAgencySimulator({ clock: systemClock, catalog, policies: trainingPolicies() });
  client = createAgencyClient({
    baseUrl: agency.url,
    institution: { code: 'P99010699901', name: '虚构药房一号店' },
    region: '990106',
    deviceNumber: 'POS-03',
    clock: systemClock,
    messageIds: volatileMessageIds(),
  });
  const signIn = await client.signIn({ operator, signInNumber: '' });
  if (signIn.kind !== 'success') throw new Error(JSON.stringify(signIn));
  context = { operator, signInNumber: signIn.value.signInNumber };
});
afterAll(() => agency?.stop());

const patient = insuredHolder('chronic');
const other = insuredHolder('second-employee');

/** 100.00 of class 甲. */
function basket({ personNumber, region, card }: InsuredPerson, chronic?: ChronicDisease): SettlementRequest {
  sales += 1;
  const atMs = systemClock.nowMs();
  const line = { nationalCode: 'XA-JIA', shopCode: 'G1', quantity: quantity('4'), price: price('25') };
  return {
    personNumber,
    medium: 'card',
    mediumNumber: card?.cardNumber ?? '',
    insuredRegion: region,
    scheme: '310',
    beganAtMs: atMs,
    saleNumber: `C${sales}`,
    useAccount: false,
    total: yuan('100.00'),
    lines: [{ ...line, lineNumber: 1, amount: yuan('100.00'), occurredAtMs: atMs }],
    ...(chronic === undefined ? {} : { chronic }),
  };
}

async function settled(request: SettlementRequest): Promise<Settlement & { readonly messageId: string }> {
  const message = client.prepareSettlement(request, context);
  if (!message.ok) throw new Error(message.error.detail);
  const answer = await client.sendSettlement(message.value);
  if (answer.kind !== 'success') throw new Error(JSON.stringify(answer));
  return { ...answer.value, messageId: message.value.messageId };
}

const filedFor = ({ personNumber, region }: InsuredPerson) =>
  client.entitlements({ personNumber, insuredRegion: region }, context);

describe('5301, the chronic diseases filed for a person', () => {
  test('every one comes with its days and, where one is named, its institution', async () => {
    expect(await filedFor(patient)).toMatchObject({
      kind: 'success',
      value: [
        { ...DIABETES, from: '2024-01-01' },
        { ...HYPERTENSION, from: '2024-01-01', to: '2098-12-31' },
        { ...HEART_DISEASE, from: '2022-01-01', to: '2023-12-31' },
      ],
    });
    expect(await filedFor(other)).toMatchObject({
      value: [
        { ...HYPERTENSION, from: '2099-01-01' },
        { ...HEART_DISEASE, institution: { code: 'H99010000009' } },
      ],
    });
  });

  test('nothing filed is an answer, an unanswered question is not', async () => {
    expect(await filedFor(insuredHolder('employee'))).toMatchObject({ kind: 'success', value: [] });
    agency.control.addFault({ kind: 'garbage', form: 'json', transaction: '5301', count: 1 });
    expect(await filedFor(patient)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a purchase for a chronic disease', () => {
  test('is priced by its own rules, books what its trial told, and is given back whole', async () => {
    const ordinary = await client.trial(basket(patient), context);
    const trial = await client.trial(basket(patient, DIABETES), context);
    if (trial.kind !== 'success' || ordinary.kind !== 'success') throw new Error(JSON.stringify(trial));
    // No deductible and 85 % for the retired, where an ordinary purchase has neither.
    expect(trial.value.split.fundTotal).toBe(yuan('85.00'));
    expect(ordinary.value.split.fundTotal).toBe(yuan('0.00'));
    const booked = await settled(basket(patient, DIABETES));
    expect(booked.split.fundTotal).toBe(yuan('85.00'));
    expect(booked.brokenRelations).toEqual([]);
    const cancel = client.prepareCancel(
      {
        personNumber: patient.personNumber,
        insuredRegion: patient.region,
        visitId: booked.visitId,
        settlementId: booked.settlementId ?? '',
      },
      context,
    );
    if (!cancel.ok) throw new Error(cancel.error.detail);
    expect(await client.sendCancel(cancel.value)).toMatchObject({
      kind: 'success',
      value: { fundTotal: yuan('-85.00') },
    });
  });

  test.each([
    ['ended', patient, HEART_DISEASE, '已过期'],
    ['not begun', other, HYPERTENSION, '未到开始日期'],
    ['at another institution', other, HEART_DISEASE, '定点机构不是本机构'],
    ['not filed at all', other, DIABETES, '没有此病种'],
  ])(
    '%s is refused with a code, by the trial and by the settlement, and books nothing',
    async (_, person, disease, words) => {
      const before = agency.control.settlements().length;
      const refused = { kind: 'refused', fault: { code: 'agency-chronic-refused' } };
      const trial = await client.trial(basket(person, disease), context);
      expect(trial).toMatchObject(refused);
      expect(trial.kind === 'refused' && trial.agencyText).toContain(words);
      const message = client.prepareSettlement(basket(person, disease), context);
      if (!message.ok) throw new Error(message.error.detail);
      expect(await client.sendSettlement(message.value)).toMatchObject(refused);
      expect(agency.control.settlements()).toHaveLength(before);
    },
  );

  test('is reversed by 2601, and a day with both kinds balances under the clearing type of each', async () => {
    const unanswered = await settled(basket(patient, HYPERTENSION));
    const reversal = client.prepareReversal(
      {
        personNumber: patient.personNumber,
        insuredRegion: patient.region,
        originalMessageId: unanswered.messageId,
        originalTransaction: '2102',
      },
      context,
    );
    if (!reversal.ok) throw new Error(reversal.error.detail);
    expect((await client.sendReversal(reversal.value)).kind).toBe('success');
    const both = [await settled(basket(patient)), await settled(basket(patient, HYPERTENSION))];
    expect(new Set(both.map(({ clearingType }) => clearingType)).size).toBe(2);
    for (const { split, ...one } of both) {
      const row = {
        settlementId: one.settlementId ?? '',
        visitId: one.visitId,
        personNumber: one.personNumber,
        total: split.total,
        fundTotal: split.fundTotal,
        account: split.account,
        cash: split.cash,
        refund: false,
      };
      const asked = {
        businessDay: businessDay(systemClock.nowMs()),
        clearingOffice: one.clearingOffice,
        clearingType: one.clearingType,
        kind: 'settlements',
      } as const;
      const balanced = await client.reconcileDetail({ ...asked, rows: [row] }, context);
      if (balanced.kind !== 'success') throw new Error(JSON.stringify(balanced));
      // What the two tests before have booked and given back is the agency's alone here.
      expect(balanced.value.filter(({ settlementId }) => settlementId === row.settlementId)).toEqual([]);
      const missing = await client.reconcileDetail({ ...asked, rows: [] }, context);
      expect(missing).toMatchObject({
        value: expect.arrayContaining([
          expect.objectContaining({ settlementId: row.settlementId, result: 'agency-only' }),
        ]),
      });
    }
  });
});
