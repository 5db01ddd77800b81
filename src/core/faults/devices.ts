import { defineFaults } from './spec.ts';

/** PIN pad, scanner, customer display, cash drawer. */
export const deviceFaults = defineFaults({
  'pin-pad-missing': {
    retry: 'transient',
    zh: '密码键盘未连接',
    en: 'The PIN pad is not connected',
    nextZh: '请检查密码键盘的连线和电源，接好后自动恢复',
    nextEn: 'Check its cable and power; it is taken up by itself',
  },
  'pin-pad-cancelled': {
    retry: 'transient',
    zh: '已取消输入密码',
    en: 'PIN entry was cancelled',
    nextZh: '需要时请重新付款并输入密码',
    nextEn: 'Pay again and enter the PIN if it is still wanted',
  },
  'pin-pad-timeout': {
    retry: 'transient',
    zh: '输入密码超时',
    en: 'No PIN was entered in time',
    nextZh: '请重新付款，并请持卡人在密码键盘上输入密码',
    nextEn: 'Pay again and ask the holder to enter the PIN on the pad',
  },
});
