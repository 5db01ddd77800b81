import iconv from 'iconv-lite';

/** Characters that the display's own font has: letters and figures only, or Chinese too (two columns each). */
export type DisplayCharset = 'ascii' | 'gb18030';

/** English for the words of amount lines, longest first, for displays without Chinese. */
const english: readonly (readonly [RegExp, string])[] = [
  [/个人账户|账户支付|账户/g, ' ACCOUNT '],
  [/统筹基金|基金支付|医保支付|统筹|基金|医保/g, ' FUND '],
  [/应付|应收|还需支付|个人自付|自付/g, ' DUE '],
  [/实付|实收|已付/g, ' PAID '],
  [/找零|找回/g, ' CHANGE '],
  [/现金/g, ' CASH '],
  [/余额/g, ' BALANCE '],
  [/合计|总计|总额|共计/g, ' TOTAL '],
  [/单价/g, ' PRICE '],
  [/退款|退费/g, ' REFUND '],
  [/请输入密码/g, ' ENTER PIN '],
  [/请插卡|请出示社保卡/g, ' INSERT CARD '],
  [/欢迎光临|欢迎/g, ' WELCOME '],
  [/谢谢惠顾|谢谢/g, ' THANK YOU '],
];

/** An amount at the end of a line, with its sign; the 2 of `x2` is none. */
const AMOUNT_AT_END = /^(|.*?[\s:：¥￥\p{Script=Han}])\s*(-?\d[\d,]*(?:\.\d+)?)$/su;

/**
 * One line as bytes for the display, exactly `columns` of them, so that it covers what stood there before.
 * For `ascii`, amount words become English and other Chinese is left out. A line that is too wide loses the
 * end of its words, never its amount nor half a character. Control characters never get through.
 */
export function displayLine(text: string, columns: number, charset: DisplayCharset): Uint8Array {
  const plain = charset === 'ascii' ? toAscii(text) : withoutControls(text);
  const parts = AMOUNT_AT_END.exec(plain);
  const words = parts?.[1] ?? plain;
  const amount = encode(parts?.[2] ?? '');
  const line = Buffer.alloc(columns, 0x20);
  const amountBytes = Buffer.concat(amount).subarray(0, columns);
  const room = amountBytes.length === 0 ? columns : Math.max(0, columns - amountBytes.length - 1);
  const label = cut(encode(words), room);
  label.copy(line);
  amountBytes.copy(line, columns - amountBytes.length);
  return Uint8Array.from(line);
}

function toAscii(text: string): string {
  let out = text;
  for (const [word, meaning] of english) out = out.replace(word, meaning);
  // Full-width letters and figures have plain forms.
  return withoutControls(out.normalize('NFKC').replace(/[^\x20-\x7e\s]/gu, ' ')).replace(/ +:/g, ':');
}

function withoutControls(text: string): string {
  return text.replace(/\p{C}/gu, ' ').replace(/\s+/gu, ' ').trim();
}

/** Each character's bytes; what the font cannot have (four bytes, outside the set) becomes a question mark. */
function encode(text: string): Buffer[] {
  return Array.from(text, (char) => {
    // The half-width sign of the yuan has four bytes, the full-width one has two.
    const bytes = iconv.encode(char === '¥' ? '￥' : char, 'gb18030');
    return bytes.length <= 2 ? bytes : Buffer.from('?');
  });
}

function cut(chars: readonly Buffer[], columns: number): Buffer {
  const kept: Buffer[] = [];
  let width = 0;
  for (const char of chars) {
    if (width + char.length > columns) break;
    kept.push(char);
    width += char.length;
  }
  return Buffer.concat(kept);
}
