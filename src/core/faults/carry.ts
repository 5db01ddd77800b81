import { defineFaults } from './spec.ts';

/** Files that carry offline sales to a terminal with a link, and what became of them back. */
export const carryFaults = defineFaults({
  'carry-no-partner': {
    retry: 'permanent',
    zh: '没有指定交换文件的终端',
    en: 'No terminal to exchange files with is named',
    nextZh:
      '请在配置 [carry] partners 中填写对方终端号和公钥（在对方运行 guitai carry key），或用 --terminal 选择',
    nextEn:
      'Fill in [carry] partners (the other terminal shows its line with guitai carry key), or choose with --terminal',
  },
  'carry-nothing': {
    retry: 'permanent',
    zh: '没有可以带出的交易',
    en: 'There is nothing to carry',
    nextZh: '正在上传、结果未知或已经带出的卡，之后的交易不能带出',
    nextEn: 'Sales behind one that is being uploaded, unanswered or already out stay where they are',
  },
  'carry-write-failed': {
    retry: 'transient',
    zh: '文件没有写成，交易没有带出',
    en: 'The file was not written; no sale was carried out',
    nextZh: '请检查U盘后再试',
    nextEn: 'Check the medium and try again',
  },
  'carry-maybe-written': {
    retry: 'ambiguous',
    zh: '不能确定文件是否已完整写入',
    en: 'Whether the file was written whole is not known',
    nextZh: '这些交易按已带出处理。请插好U盘，用 guitai carry again 再写同一个文件',
    nextEn:
      'Its sales count as carried out. Put the medium back and write the same file once more: guitai carry again',
  },
  'carry-file-cut': {
    retry: 'permanent',
    zh: '文件不完整，没有导入',
    en: 'The file is not whole; nothing was imported',
    nextZh: '请在带出的终端再写一次：guitai carry again',
    nextEn: 'Write it once more at the terminal that made it: guitai carry again',
  },
  'carry-file-altered': {
    retry: 'permanent',
    zh: '不是带出文件，或内容被改动，没有导入',
    en: 'This is no carry-out file, or it was changed; nothing was imported',
    nextZh: '请在带出的终端再写一次；仍不行时联系维护人员',
    nextEn: 'Write it once more at the terminal that made it; else call support',
  },
  'carry-sender-unknown': {
    retry: 'permanent',
    zh: '不认识写文件的终端',
    en: 'The terminal that made the file is not known here',
    nextZh: '请核对来源，再把该终端的公钥写入配置 [carry] partners',
    nextEn: "Check where it comes from, then put that terminal's public key into [carry] partners",
  },
  'carry-other-institution': {
    retry: 'permanent',
    zh: '文件属于另一家机构',
    en: 'The file belongs to another institution',
    nextZh: '请在同一机构的终端导入',
    nextEn: 'Import it at a terminal of the same institution',
  },
  'carry-not-for-us': {
    retry: 'permanent',
    zh: '文件是给另一台终端的',
    en: 'The file is for another terminal',
    nextZh: '只有写文件时指定的终端才能打开，请拿到那台终端导入',
    nextEn: 'Only the terminal that it was made for can open it: import it there',
  },
  'carry-file-seen': {
    retry: 'permanent',
    zh: '这个文件已经导入过，没有再导入',
    en: 'This file was imported before; nothing was changed',
    nextZh: '不必再做什么',
    nextEn: 'Nothing more to do',
  },
  'carry-expired': {
    retry: 'permanent',
    zh: '文件已过期，不能再上传',
    en: 'The file is past its time and may not be uploaded any more',
    nextZh: '请把文件退回带出的终端，由两人取回后重新带出',
    nextEn: 'At the terminal that made it two people take it back and carry it out anew',
  },
  'carry-clock-wrong': {
    retry: 'permanent',
    zh: '文件的时间在将来',
    en: 'The file is from the future',
    nextZh: '请校准两台终端的时钟',
    nextEn: 'Set the clocks of both terminals right',
  },
  'carry-sale-differs': {
    retry: 'permanent',
    zh: '文件中的交易与已导入的同号交易不同，没有导入',
    en: 'A sale in the file has the number of another one that is here; nothing was imported',
    nextZh: '请联系维护人员核对两台终端的编号',
    nextEn: 'Call support: the numbers of the terminals collide',
  },
  'carry-book-lost': {
    retry: 'permanent',
    zh: '代传账本不见了，无法确认文件是否已上传过',
    en: 'The book of carried sales is gone: whether a file was uploaded cannot be told',
    nextZh: '请恢复数据目录中的 carried 文件夹；否则等期限过后由带出的终端取回',
    nextEn:
      'Put the folder carried of the data folder back; else the sender takes its sales back after their time',
  },
  'carry-before-restore': {
    retry: 'permanent',
    zh: '文件早于本终端的恢复，可能已经上传过，没有导入',
    en: 'The file is older than the restore of this terminal and may have been uploaded; nothing was imported',
    nextZh: '期限过后由带出的终端取回，系统会先与医保中心核对',
    nextEn: 'The sender takes it back after its time; the agency is asked first what it has booked',
  },
  'carry-file-unknown': {
    retry: 'permanent',
    zh: '没有这个编号的带出文件，或其中没有还在外面的交易',
    en: 'There is no such file, or nothing of it is still out',
    nextZh: '请用 guitai carry 查看',
    nextEn: 'Look at guitai carry',
  },
  'carry-still-out': {
    retry: 'permanent',
    zh: '期限还没有过，接收终端可能仍在上传',
    en: 'Its time is not over: the receiver may still be uploading it',
    nextZh: '请导入结果文件，或在期限过后取回；U盘坏了可以再写同一个文件',
    nextEn: 'Import the answer file, or take it back after its time; a lost medium can be written again',
  },
  'carry-result-wrong': {
    retry: 'permanent',
    zh: '结果文件与交易不符，没有导入',
    en: 'The answer file does not fit the sales; nothing was changed',
    nextZh: '请联系维护人员',
    nextEn: 'Call support',
  },
  'carry-returned': {
    retry: 'permanent',
    zh: '没有上传，已退回带出的终端',
    en: 'Not uploaded here; given back to the terminal that carried it out',
    nextZh: '请把结果文件带回去',
    nextEn: 'Take the answer file there',
  },
  'carry-maybe-uploaded': {
    retry: 'permanent',
    zh: '带出期间这笔交易可能已由其他终端上传，没有再上传',
    en: 'This sale may have been uploaded elsewhere while it was out; it is not sent again',
    nextZh: '请在医保中心的明细中核对这笔交易，再由两人作出决定',
    nextEn: "Look for it in the agency's detail, then two people decide",
  },
});
