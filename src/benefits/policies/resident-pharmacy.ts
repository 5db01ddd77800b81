import type { PolicyText } from '#core/policy';

/** Residents (城乡居民, 390) buying in a designated pharmacy. Figures made for the training shop. */
export const residentPharmacy = {
  id: 'training-390-pharmacy',
  version: '2026-1',
  titleZh: '城乡居民医保定点药店购药（培训）',
  titleEn: 'Residents buying in a pharmacy (training)',
  status: 'training',
  basis:
    '培训用政策，数字为虚构，不得用于正式结算 / Made for training, figures invented, never for real settlement',
  regions: ['990100', '*'],
  scheme: '390',
  visitKinds: ['pharmacy'],
  validFrom: '2020-01-01',
  fund: { code: '390100', nameZh: '城乡居民基本医疗保险基金', nameEn: 'residents’ fund' },
  yearlyDeductible: '100.00',
  yearlyFundCap: '1000.00',
  groups: [
    {
      id: 'resident',
      nameZh: '居民',
      nameEn: 'residents',
      // Code list psn_type: 14 minors, 15 adults, 16 the elderly.
      personTypes: ['14', '15', '16'],
      fundRatio: '0.50',
    },
  ],
  account: { paysOutOfScope: false, paysOverCeiling: true },
} satisfies PolicyText;
