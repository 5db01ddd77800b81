import type { CardAlgorithm } from '#core/domain/holder';
import { fromHex, toHex } from '#core/hex';
import { fen, type Money } from '#core/money';
import type { TrainingCard } from '#core/training';
import type { CardLike } from '#drivers/card-reader/port';
import { type CardFacts, cardIdOf, contactAtr, contactlessAtr, historicalBytesOf } from './card-facts.ts';
import { bankOnlyCard, FixedAnswerCard } from './other-cards.ts';
import { type CardBlemishes, socialSecurityCard } from './social-security-card.ts';
import { type TrainingCardId, trainingFacts } from './training-facts.ts';
import { VirtualCard, type VirtualCardOptions } from './virtual-card.ts';

export type { TrainingCardId } from './training-facts.ts';

/** One person of the training shop as the agency must know the person and the card. */
export interface TrainingPerson {
  readonly trainingCardId: TrainingCardId;
  readonly socialSecurityNumber: string;
  readonly name: string;
  readonly sex: 'male' | 'female' | 'not-stated';
  /** `yyyy-MM-dd`. */
  readonly birthDate: string;
  readonly cardNumber: string;
  /** Card identification code, 32 hex digits. */
  readonly cardId: string;
  readonly algorithm: CardAlgorithm;
  readonly region: string;
  /** 13 historical bytes of the card's ATR, hex. */
  readonly historicalBytes: string;
  /** Insurance scheme (险种): 310 employee, 390 resident. */
  readonly scheme: '310' | '390';
  /** What the agency's card service (1904) is to say of the card. */
  readonly cardStatus: 'valid' | 'lost';
  /** Card use (用卡方式), DF04/EF05 8F. */
  readonly cardUse?: 'online' | 'offline';
  /** Money on the card itself when it was issued; absent when it keeps none. */
  readonly cardBalance?: Money;
}

/** A card of the box beside the training shop's reader. */
export interface TrainingCardEntry extends TrainingCard {
  readonly id: TrainingCardId;
  readonly pinTries: number;
  /** ATR of the contacts, hex; empty when the card is mute (卡无应答) and does not even answer its reset. */
  readonly atr: string;
  /** Printed on the face; absent on cards that are no social-security cards. */
  readonly cardNumber?: string;
  readonly person?: TrainingPerson;
}

interface Recipe {
  readonly id: TrainingCardId;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly facts?: CardFacts;
  readonly blemishes?: CardBlemishes;
  readonly cardStatus?: 'lost';
  /** Cards without facts. */
  readonly atr?: string;
}

const facts = trainingFacts;
const SEX = { '1': 'male', '2': 'female', '9': 'not-stated' } as const;

/** Order in which the training page lists them; new ones at the end, as the agency numbers its persons by it. */
const recipes: readonly Recipe[] = [
  { id: 'A', titleZh: '一代卡 测试甲', titleEn: 'Generation 1 card (1.00)', facts: facts.a },
  { id: 'B', titleZh: '二代卡 长姓名', titleEn: 'Generation 2 card (2.00), long name', facts: facts.b },
  { id: 'C', titleZh: '三代卡 张三', titleEn: 'Generation 3 card (3.00), SM4', facts: facts.c },
  {
    id: 'employee',
    titleZh: '职工医保 账户余额充足',
    titleEn: 'Employee, good account',
    facts: facts.employee,
  },
  { id: 'resident', titleZh: '居民医保', titleEn: 'Resident', facts: facts.resident },
  {
    id: 'forged',
    titleZh: '伪造卡（密钥不对）',
    titleEn: 'Forged: a copy with wrong keys',
    facts: facts.employee,
    blemishes: { forgedKeys: true },
  },
  {
    id: 'locked',
    titleZh: '卡片已锁定',
    titleEn: 'Card locked',
    facts: facts.locked,
    blemishes: { cardLocked: true },
  },
  {
    id: 'application-locked',
    titleZh: '社保应用已锁定',
    titleEn: 'Social-security application locked',
    facts: facts.applicationLocked,
    blemishes: { applicationLocked: true },
  },
  { id: 'pin-locked', titleZh: '密码已锁定', titleEn: 'PIN locked', facts: facts.pinLocked },
  { id: 'expired', titleZh: '已过有效期', titleEn: 'Expired', facts: facts.expired },
  { id: 'lost', titleZh: '已挂失', titleEn: 'Reported lost', facts: facts.lost, cardStatus: 'lost' },
  {
    id: 'bank-only',
    titleZh: '只有银行应用',
    titleEn: 'Bank card',
    atr: '3B6D000000810000009999010000000B01',
  },
  {
    id: 'blank',
    titleZh: '空白卡',
    titleEn: 'Blank card',
    facts: facts.blank,
    blemishes: { blank: true },
  },
  { id: 'mute', titleZh: '无应答的卡', titleEn: 'Mute card', atr: '' },
  { id: 'not-a-card', titleZh: '存储卡（不是CPU卡）', titleEn: 'Memory card', atr: '3B04A2131091' },
  {
    id: 'offline-card',
    titleZh: '脱机卡 卡内余额300元',
    titleEn: 'Offline card, 300.00 on the card',
    facts: facts.offlineCard,
  },
  {
    id: 'family',
    titleZh: '家庭共济 本人余额不足',
    titleEn: 'Family account: a relative pays',
    facts: facts.family,
  },
  {
    id: 'second-employee',
    titleZh: '另一张职工卡',
    titleEn: 'Another employee card',
    facts: facts.secondEmployee,
  },
  {
    id: 'chronic',
    titleZh: '门诊慢特病 退休职工',
    titleEn: 'Chronic patient, retired employee',
    facts: facts.chronic,
  },
];

export const trainingCards: readonly TrainingCardEntry[] = recipes.map(entryOf);

/** Persons that the agency simulator must know: one for each issued card, forgeries and blanks left out. */
export const trainingPersons: readonly TrainingPerson[] = trainingCards.flatMap(({ id, person }) =>
  person !== undefined && id !== 'forged' ? [person] : [],
);

export interface TrainingCardOptions extends VirtualCardOptions {
  /** Tries of the PIN instead of the card's own. */
  readonly pinTries?: number;
}

export function isTrainingCardId(text: string): text is TrainingCardId {
  return recipes.some(({ id }) => id === text);
}

/** A fresh card of the box; with transport `one-step` it carries the contactless ATR. */
export function makeTrainingCard(id: TrainingCardId, options: TrainingCardOptions = {}): CardLike {
  const recipe = recipes.find((one) => one.id === id);
  if (recipe?.facts !== undefined) return issuedCard(recipe.facts, recipe.blemishes, options);
  const atr = recipe?.atr ?? '';
  if (id === 'bank-only') return new VirtualCard(bankOnlyCard(atr), options);
  // A memory card knows no command; a mute one never answers.
  return new FixedAnswerCard(atr, id === 'mute' ? undefined : '6D00');
}

/** The box beside the reader: the same card for each id, so that its counters, PIN and money stay as it left. */
export interface TrainingCardBox {
  card(id: TrainingCardId): CardLike;
}

/** A box of fresh cards; every card is made when it is first taken out. */
export function trainingCardBox(options: TrainingCardOptions = {}): TrainingCardBox {
  const cards = new Map<TrainingCardId, CardLike>();
  return {
    card(id) {
      const known = cards.get(id);
      if (known !== undefined) return known;
      const made = makeTrainingCard(id, options);
      cards.set(id, made);
      return made;
    },
  };
}

function issuedCard(
  own: CardFacts,
  blemishes: CardBlemishes | undefined,
  { pinTries, ...options }: TrainingCardOptions,
): VirtualCard {
  const pin = pinTries === undefined ? own.pin : { digits: own.pin.digits, maxTries: pinTries };
  const definition = socialSecurityCard({ ...own, pin }, blemishes);
  const historicalBytes = historicalBytesOf(own);
  const atr = options.transport === 'one-step' ? contactlessAtr(historicalBytes) : definition.atr;
  return new VirtualCard({ ...definition, atr }, options);
}

function entryOf(recipe: Recipe): TrainingCardEntry {
  const { id, titleZh, titleEn, facts: own } = recipe;
  if (own === undefined) {
    return { id, titleZh, titleEn, pin: '', pinTries: 0, atr: toHex(fromHex(recipe.atr ?? '')) };
  }
  return {
    id,
    titleZh,
    titleEn,
    pin: own.pin.digits,
    pinTries: own.pin.triesLeft ?? own.pin.maxTries,
    atr: contactAtr(historicalBytesOf(own)),
    ...(recipe.blemishes?.blank === true
      ? {}
      : { cardNumber: own.cardNumber, person: personOf(recipe, own) }),
  };
}

function personOf(recipe: Recipe, own: CardFacts): TrainingPerson {
  const { birthDate: day } = own;
  return {
    trainingCardId: recipe.id,
    socialSecurityNumber: own.socialSecurityNumber,
    name: own.name,
    sex: SEX[own.sex],
    birthDate: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
    cardNumber: own.cardNumber,
    cardId: cardIdOf(own),
    algorithm: own.algorithm,
    region: own.region,
    historicalBytes: historicalBytesOf(own),
    scheme: own.scheme === '390' ? '390' : '310',
    cardStatus: recipe.cardStatus ?? 'valid',
    cardUse: own.cardUse ?? 'online',
    ...(own.money === undefined ? {} : { cardBalance: fen(own.money.balance) }),
  };
}
