import type { ChronicView } from '#checkout/view';

/** What is filed for a chronic patient: two that count today, one that has ended, one for another institution. */
export const fakeChronic: ChronicView = {
  state: 'known',
  ageSeconds: 4,
  filed: [
    { diseaseCode: 'M01600', diseaseName: '糖尿病', from: '2024-01-01', standing: 'valid' },
    {
      diseaseCode: 'M03900',
      diseaseName: '高血压',
      from: '2024-01-01',
      to: '2026-12-31',
      standing: 'valid',
    },
    {
      diseaseCode: 'M04600',
      diseaseName: '冠心病',
      from: '2022-01-01',
      to: '2023-12-31',
      standing: 'ended',
    },
    {
      diseaseCode: 'M06900',
      diseaseName: '类风湿关节炎',
      from: '2025-01-01',
      institution: '虚构中心医院',
      standing: 'elsewhere',
    },
  ],
};

/** The chosen disease as the sale's view has it; undefined when it may not be chosen. */
export function chosenOf(chronic: ChronicView | undefined, diseaseCode: string) {
  const found = chronic?.filed.find((each) => each.diseaseCode === diseaseCode && each.standing === 'valid');
  return found === undefined ? undefined : { diseaseCode, diseaseName: found.diseaseName };
}
