import { defineFaults } from './spec.ts';

export const benefitFaults = defineFaults({
  'policy-unknown': {
    retry: 'permanent',
    zh: '没有这个编号的待遇政策',
    en: 'There is no policy document of this id',
    nextZh: '请用 guitai policy list 查看全部编号',
    nextEn: 'List the ids with: guitai policy list',
  },
  'case-invalid': {
    retry: 'permanent',
    zh: '就诊案例的内容不合要求，没有计算',
    en: 'The case does not fit its form; nothing was computed',
    nextZh: '请按所列位置改正案例',
    nextEn: 'Correct the case at the places listed',
  },
});
