import { defineFaults } from './spec.ts';

export const storeFaults = defineFaults({
  'store-newer-schema': {
    retry: 'permanent',
    zh: '数据文件由更新的版本写成，本版本不能打开',
    en: 'The data file was written by a newer program',
    nextZh: '请安装新版本，不要删除数据',
    nextEn: 'Install the newer program; do not delete the data',
  },
  'store-damaged': {
    retry: 'permanent',
    zh: '数据文件已损坏',
    en: 'The data file is damaged',
    nextZh: '请不要继续营业，从备份恢复或联系维护人员',
    nextEn: 'Stop selling; restore a backup or call support',
  },
  'store-locked': {
    retry: 'permanent',
    zh: '另一个柜台程序正在使用这个数据目录',
    en: 'Another till is using this data folder',
    nextZh: '请关闭另一个程序，或换一个数据目录',
    nextEn: 'Close the other one or choose another data folder',
  },
  'store-disk-full': {
    retry: 'transient',
    zh: '磁盘已满',
    en: 'The disk is full',
    nextZh: '请清理磁盘；未完成的销售已停止，没有扣款',
    nextEn: 'Free some space; the sale was stopped before any charge',
  },
});
