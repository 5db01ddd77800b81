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
  'scanner-missing': {
    retry: 'transient',
    zh: '扫码枪未连接',
    en: 'The scanner is not connected',
    nextZh: '请检查扫码枪的连线或底座，接好后自动恢复；可先手工输入编码',
    nextEn: 'Check its cable or cradle; it is taken up by itself. Type codes meanwhile',
  },
  'scanner-garbled': {
    retry: 'transient',
    zh: '扫码枪传来的内容不完整',
    en: 'What the scanner sent is not a whole code',
    nextZh: '请再扫一次；经常出现时请检查扫码枪的波特率和接口设置',
    nextEn: 'Scan again; if it happens often, check its speed and interface settings',
  },
  'scan-check-digit': {
    retry: 'permanent',
    zh: '条码校验位不对',
    en: 'The check digit of the code is wrong',
    nextZh: '请再扫一次，或核对数字后手工输入',
    nextEn: 'Scan again, or compare the digits and type them',
  },
  'scan-unreadable': {
    retry: 'permanent',
    zh: '扫码内容为空或过长',
    en: 'The scanned text is empty or too long',
    nextZh: '请对准商品条码再扫一次',
    nextEn: 'Aim at the barcode of the product and scan again',
  },
  'scan-not-goods': {
    retry: 'permanent',
    zh: '这个二维码不是商品码，也不是医保电子凭证',
    en: 'This code names neither a product nor an electronic certificate',
    nextZh: '请扫商品条码或药品追溯码',
    nextEn: 'Scan the barcode or the trace code of the product',
  },
  'pin-pad-busy': {
    retry: 'transient',
    zh: '密码键盘正在使用',
    en: 'The PIN pad is busy with another entry',
    nextZh: '请等上一次输入结束或先取消它',
    nextEn: 'Wait for the other entry to end, or cancel it',
  },
  'pin-pad-garbled': {
    retry: 'transient',
    zh: '密码键盘的数据有误，已拒绝',
    en: 'What the PIN pad sent was damaged or not genuine and was refused',
    nextZh: '请检查连线后重新输入密码；反复出现请报修并更换密码键盘',
    nextEn: 'Check its cable and enter the PIN again; if it comes back, have the pad replaced',
  },
  'pin-pad-tampered': {
    retry: 'permanent',
    zh: '密码键盘报告被拆动，已停用',
    en: 'The PIN pad reports that it was opened; it is out of use',
    nextZh: '不要再使用这个密码键盘，请联系厂家检修并重新灌装密钥',
    nextEn: 'Do not use this pad; have it serviced and its key loaded anew',
  },
  'pin-pad-key-wrong': {
    retry: 'permanent',
    zh: '密码键盘的传输密钥不可用或不一致',
    en: "The transport key of the PIN pad cannot be used or differs from the pad's",
    nextZh: '请检查配置中的 key_file，或重新灌装密码键盘的密钥',
    nextEn: 'Check key_file in the settings, or load the key of the pad anew',
  },
});
