import type { PolicyText } from '#core/policy';

/**
 * Employees (职工, 310) buying in a designated pharmacy. Figures made for the training shop: the shape is that
 * of real city documents, no city has these numbers.
 */
export const employeePharmacy = {
  id: 'training-310-pharmacy',
  version: '2026-1',
  titleZh: '职工医保定点药店购药（培训）',
  titleEn: 'Employees buying in a pharmacy (training)',
  status: 'training',
  basis:
    '培训用政策，数字为虚构，不得用于正式结算 / Made for training, figures invented, never for real settlement',
  regions: ['990100', '*'],
  scheme: '310',
  visitKinds: ['pharmacy'],
  validFrom: '2020-01-01',
  fund: { code: '310100', nameZh: '职工基本医疗保险统筹基金', nameEn: 'employees’ pooled fund' },
  yearlyDeductible: '200.00',
  yearlyFundCap: '3000.00',
  groups: [
    { id: 'active', nameZh: '在职', nameEn: 'employed', personTypes: ['11'], fundRatio: '0.60' },
    { id: 'retired', nameZh: '退休', nameEn: 'retired', personTypes: ['12'], fundRatio: '0.70' },
  ],
  account: { paysOutOfScope: false, paysOverCeiling: true },
} satisfies PolicyText;
