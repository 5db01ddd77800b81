import { defineFaults } from './spec.ts';

export const checkoutFaults = defineFaults({
  'sale-empty': {
    retry: 'permanent',
    zh: '还没有商品',
    en: 'The basket is empty',
    nextZh: '请先扫描商品',
    nextEn: 'Scan goods first',
  },
});
