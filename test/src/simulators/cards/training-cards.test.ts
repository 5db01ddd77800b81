import { describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { fromHex, toHex } from '#core/hex';
import { cardNumberCheck } from '#simulators/cards/card-facts';
import {
  isTrainingCardId,
  makeTrainingCard,
  type TrainingCardId,
  trainingCardBox,
  trainingCards,
  trainingPersons,
} from '#simulators/cards/training-cards';
import { fixture } from './examples.ts';

const SELECT_SSSE = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';

function answers(id: TrainingCardId, ...commands: string[]): (string | undefined)[] {
  const card = makeTrainingCard(id, { transport: 'one-step' });
  card.powerOn();
  return commands.map((command) => {
    const answer = card.transmit(fromHex(command));
    return answer === undefined ? undefined : toHex(answer).slice(-4);
  });
}

describe('the box of training cards', () => {
  it('shows each fault that the till must tell apart', () => {
    const card = '00B2012C12';
    expect(answers('locked', SELECT_SSSE, card)).toEqual(['6A81', '6A81']);
    expect(answers('application-locked', SELECT_SSSE, card)).toEqual(['9303', '9303']);
    expect(answers('bank-only', SELECT_SSSE, '00A404000E315041592E5359532E4444463031')).toEqual([
      '6A82',
      '9000',
    ]);
    expect(answers('blank', SELECT_SSSE, card)).toEqual(['9000', '6A83']);
    expect(answers('mute', SELECT_SSSE)).toEqual([undefined]);
    expect(answers('not-a-card', SELECT_SSSE)).toEqual(['6D00']);
    expect(answers('pin-locked', SELECT_SSSE, '0020000003123456')).toEqual(['9000', '6983']);
    const sound = ['A', 'B', 'C', 'employee', 'resident', 'forged', 'expired', 'lost'] as const;
    for (const id of [...sound, 'offline-card', 'family', 'second-employee'] as const) {
      expect(answers(id, SELECT_SSSE, card, '0020000003123456'), id).toEqual(['9000', '9000', '9000']);
    }
  });

  it('has one card that may settle offline, with 300.00 on it, and no other with money', () => {
    const medical = ['00A4000002DF04', '0020000003123456', '00B28F2803', 'B026000104'];
    const full = (id: TrainingCardId): string => {
      const card = makeTrainingCard(id, { transport: 'one-step' });
      card.powerOn();
      return medical
        .map((command) => toHex(card.transmit(fromHex(command)) ?? new Uint8Array(0)))
        .slice(2)
        .join(' ');
    };
    expect(full('offline-card')).toBe('8F01329000 000075309000');
    expect(full('second-employee')).toBe('8F01319000 6E00');
    for (const { trainingCardId, cardUse, cardBalance } of trainingPersons) {
      const isOffline = trainingCardId === 'offline-card';
      expect({ cardUse, cardBalance }, trainingCardId).toEqual({
        cardUse: isOffline ? 'offline' : 'online',
        ...(isOffline ? { cardBalance: 300_00n } : {}),
      });
    }
  });

  it('keeps a card taken out and put back: its counters and PIN stay as the customer left them', () => {
    const box = trainingCardBox({ transport: 'one-step' });
    const card = box.card('employee');
    card.powerOn();
    const wrong = card.transmit(fromHex('0020000003000000'));
    card.powerOff();
    expect(box.card('employee')).toBe(card);
    expect(box.card('second-employee')).not.toBe(card);
    card.powerOn();
    expect([wrong, card.transmit(fromHex('0020000000'))].map((one) => toHex(one ?? fromHex('')))).toEqual([
      '63C5',
      '63C5',
    ]);
    expect(trainingCardBox().card('employee')).not.toBe(card);
  });

  it('makes every card of the list, with the ATR that the list shows', () => {
    for (const { id, atr } of trainingCards) expect(toHex(makeTrainingCard(id).atr), id).toBe(atr);
    expect(new Set(trainingCards.map(({ id }) => id)).size).toBe(trainingCards.length);
    expect(isTrainingCardId('employee')).toBe(true);
    expect(isTrainingCardId('E')).toBe(false);
  });

  it('gives the agency persons with numbers of their own, A, B and C as in the examples', () => {
    for (const id of ['A', 'B', 'C'] as const) {
      const person = trainingPersons.find((one) => one.trainingCardId === id);
      assert(person !== undefined, `the agency knows card ${id}`);
      const { name, socialSecurityNumber, cardNumber, historicalBytes } = fixture.cards[id];
      expect(person).toMatchObject({ name, socialSecurityNumber, cardNumber, historicalBytes });
      expect(`0110${person.cardId}`).toBe(fixture.cards[id].issuerRecords[0]);
    }
    const cardNumbers = trainingPersons.map(({ cardNumber }) => cardNumber);
    expect(new Set(cardNumbers).size).toBe(cardNumbers.length);
    expect(trainingPersons.map(({ trainingCardId }) => trainingCardId)).not.toContain('forged');
  });

  it('holds invented identity numbers only: region 9901, wrong check digit', () => {
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    for (const { trainingCardId, socialSecurityNumber: number, region } of trainingPersons) {
      const sum = weights.reduce((total, weight, index) => total + weight * Number(number.charAt(index)), 0);
      expect(number).toMatch(/^9901\d{14}$/);
      expect(region).toMatch(/^9901/);
      // The bytes of the example cards are fixed, and their numbers carry right check digits.
      if (['A', 'B', 'C'].includes(trainingCardId)) continue;
      expect(number.charAt(17), number).not.toBe('10X98765432'.charAt(sum % 11));
    }
  });
});

it('the check character of card numbers follows the worked sample', () => {
  expect(cardNumberCheck('D2143569')).toBe('X');
  for (const { cardNumber } of Object.values(fixture.cards)) {
    expect(cardNumberCheck(cardNumber.slice(0, 8))).toBe(cardNumber.slice(8));
  }
});
