import { defineFaults } from './spec.ts';

export const printerFaults = defineFaults({
  'printer-unreachable': {
    retry: 'transient',
    zh: '连接不上打印机',
    en: 'The printer cannot be reached',
    nextZh: '请检查打印机电源和连线；小票已保存，恢复后补打',
    nextEn: 'Check power and cable; the slip is kept and printed when it is back',
  },
  'printer-paper-out': {
    retry: 'transient',
    zh: '打印机缺纸',
    en: 'The printer is out of paper',
    nextZh: '请装纸；小票已保存，装好后自动打印',
    nextEn: 'Load paper; the slip is kept and printed then',
  },
  'printer-cover-open': {
    retry: 'transient',
    zh: '打印机盖未关好',
    en: 'The printer cover is open',
    nextZh: '请关好打印机盖；小票已保存',
    nextEn: 'Close the cover; the slip is kept',
  },
  'printer-fault': {
    retry: 'transient',
    zh: '打印机故障',
    en: 'The printer reports a fault',
    nextZh: '请关机重启打印机；小票已保存',
    nextEn: 'Switch the printer off and on; the slip is kept',
  },
  'printer-outcome-unknown': {
    retry: 'ambiguous',
    zh: '打印中断，不确定是否已打出',
    en: 'Printing broke off: the slip may or may not be on paper',
    nextZh: '请查看纸上是否完整；需要时按“补打”，补打票会注明',
    nextEn: 'Look at the paper; print a copy if needed, it is marked as one',
  },
  'printer-address-invalid': {
    retry: 'permanent',
    zh: '打印机地址不正确',
    en: 'The address of the printer is not valid',
    nextZh: '请写成 tcp://主机:9100、serial:串口 或 file:设备文件',
    nextEn: 'Write tcp://host:9100, serial:PATH or file:PATH',
  },
  'printer-profile-invalid': {
    retry: 'permanent',
    zh: '打印机型号参数不存在或有误',
    en: 'The printer profile does not exist or is not valid',
    nextZh: '请检查 printer.profile：型号名或参数文件路径',
    nextEn: 'Check printer.profile: a name of the list, or the path of a profile file',
  },
  'slip-none': {
    retry: 'permanent',
    zh: '这笔销售没有小票',
    en: 'There is no slip for this sale',
    nextZh: '只有完成的销售才有小票',
    nextEn: 'Only a finished sale has a slip',
  },
});
