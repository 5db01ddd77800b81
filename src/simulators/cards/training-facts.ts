import { type CardFacts, cardNumberCheck } from './card-facts.ts';

export type TrainingCardId =
  | 'A'
  | 'B'
  | 'C'
  | 'employee'
  | 'resident'
  | 'offline-card'
  | 'family'
  | 'second-employee'
  | 'chronic'
  | 'forged'
  | 'locked'
  | 'application-locked'
  | 'pin-locked'
  | 'expired'
  | 'lost'
  | 'bank-only'
  | 'blank'
  | 'mute'
  | 'not-a-card';

const PIN = { digits: '123456', maxTries: 6 };

type Individual = Pick<CardFacts, 'version' | 'socialSecurityNumber' | 'name' | 'sex'> & Partial<CardFacts>;

/** All persons, identity numbers, card numbers and regions are invented; the numbers' check digits are wrong. */
function issued(place: number, own: Individual): CardFacts {
  const serial = place.toString(16).toUpperCase().padStart(8, '0');
  const body = `Z${String(place).padStart(7, '0')}`;
  return {
    algorithm: own.version.startsWith('3') ? 'sm4' : 'tdes',
    region: '990100',
    serial,
    authenticationCode: `A1B2C3${serial.slice(-2)}`,
    cardNumber: body + cardNumberCheck(body),
    issueDate: '20200101',
    expiryDate: '20400101',
    nation: '01',
    birthDate: own.socialSecurityNumber.slice(6, 14),
    scheme: '310',
    pin: PIN,
    ...own,
  };
}

/** A, B and C are the reference's example cards, byte for byte; A and C share an identity number on purpose. */
export const trainingFacts = {
  a: issued(1, {
    version: '1.00',
    socialSecurityNumber: '990100199001010012',
    name: '测试甲',
    sex: '1',
    expiryDate: '20300101',
  }),
  b: issued(2, {
    version: '2.00',
    socialSecurityNumber: '990100198506150024',
    name: '阿布都热依木·阿不都热合曼·测试用例乙',
    sex: '2',
    nation: '05',
    expiryDate: '20300101',
    scheme: '390',
  }),
  c: issued(3, {
    version: '3.00',
    socialSecurityNumber: '990100199001010012',
    name: '张三',
    sex: '1',
    expiryDate: '20300101',
  }),
  employee: issued(4, {
    version: '3.00',
    socialSecurityNumber: '990100198808080042',
    name: '李培训',
    sex: '2',
  }),
  resident: issued(5, {
    version: '2.00',
    socialSecurityNumber: '990100195503120051',
    name: '王练习',
    sex: '1',
    scheme: '390',
  }),
  locked: issued(6, {
    version: '2.00',
    socialSecurityNumber: '990100197002030061',
    name: '赵锁卡',
    sex: '1',
  }),
  applicationLocked: issued(7, {
    version: '2.00',
    socialSecurityNumber: '990100197104050071',
    name: '钱应用',
    sex: '2',
  }),
  pinLocked: issued(8, {
    version: '3.00',
    socialSecurityNumber: '990100197206070081',
    name: '孙密码',
    sex: '1',
    pin: { ...PIN, triesLeft: 0 },
  }),
  expired: issued(9, {
    version: '2.00',
    socialSecurityNumber: '990100196308090091',
    name: '周过期',
    sex: '2',
    issueDate: '20140101',
    expiryDate: '20240101',
  }),
  lost: issued(10, {
    version: '3.00',
    socialSecurityNumber: '990100199210110101',
    name: '吴挂失',
    sex: '1',
  }),
  blank: issued(11, {
    version: '3.00',
    socialSecurityNumber: '990100200001010111',
    name: '空白',
    sex: '9',
  }),
  offlineCard: issued(12, {
    version: '2.00',
    socialSecurityNumber: '990100197812120121',
    name: '郑脱机',
    sex: '1',
    cardUse: 'offline',
    money: { balance: 300_00n, year: 2026 },
  }),
  family: issued(13, {
    version: '3.00',
    socialSecurityNumber: '990100200202020133',
    name: '冯共济',
    sex: '2',
  }),
  secondEmployee: issued(14, {
    version: '3.00',
    socialSecurityNumber: '990100198911110141',
    name: '褚另卡',
    sex: '1',
  }),
  chronic: issued(15, {
    version: '3.00',
    socialSecurityNumber: '990100195611110156',
    name: '卫慢病',
    sex: '2',
  }),
} as const satisfies Record<string, CardFacts>;
