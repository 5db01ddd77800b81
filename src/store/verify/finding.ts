/** What a verification can find wrong. */
export type FindingKind =
  | 'entry-changed'
  | 'content-changed'
  | 'entry-missing'
  | 'entry-moved'
  | 'link-broken'
  | 'entry-unreadable'
  | 'ledger-foreign'
  | 'balance-differs'
  | 'signature-wrong'
  | 'signed-entry-differs'
  | 'signing-key-unknown'
  | 'anchor-ahead'
  | 'anchor-differs'
  | 'slip-ahead'
  | 'slip-differs'
  | 'sale-missing'
  | 'sale-differs'
  | 'sale-unreadable'
  | 'message-missing'
  | 'message-foreign'
  | 'message-differs'
  | 'message-unreadable'
  | 'settled-missing'
  | 'settled-foreign'
  | 'settled-differs'
  | 'settled-unreadable'
  | 'cancelled-missing'
  | 'cancelled-foreign'
  | 'cancelled-differs'
  | 'cancelled-unreadable'
  | 'upload-missing'
  | 'upload-foreign'
  | 'upload-differs'
  | 'slip-row-missing'
  | 'slip-row-differs'
  | 'guard-missing'
  | 'file-damaged';

/** Where the records stopped being what the program wrote. No person's data in it. */
export interface Finding {
  readonly kind: FindingKind;
  /** Place in the journal, where the finding has one. */
  readonly sequence?: number;
  readonly saleId?: string;
  readonly saleNumber?: string;
  readonly messageId?: string;
  readonly zh: string;
  readonly en: string;
}

type Place = Pick<Finding, 'sequence' | 'saleId' | 'saleNumber' | 'messageId'>;

const words: Readonly<Record<FindingKind, readonly [zh: string, en: string]>> = {
  'entry-changed': ['流水内容被改动', 'the journal entry was changed'],
  'content-changed': ['流水所附的内容被改动或丢失', 'what the journal entry carries was changed or is gone'],
  'entry-missing': ['流水有缺号', 'journal entries are missing'],
  'entry-moved': ['流水次序被调换', 'the journal entry was moved'],
  'link-broken': ['与前一条流水接不上', 'the journal entry does not follow the one before it'],
  'entry-unreadable': ['流水读不出', 'the journal entry cannot be read'],
  'ledger-foreign': ['账上有不属于任何流水的分录', 'the ledger has postings that belong to no journal entry'],
  'balance-differs': ['科目余额与分录之和不符', 'the balance is not the sum of its postings'],
  'signature-wrong': ['流水签名不正确', 'the signature of the journal is wrong'],
  'signed-entry-differs': ['签名时的那条流水已被换掉', 'the entry that was signed is another one now'],
  'signing-key-unknown': ['签名所用的不是本终端的密钥', 'signed with a key that is none of this terminal'],
  'anchor-ahead': [
    '锚点之前的流水不见了：末尾被截掉，或放回了旧文件',
    'entries up to the anchor are gone: the tail was cut or an old file was put back',
  ],
  'anchor-differs': ['与锚点记录的流水不同', 'the entry is not the one that was anchored'],
  'slip-ahead': [
    '小票所记的流水不见了：末尾被截掉，或放回了旧文件',
    'the entry on the slip is gone: the tail was cut or an old file was put back',
  ],
  'slip-differs': ['与小票校验码所记的流水不同', 'the entry is not the one on the slip'],
  'sale-missing': ['流水中的销售没有记录', 'the sale of the journal entry has no record'],
  'sale-differs': ['销售记录与流水不符', 'the record of the sale does not fit the journal'],
  'sale-unreadable': ['销售记录的密封被破坏', 'the sealed record of the sale does not open'],
  'message-missing': ['流水中的报文没有记录', 'the message of the journal entry has no record'],
  'message-foreign': ['有报文不在流水中', 'there is a message that the journal does not know'],
  'message-differs': ['报文记录与流水不符', 'the record of the message does not fit the journal'],
  'message-unreadable': ['报文内容的密封被破坏', 'the sealed content of the message does not open'],
  'settled-missing': ['流水中的结算没有记录', 'the settlement of the journal entry has no record'],
  'settled-foreign': ['有结算记录不在流水中', 'there is a settlement that the journal does not know'],
  'settled-differs': ['结算记录与流水不符', 'the record of the settlement does not fit the journal'],
  'settled-unreadable': ['结算记录的密封被破坏', 'the sealed record of the settlement does not open'],
  'cancelled-missing': ['流水中的退费没有记录', 'the cancellation of the journal entry has no record'],
  'cancelled-foreign': ['有退费记录不在流水中', 'there is a cancellation that the journal does not know'],
  'cancelled-differs': ['退费记录与流水不符', 'the record of the cancellation does not fit the journal'],
  'cancelled-unreadable': ['退费记录的密封被破坏', 'the sealed record of the cancellation does not open'],
  'upload-missing': ['脱机销售不在上传队列中', 'the offline sale is not in the upload queue'],
  'upload-foreign': [
    '上传队列中有流水没有的销售',
    'the upload queue has a sale that the journal does not know',
  ],
  'upload-differs': ['上传队列与流水不符', 'the upload queue does not fit the journal'],
  'slip-row-missing': ['小票记录不见了', 'the record of the slip is gone'],
  'slip-row-differs': ['小票记录与流水不符', 'the record of the slip does not fit the journal'],
  'guard-missing': ['数据文件的保护规则被删改', 'a guard of the data file was removed or changed'],
  'file-damaged': ['数据文件已损坏，读不下去', 'the data file is damaged and cannot be read further'],
};

/** One finding; `detail` is a figure, a code or two values, the same in both languages. */
export function finding(kind: FindingKind, place: Place, detail = ''): Finding {
  const [zh, en] = words[kind];
  const tail = detail === '' ? ['', ''] : [`（${detail}）`, ` (${detail})`];
  const where = whereText(place);
  return { kind, ...place, zh: `${where.zh}${zh}${tail[0]}`, en: `${where.en}${en}${tail[1]}` };
}

function whereText({ sequence, saleNumber, saleId, messageId }: Place): { zh: string; en: string } {
  const parts = [
    ...(sequence === undefined ? [] : [[`流水 ${sequence}`, `entry ${sequence}`]]),
    ...(saleNumber === undefined && saleId === undefined
      ? []
      : [[`销售 ${saleNumber ?? saleId}`, `sale ${saleNumber ?? saleId}`]]),
    ...(messageId === undefined ? [] : [[`报文 ${messageId}`, `message ${messageId}`]]),
  ];
  if (parts.length === 0) return { zh: '', en: '' };
  return {
    zh: `${parts.map(([zh]) => zh).join('，')}：`,
    en: `${parts.map(([, en]) => en).join(', ')}: `,
  };
}
