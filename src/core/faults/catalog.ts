import { defineFaults } from './spec.ts';

export const catalogFaults = defineFaults({
  'catalog-none': {
    retry: 'permanent',
    zh: '还没有目录',
    en: 'No catalogue is loaded',
    nextZh: '请先导入目录',
    nextEn: 'Import a catalogue first',
  },
  'catalog-product-unknown': {
    retry: 'permanent',
    zh: '目录中没有这个商品',
    en: 'This product is not in the catalogue',
    nextZh: '请核对条码，或按名称、拼音查找',
    nextEn: 'Check the code or search by name or pinyin',
  },
});
