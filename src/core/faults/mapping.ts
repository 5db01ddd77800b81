import { defineFaults } from './spec.ts';

export const mappingFaults = defineFaults({
  'mapping-at-agency': {
    retry: 'permanent',
    zh: '这个对照已上传医保中心，不能直接更改',
    en: 'This mapping is known to the agency and cannot simply be changed',
    nextZh: '请先撤销对照（3302），撤销成功后再选择新的编码',
    nextEn: 'Revoke it first (3302); when that is done, choose the new code',
  },
  'mapping-busy': {
    retry: 'transient',
    zh: '对照正在进行中',
    en: 'Mapping is already running',
    nextZh: '请等它结束后再试',
    nextEn: 'Wait until it has ended',
  },
  'mapping-code-unknown': {
    retry: 'permanent',
    zh: '医保目录中没有这个编码，或今天不在有效期内',
    en: "The agency's tables do not hold this code today",
    nextZh: '请核对编码，或先下载最新的医保目录',
    nextEn: 'Check the code, or download the newest tables first',
  },
  'mapping-not-at-agency': {
    retry: 'permanent',
    zh: '这个对照还没有上传，无需撤销',
    en: 'This mapping was not uploaded, there is nothing to revoke',
    nextZh: '请直接选择其他编码',
    nextEn: 'Simply choose another code',
  },
  'mapping-unknown': {
    retry: 'permanent',
    zh: '待办列表中没有这个商品的对照',
    en: 'The work-list has no mapping of this item',
    nextZh: '请先运行目录对照',
    nextEn: 'Run the mapping first',
  },
});
