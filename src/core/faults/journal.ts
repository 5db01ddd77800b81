import { defineFaults } from './spec.ts';

/** The journal, its signatures and its anchors. */
export const journalFaults = defineFaults({
  'records-none': {
    retry: 'permanent',
    zh: '这个目录里没有柜台数据',
    en: 'There are no records of a till in this folder',
    nextZh: '请用 --config 指定正确的配置文件，或检查数据目录',
    nextEn: 'Name the right configuration with --config, or check the data folder',
  },
  'store-older-schema': {
    retry: 'permanent',
    zh: '数据文件由更早的版本写成，还没有升级',
    en: 'The data file was written by an older program and is not brought forward yet',
    nextZh: '请先用本版本启动一次柜台，再核对',
    nextEn: 'Start the till once with this program, then look again',
  },
  'journal-broken': {
    retry: 'permanent',
    zh: '流水或记录被改动',
    en: 'The journal or the records were changed behind the program',
    nextZh: '请不要继续营业，保留数据目录，联系维护人员；用 guitai journal verify 查看位置',
    nextEn: 'Stop selling, keep the data folder and call support; guitai journal verify names the places',
  },
  'journal-anchor-unreadable': {
    retry: 'permanent',
    zh: '锚点文件读不出，或已被改动',
    en: 'The anchor file cannot be read, or was changed',
    nextZh: '请换另一份锚点文件、日报表或小票校验码核对',
    nextEn: 'Use another anchor file, a day report or the check code of a slip',
  },
  'journal-anchor-unwritable': {
    retry: 'transient',
    zh: '锚点文件写不进去',
    en: 'The anchor file cannot be written',
    nextZh: '请检查锚点目录（如 U 盘）是否存在、可写；销售不受影响',
    nextEn: 'Check that the anchor folder (a USB stick, say) is there and may be written; sales go on',
  },
  'journal-anchor-differs': {
    retry: 'permanent',
    zh: '流水与以前的锚点不符：末尾被截掉、放回了旧文件，或被改动',
    en: 'The journal does not fit an earlier anchor: cut, an old file put back, or changed',
    nextZh: '请保留锚点目录里另存的文件，用 guitai journal verify --anchor 核对后再删除它',
    nextEn:
      'Keep the anchor set aside in the anchor folder, check it with guitai journal verify --anchor, then remove it',
  },
  'slip-code-invalid': {
    retry: 'permanent',
    zh: '小票校验码输入有误',
    en: 'This is no check code of a slip, or it was mistyped',
    nextZh: '请按小票上的样式重新输入，例如 123-ABCDE-FGHJK',
    nextEn: 'Type it again as it stands on the slip, such as 123-ABCDE-FGHJK',
  },
  'slip-altered': {
    retry: 'permanent',
    zh: '小票内容与终端签名不符：被改动或伪造',
    en: 'What the slip says does not fit the signature: changed or forged',
    nextZh: '请收存原票，按可疑票据处理，并向该机构调取底单核对',
    nextEn: 'Keep the paper, treat it as suspicious, and ask the institution for its records',
  },
  'slip-foreign': {
    retry: 'permanent',
    zh: '不是这台终端的小票',
    en: 'This is not a slip of this terminal',
    nextZh: '请按票上的机构编号和终端号，用该终端的公钥或记录核对',
    nextEn: 'Check it with the key or the records of the institution and terminal that it names',
  },
  'slip-not-recorded': {
    retry: 'permanent',
    zh: '终端的流水里没有这张小票',
    en: 'The journal of the terminal holds no such slip',
    nextZh: '请核对校验码；若无误，则小票是伪造的，或流水被截断：用 guitai journal verify --slip 查看',
    nextEn:
      'Check the code; if it is right the slip is forged or the journal was cut: guitai journal verify --slip',
  },
  'slip-text-differs': {
    retry: 'permanent',
    zh: '小票上的文字与二维码不符',
    en: 'The text of the slip does not fit its QR code',
    nextZh: '请以二维码和终端流水为准，收存原票，按可疑票据处理',
    nextEn: 'QR code and journal count; keep the paper and treat it as suspicious',
  },
  'slip-unproved': {
    retry: 'permanent',
    zh: '没有公钥或终端记录，小票真伪未证明',
    en: 'Without a public key or the records of the terminal nothing is proved',
    nextZh: '请用 --key 指定该终端的公钥，或在该终端上核对',
    nextEn: 'Name the public key of the terminal with --key, or check at the terminal itself',
  },
});
