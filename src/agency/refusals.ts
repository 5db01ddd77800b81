import type { FaultCode } from '#core/fault';
import type { TransactionNumber } from './port.ts';

/*
 * The interface has no list of error codes: refusals are free Chinese text (section 12). These patterns choose
 * which of our sentences and next steps is shown beside the agency's own words. Where money is concerned they
 * only ever make us more careful: a text may turn a refusal into an unknown outcome, never the other way.
 */

/** "sign-in … no longer valid / missing / please sign in": the exact wording is not known. */
const SIGN_IN = /签到.{0,12}(?:失效|无效|过期|不存在|不正确|已签退|为空)|(?:未|请先|重新|没有)签到/;
const PERSON_UNKNOWN =
  /(?:未查询到|未查到|查询不到|查不到|查无|未找到|找不到|没有找到|未获取到|不存在).{0,12}(?:人员|参保|个人|该人)|(?:人员|参保人|个人).{0,8}(?:不存在|查询不到|未找到)/;
const NOT_ENTITLED =
  /未参保|(?:暂停|终止|中断|停止)参保|参保状态.{0,8}(?:不正常|异常|暂停|终止|无效)|不(?:能|可以?)?享受.{0,8}待遇|待遇.{0,6}(?:封锁|暂停|冻结|未生效)/;

/** The visit was to be one of a chronic patient: nothing filed, not valid on the day, or filed for another place. */
const NOT_CHRONIC =
  /(?:门诊?慢|慢特|慢性|门特|特殊)病.{0,24}(?:没有|未|不在|不是|无效|不存在|过期|已终止|不能)|(?:没有|未).{0,16}(?:门诊?慢|慢特|慢性|门特|特殊)病|病种编码.{0,8}(?:为空|不存在|无效)/;

/**
 * The system behind the gateway timed out, broke, or has seen this message id before (a proxy that repeats a
 * request gives that): the booking may well stand.
 */
const UNCLEAR =
  /超时|timed?-?out|(?:msgid|报文ID|报文|流水号).{0,12}重复|重复(?:报文|提交|交易)|(?:正在|尚在)处理|处理中|系统(?:异常|错误|故障)|连接(?:失败|中断|异常|断开)/i;

/** A code that is no electronic certificate: 500159 is the recorded code, the words stand beside it. */
const NOT_A_CERTIFICATE =
  /500159|请使用医保电子凭证|(?:不是|非)医保(?:电子凭证|码)|(?:二维码|电子凭证).{0,8}(?:无法识别|不正确|有误|不存在|无效)/;
const CERTIFICATE_USED = /(?:已|重复).{0,4}(?:使用|解码|核验|结算)/;
const CERTIFICATE_EXPIRED = /(?:过期|失效|超时|超过有效)/;
/** Later messages carry the token that the code became. */
const ABOUT_A_CERTIFICATE = /电子凭证|医保码|令牌|ecToken/i;

export const BOOKS_MONEY: ReadonlySet<TransactionNumber> = new Set(['2102', '2103', '2601']);
const ABOUT_A_PERSON: ReadonlySet<TransactionNumber> = new Set(['1101', '2101', '2102']);

/** The fault that fits a refusal best; `agency-refused` whenever in doubt. */
export function refusalCode(transaction: TransactionNumber, agencyText: string): FaultCode {
  const text = agencyText.replace(/\s+/g, '');
  if (transaction !== '9001' && SIGN_IN.test(text)) return 'agency-sign-in-invalid';
  if (transaction === '1162') return certificateCode(text) ?? 'agency-refused';
  if (!ABOUT_A_PERSON.has(transaction)) return 'agency-refused';
  const certificate = ABOUT_A_CERTIFICATE.test(text) ? certificateCode(text) : undefined;
  if (certificate !== undefined) return certificate;
  if (transaction !== '1101' && NOT_CHRONIC.test(text)) return 'agency-chronic-refused';
  if (NOT_ENTITLED.test(text)) return 'agency-not-entitled';
  if (transaction === '1101' && PERSON_UNKNOWN.test(text)) return 'agency-person-unknown';
  return 'agency-refused';
}

function certificateCode(text: string): FaultCode | undefined {
  if (NOT_A_CERTIFICATE.test(text)) return 'agency-certificate-invalid';
  if (CERTIFICATE_USED.test(text)) return 'agency-certificate-used';
  return CERTIFICATE_EXPIRED.test(text) ? 'agency-certificate-expired' : undefined;
}

/** A refusal of a money message that does not say that nothing was booked. */
export function isUnclearRefusal(transaction: TransactionNumber, agencyText: string): boolean {
  return BOOKS_MONEY.has(transaction) && UNCLEAR.test(agencyText.replace(/\s+/g, ''));
}

/** "Already the newest version", "no new data to download": how an agency may say that a catalogue is complete. */
const NOTHING_NEWER =
  /(?:已是|已为|已经是).{0,4}最新|(?:无|没有|暂无|未查询到).{0,8}(?:更新|新增|新的?|可下载的?|需要?下载的?).{0,4}(?:数据|记录|目录|文件|版本|内容)/;

export function saysNothingNewer(agencyText: string): boolean {
  return NOTHING_NEWER.test(agencyText.replace(/\s+/g, ''));
}

/** Bracketed service codes, the only machine-readable part of a refusal; free text may name a person. */
export function serviceCodes(agencyText: string): string[] {
  return [...agencyText.matchAll(/\[([A-Za-z]\w{2,60})\]/g)].map((match) => match[1] ?? '').slice(0, 5);
}
