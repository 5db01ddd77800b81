import { expect, test } from 'vitest';
import { settlementInput, settlementRequest } from '#agency/messages/settlement';
import type { SettlementRequest } from '#core/domain/settlement';
import { price, quantity, yuan } from '#core/money';

const request: SettlementRequest = {
  personNumber: '99010000000000000000000001',
  medium: 'card',
  mediumNumber: '990100D156000005',
  insuredRegion: '990100',
  scheme: '310',
  beganAtMs: 1_772_400_000_000,
  saleNumber: '260302010001',
  useAccount: true,
  total: yuan('22.75'),
  lines: [
    {
      lineNumber: 1,
      nationalCode: 'T001700001',
      shopCode: '100494',
      quantity: quantity('70'),
      price: price('0.185'),
      amount: yuan('12.95'),
      occurredAtMs: 1_772_400_000_000,
      herbalDoses: { doses: quantity('7'), gramsPerDose: quantity('10') },
    },
    {
      lineNumber: 2,
      nationalCode: 'XJ01CAZ000E001010199001',
      shopCode: '100001',
      quantity: quantity('1'),
      price: price('9.80'),
      amount: yuan('9.80'),
      occurredAtMs: 1_772_400_000_000,
    },
  ],
};

test.each(['2101', '2102'] as const)(
  '%s tells doses and grams of herbal pieces in the description of the single dose, and nothing of other lines',
  (transaction) => {
    const sent = settlementRequest(request, transaction);
    expect(settlementInput.safeParse(sent).success).toBe(true);
    const [herb, capsules] = sent.drugdetail;
    expect(herb?.sin_dos_dscr).toBe('每付10克，共7付');
    expect(String(herb?.cnt)).toBe('70');
    expect(capsules).not.toHaveProperty('sin_dos_dscr');
  },
);
