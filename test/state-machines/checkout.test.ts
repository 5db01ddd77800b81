import { describe, expect, test } from 'vitest';
import { type FaultCode, fault } from '#core/fault';
import { yuan, zeroMoney } from '#core/money';
import type { Limits, QuoteFacts } from '#machines/checkout/events';
import { brokenLimit } from '#machines/checkout/limits';
import { checkoutMachine } from '#machines/checkout/machine';
import { walker } from './walk.ts';

const quote: QuoteFacts = { mode: 'insured', total: yuan('30'), account: yuan('20'), cash: yuan('10') };
const limits: Limits = {
  accountBalance: yuan('100'),
  accountPerSale: yuan('50'),
  accountLeftToday: yuan('50'),
  offline: {
    allowed: true,
    perSale: yuan('30'),
    leftOnCard: yuan('40'),
    leftOnTerminal: yuan('500'),
    salesLeftOnCard: 1,
    salesLeftOnTerminal: 1,
    percent: 100,
  },
};
const pay = {
  type: 'sale.pay' as const,
  quote,
  limits,
  tendered: yuan('10'),
  acceptsOfflineRisk: false,
};

function atConfirming() {
  return walker(checkoutMachine)
    .send({ type: 'card.inserted' })
    .send({ type: 'card.authenticating' })
    .done('identify', { kind: 'identified' })
    .send({ type: 'basket.changed', lineCount: 2, total: yuan('30') })
    .send({ type: 'sale.quote' })
    .done('quote', { kind: 'quoted', quote });
}

describe('the ordinary way of a sale', () => {
  test('card, goods, quote, payment, intent, settlement and slip lead to done', () => {
    const walk = atConfirming();
    expect(walk.value).toEqual({ holder: 'identified', sale: 'confirming' });
    walk.send(pay);
    expect(walk.matches({ sale: { committing: 'checking' } })).toBe(true);
    walk.done('confirmPresence', { kind: 'present' });
    expect(walk.matches({ sale: { committing: 'intent' } })).toBe(true);
    walk.done('storeIntent', { kind: 'stored' });
    expect(walk.matches({ sale: { committing: 'settling' } })).toBe(true);
    walk.done('settle', { kind: 'settled', disputed: false });
    expect(walk.matches({ sale: 'delivering' })).toBe(true);
    walk.done('deliver');
    expect(walk.matches({ sale: 'done' })).toBe(true);
    walk.send({ type: 'sale.next' });
    expect(walk.matches({ sale: 'selling' })).toBe(true);
    expect(walk.context).toMatchObject({ lineCount: 0, total: zeroMoney, quote: undefined });
  });

  test('an empty basket is not quoted and says why', () => {
    const walk = walker(checkoutMachine).send({ type: 'sale.quote' });
    expect(walk.matches({ sale: 'selling' })).toBe(true);
    expect(walk.context.saleFault.code).toBe('sale-empty');
  });

  test('a printer that fails does not change the sale', () => {
    const walk = atConfirming()
      .send(pay)
      .done('confirmPresence', { kind: 'present' })
      .done('storeIntent', { kind: 'stored' })
      .done('settle', { kind: 'settled', disputed: false })
      .fails('deliver');
    expect(walk.matches({ sale: 'done' })).toBe(true);
  });
});

describe('what stops a sale before anything is charged', () => {
  test('a card pulled while reading drops the holder with the reason', () => {
    const walk = walker(checkoutMachine)
      .send({ type: 'card.inserted' })
      .send({ type: 'card.removed', fault: fault('card-removed') });
    expect(walk.matches({ holder: 'none' })).toBe(true);
    expect(walk.context.holderFault.code).toBe('card-removed');
  });

  test('a card pulled after the quote voids the quote and keeps the basket', () => {
    const walk = atConfirming().send({ type: 'card.removed', fault: fault('card-removed') });
    expect(walk.value).toEqual({ holder: 'none', sale: 'selling' });
    expect(walk.context).toMatchObject({ lineCount: 2, quote: undefined });
    expect(walk.send(pay).matches({ sale: 'selling' })).toBe(true);
  });

  test('a card put in after the quote voids it, so that nobody pays cash for an insured sale by mistake', () => {
    const walk = walker(checkoutMachine)
      .send({ type: 'basket.changed', lineCount: 1, total: yuan('30') })
      .send({ type: 'sale.quote' })
      .done('quote', { kind: 'quoted', quote: { ...quote, mode: 'own-pay' } });
    expect(walk.matches({ sale: 'confirming' })).toBe(true);
    walk.send({ type: 'card.inserted' });
    expect(walk.matches({ sale: 'selling' })).toBe(true);
    expect(walk.context).toMatchObject({ lineCount: 1, quote: undefined });
  });

  test('a certificate shown after the quote identifies anew and voids it', () => {
    const walk = atConfirming().send({ type: 'credential.shown' });
    expect(walk.matches({ holder: 'reading', sale: 'selling' })).toBe(true);
    walk.done('identify', { kind: 'identified' });
    expect(walk.value).toEqual({ holder: 'identified', sale: 'selling' });
    expect(walk.context).toMatchObject({ lineCount: 2, quote: undefined });
  });

  test('a certificate shown without goods identifies its holder, or says why not', () => {
    const refused = walker(checkoutMachine)
      .send({ type: 'credential.shown' })
      .done('identify', { kind: 'refused', fault: fault('certificate-used') });
    expect(refused.matches({ holder: 'refused' })).toBe(true);
    expect(refused.context.holderFault.code).toBe('certificate-used');
  });

  test('a swapped card found before the intent leads back to selling', () => {
    const walk = atConfirming()
      .send(pay)
      .done('confirmPresence', { kind: 'refused', fault: fault('card-swapped') });
    expect(walk.matches({ sale: 'selling' })).toBe(true);
    expect(walk.context.saleFault.code).toBe('card-swapped');
  });

  test('a wrong PIN leaves the quote where it is: the holder tries again', () => {
    const walk = atConfirming()
      .send(pay)
      .done('confirmPresence', { kind: 'again', fault: fault('card-pin-wrong') });
    expect(walk.matches({ sale: 'confirming' })).toBe(true);
    expect(walk.context.saleFault.code).toBe('card-pin-wrong');
    expect(walk.send(pay).matches({ sale: { committing: 'checking' } })).toBe(true);
  });

  test('goods added after the quote void it', () => {
    const walk = atConfirming().send({ type: 'basket.changed', lineCount: 3, total: yuan('40') });
    expect(walk.matches({ sale: 'selling' })).toBe(true);
    expect(walk.context.quote).toBeUndefined();
  });

  test('a refusal by the agency goes back to selling with its reason', () => {
    const walk = atConfirming()
      .send(pay)
      .done('confirmPresence', { kind: 'present' })
      .done('storeIntent', { kind: 'stored' })
      .done('settle', { kind: 'refused', fault: fault('agency-refused') });
    expect(walk.matches({ sale: 'selling' })).toBe(true);
    expect(walk.context.saleFault.code).toBe('agency-refused');
  });

  test('a refused card is never an identified holder', () => {
    const walk = walker(checkoutMachine)
      .send({ type: 'card.inserted' })
      .done('identify', { kind: 'refused', fault: fault('card-authentication-failed') });
    expect(walk.matches({ holder: 'refused' })).toBe(true);
  });
});

describe('P3: an unknown outcome is neither failed nor done', () => {
  function unknown() {
    return atConfirming()
      .send(pay)
      .done('confirmPresence', { kind: 'present' })
      .done('storeIntent', { kind: 'stored' })
      .done('settle', { kind: 'unknown', fault: fault('agency-no-answer') });
  }

  test('no readable reply is unknown, and paying again is not possible there', () => {
    const walk = unknown();
    expect(walk.matches({ sale: 'unknown' })).toBe(true);
    expect(walk.send(pay).matches({ sale: 'unknown' })).toBe(true);
  });

  test('an effect that breaks after the intent is unknown too', () => {
    const walk = atConfirming()
      .send(pay)
      .done('confirmPresence', { kind: 'present' })
      .done('storeIntent', { kind: 'stored' })
      .fails('settle');
    expect(walk.matches({ sale: 'unknown' })).toBe(true);
  });

  test('the next customer can be served meanwhile', () => {
    expect(unknown().send({ type: 'sale.next' }).matches({ sale: 'selling' })).toBe(true);
  });

  test('when it is cleared up as settled the slip is delivered', () => {
    expect(unknown().send({ type: 'sale.resolved', settled: true }).matches({ sale: 'delivering' })).toBe(
      true,
    );
    expect(unknown().send({ type: 'sale.resolved', settled: false }).matches({ sale: 'selling' })).toBe(true);
  });
});

describe('limits', () => {
  const cases: readonly (readonly [
    string,
    Partial<Parameters<typeof brokenLimit>[0]>,
    FaultCode | undefined,
  ])[] = [
    ['everything within its limit', {}, undefined],
    ['cash one fen short', { tendered: yuan('9.99') }, 'tender-too-small'],
    ['account exactly at its balance', { limits: { ...limits, accountBalance: yuan('20') } }, undefined],
    [
      'account one fen over its balance',
      { limits: { ...limits, accountBalance: yuan('19.99') } },
      'limit-account-balance',
    ],
    ['over the limit per sale', { limits: { ...limits, accountPerSale: yuan('19.99') } }, 'limit-per-sale'],
    ['over the limit per day', { limits: { ...limits, accountLeftToday: yuan('19.99') } }, 'limit-per-day'],
    [
      'own pay knows no account limit',
      {
        quote: { ...quote, mode: 'own-pay' },
        limits: { ...limits, accountBalance: zeroMoney },
      },
      undefined,
    ],
    [
      'offline without the risk accepted',
      { quote: { ...quote, mode: 'offline' } },
      'offline-risk-not-accepted',
    ],
    [
      'offline within budgets and accepted',
      { quote: { ...quote, mode: 'offline' }, acceptsOfflineRisk: true },
      undefined,
    ],
    ...(
      [
        ['perSale', 'limit-offline-per-sale'],
        ['leftOnCard', 'limit-offline-per-card'],
        ['leftOnTerminal', 'limit-offline-per-terminal'],
        ['salesLeftOnCard', 'limit-offline-sales-card'],
        ['salesLeftOnTerminal', 'limit-offline-sales-terminal'],
      ] as const
    ).map(
      ([key, code]) =>
        [
          `offline one over ${key}`,
          {
            quote: { ...quote, mode: 'offline' as const },
            acceptsOfflineRisk: true,
            limits: {
              ...limits,
              offline: { ...limits.offline, [key]: key.startsWith('sales') ? 0 : yuan('19.99') },
            },
          },
          code,
        ] as const,
    ),
    [
      'offline where the region has not turned it on',
      {
        quote: { ...quote, mode: 'offline' },
        acceptsOfflineRisk: true,
        limits: { ...limits, offline: { ...limits.offline, allowed: false } },
      },
      'offline-not-allowed',
    ],
  ];

  test.each(cases)('%s', (_name, change, expected) => {
    expect(brokenLimit({ ...pay, ...change })).toBe(expected);
  });

  test('the machine asks the same question before it commits', () => {
    const walk = atConfirming().send({ ...pay, limits: { ...limits, accountPerSale: yuan('19.99') } });
    expect(walk.matches({ sale: 'confirming' })).toBe(true);
    expect(walk.context.saleFault.code).toBe('limit-per-sale');
  });
});
