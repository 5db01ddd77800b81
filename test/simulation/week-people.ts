import type { CardLike } from '#drivers/card-reader/port';
import type { InsuredPerson } from '#simulators/agency/person';
import { type CardFacts, cardIdOf, cardNumberCheck } from '#simulators/cards/card-facts';
import { socialSecurityCard } from '#simulators/cards/social-security-card';
import { VirtualCard } from '#simulators/cards/virtual-card';

const BALANCE = 9_000_00n;
const CARD_MONEY = 3_000_00n;
export const cardPin = '123456';

/** A village of invented employees, each with a card; every fifth card keeps money and signs by itself. */
export function villager(place: number): { readonly facts: CardFacts; readonly person: InsuredPerson } {
  const facts = factsOf(place);
  const person: InsuredPerson = {
    personNumber: `9901${String(place).padStart(22, '0')}`,
    certificateNumber: facts.socialSecurityNumber,
    name: facts.name,
    gender: '1',
    nation: '01',
    birthDate: '1980-01-01',
    region: '990100',
    schemes: [{ scheme: '310', personType: '1101', status: '1', civilServant: false, employer: '示例制造' }],
    openingBalance: BALANCE,
    card: { cardNumber: facts.cardNumber, cardId: cardIdOf(facts), algorithm: 'sm4', status: 'valid' },
  };
  return { facts, person };
}

export function villagersCard(place: number): CardLike {
  return new VirtualCard(socialSecurityCard(villager(place).facts));
}

function factsOf(place: number): CardFacts {
  const serial = place.toString(16).toUpperCase().padStart(8, '0');
  const body = `Y${String(place).padStart(7, '0')}`;
  return {
    version: '3.00',
    algorithm: 'sm4',
    region: '990100',
    serial,
    authenticationCode: `B1C2${serial.slice(-4)}`,
    cardNumber: body + cardNumberCheck(body),
    issueDate: '20200101',
    expiryDate: '20400101',
    socialSecurityNumber: inventedNumber(`99010019800101${String(place % 1_000).padStart(3, '0')}`),
    name: `村民${String(place).padStart(4, '0')}`,
    sex: '1',
    nation: '01',
    birthDate: '19800101',
    scheme: '310',
    pin: { digits: cardPin, maxTries: 6 },
    ...(place % 5 === 0 ? { cardUse: 'offline', money: { balance: CARD_MONEY, year: 2026 } } : {}),
  };
}

/** With a check digit that no real number can have. */
function inventedNumber(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body.charAt(index)), 0);
  const right = '10X98765432'.charAt(sum % 11);
  return body + (right === '0' ? '1' : '0');
}
