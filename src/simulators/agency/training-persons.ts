import { assert } from '#core/assert';
import type { ChronicEntitlement } from '#core/domain/entitlement';
import { type TrainingPerson, trainingPersons } from '../cards/training-cards.ts';
import type { InsuredPerson, InsuredScheme } from './person.ts';

type CardHolder = TrainingPerson['trainingCardId'];

/** What the agency knows of a card's holder beyond the card: insurance and balance (fen). */
interface Insured {
  readonly personType: string;
  readonly scheme: '310' | '390';
  readonly balance: bigint;
  /** Account of a relative who shares (账户共济). */
  readonly relative?: bigint;
  /** Chronic diseases that are filed (门诊慢特病备案). */
  readonly filed?: readonly ChronicEntitlement[];
}

const EMPLOYER = '示例制造有限公司';

const HYPERTENSION = { diseaseCode: 'M03900', diseaseName: '高血压' };
const DIABETES = { diseaseCode: 'M01600', diseaseName: '糖尿病' };
const HEART_DISEASE = { diseaseCode: 'M04600', diseaseName: '冠心病' };

/** By training card; a card that is not named here is insured like the employee's. */
const insuredByCard: Readonly<Record<string, Insured>> = {
  A: { scheme: '310', personType: '1101', balance: 500_00n },
  B: { scheme: '390', personType: '1501', balance: 0n },
  C: { scheme: '310', personType: '1101', balance: 268_50n },
  employee: { scheme: '310', personType: '1101', balance: 2000_00n },
  resident: {
    scheme: '390',
    personType: '1501',
    balance: 0n,
    filed: [{ ...HYPERTENSION, from: '2020-01-01' }],
  },
  locked: { scheme: '310', personType: '1101', balance: 300_00n },
  'application-locked': { scheme: '310', personType: '1101', balance: 200_00n },
  'pin-locked': { scheme: '310', personType: '1101', balance: 800_00n },
  expired: { scheme: '310', personType: '1201', balance: 150_00n },
  lost: { scheme: '310', personType: '1101', balance: 400_00n },
  'offline-card': { scheme: '310', personType: '1101', balance: 300_00n },
  // Nothing that counts in the training shop today.
  'second-employee': {
    scheme: '310',
    personType: '1101',
    balance: 1200_00n,
    filed: [
      { ...HYPERTENSION, from: '2099-01-01' },
      {
        ...HEART_DISEASE,
        from: '2024-01-01',
        institution: { code: 'H99010000009', name: '虚构中心医院' },
      },
    ],
  },
  chronic: {
    scheme: '310',
    personType: '1201',
    balance: 860_00n,
    filed: [
      { ...DIABETES, from: '2024-01-01' },
      { ...HYPERTENSION, from: '2024-01-01', to: '2098-12-31' },
      { ...HEART_DISEASE, from: '2022-01-01', to: '2023-12-31' },
    ],
  },
  family: { scheme: '310', personType: '1101', balance: 10_00n, relative: 500_00n },
};

const genders = { male: '1', female: '2', 'not-stated': '9' } as const;

/** Persons without a card in the training box: by identity number or electronic certificate. */
const withoutCard: readonly InsuredPerson[] = [
  person(101, {
    certificateNumber: '990100195805050131',
    name: '郑退休',
    gender: '1',
    birthDate: '1958-05-05',
    schemes: [scheme('310', '1201')],
    openingBalance: 600_00n,
  }),
  person(102, {
    certificateNumber: '990100198001020142',
    name: '冯停保',
    gender: '2',
    birthDate: '1980-01-02',
    schemes: [{ ...scheme('310', '1101'), status: '2' }],
    openingBalance: 88_00n,
  }),
  person(103, {
    certificateNumber: '990100199502030151',
    name: '陈余额',
    gender: '1',
    birthDate: '1995-02-03',
    schemes: [scheme('310', '1101')],
    openingBalance: 5_00n,
  }),
];

/**
 * Everybody the training region 990100 insures: A 500.00, B resident, C 268.50, and so on down the card box,
 * then one retired (600.00), one with stopped insurance and one with 5.00. All invented.
 */
export const trainingInsuredPersons: readonly InsuredPerson[] = [
  ...trainingPersons.map(withCard),
  ...withoutCard,
];

/** The insured person who holds a card of the training box. */
export function insuredHolder(cardId: CardHolder): InsuredPerson {
  const holder = trainingPersons.find((each) => each.trainingCardId === cardId);
  const found = trainingInsuredPersons.find((each) => each.card?.cardId === holder?.cardId);
  assert(found !== undefined, `the training card ${cardId} has an insured holder`);
  return found;
}

function withCard(holder: TrainingPerson, place: number): InsuredPerson {
  const insured = insuredByCard[holder.trainingCardId] ?? usual(holder);
  return person(place + 1, {
    certificateNumber: holder.socialSecurityNumber,
    name: holder.name,
    gender: genders[holder.sex],
    birthDate: holder.birthDate,
    schemes: [scheme(insured.scheme, insured.personType)],
    openingBalance: insured.balance,
    ...(insured.relative === undefined ? {} : { relativeAccount: insured.relative }),
    ...(insured.filed === undefined ? {} : { entitlements: insured.filed }),
    card: {
      cardNumber: holder.cardNumber,
      cardId: holder.cardId,
      algorithm: holder.algorithm,
      status: holder.cardStatus,
    },
  });
}

function usual({ scheme }: TrainingPerson): Insured {
  return scheme === '390'
    ? { scheme, personType: '1501', balance: 0n }
    : { scheme, personType: '1101', balance: 1000_00n };
}

type Individual = Omit<InsuredPerson, 'personNumber' | 'nation' | 'region'>;

function person(place: number, own: Individual): InsuredPerson {
  const suffix = String(place).padStart(6, '0');
  return {
    personNumber: `9901${'0'.repeat(16)}${suffix}`,
    nation: '01',
    region: '990100',
    ...own,
  };
}

function scheme(code: '310' | '390', personType: string): InsuredScheme {
  const employer = code === '310' && personType.startsWith('11') ? { employer: EMPLOYER } : {};
  return { scheme: code, personType, status: '1', civilServant: false, ...employer };
}
