import { assert } from '#core/assert';
import type { Money } from '#core/money';

const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const;
const PLACES = ['', '拾', '佰', '仟'] as const;
const TEN_THOUSAND = 10_000n;
const HUNDRED_MILLION = 100_000_000n;

/**
 * An amount in capital characters (大写金额) as receipts carry it, without the leading 人民币:
 * 1409.50 → 壹仟肆佰零玖元伍角整. Rules: 支付结算办法, annex 1 (numerals, 零) and 会计基础工作规范, article 52
 * (整 after 元 or 角, none after 分). Where annex 1 leaves a choice, 零 is written when the yuan digit is 0
 * and the jiao digit is not (元零叁角), and left out when the ten-thousands digit is 0 and the thousands
 * digit is not (拾万柒仟). Negative amounts begin with 负. At most 16 digits of yuan.
 */
export function capitalAmount(amount: Money): string {
  const size = amount < 0n ? -amount : amount;
  const yuan = size / 100n;
  assert(yuan < 10n ** 16n, 'an amount has at most 16 digits of yuan');
  const jiao = (size / 10n) % 10n;
  const fen = size % 10n;
  const text = wholeYuan(yuan, jiao === 0n && fen === 0n) + parts(yuan, jiao, fen);
  return amount < 0n ? `负${text}` : text;
}

function wholeYuan(yuan: bigint, only: boolean): string {
  if (yuan === 0n) return only ? '零元整' : '';
  return `${spell(yuan)}元${only ? '整' : ''}`;
}

function parts(yuan: bigint, jiao: bigint, fen: bigint): string {
  if (jiao === 0n && fen === 0n) return '';
  const zero = yuan > 0n && (jiao === 0n || yuan % 10n === 0n) ? '零' : '';
  if (jiao === 0n) return `${zero}${digit(fen)}分`;
  return `${zero}${digit(jiao)}角${fen === 0n ? '整' : `${digit(fen)}分`}`;
}

/** A positive whole number; groups of four digits joined by 万 and 亿. */
function spell(value: bigint): string {
  if (value >= HUNDRED_MILLION) return joined(value, HUNDRED_MILLION, '亿');
  if (value >= TEN_THOUSAND) return joined(value, TEN_THOUSAND, '万');
  return section(value);
}

function joined(value: bigint, unit: bigint, name: string): string {
  const rest = value % unit;
  const head = `${spell(value / unit)}${name}`;
  if (rest === 0n) return head;
  // A gap inside the number is read as one 零: the first place below the unit is empty.
  return `${head}${rest * 10n < unit ? '零' : ''}${spell(rest)}`;
}

function section(value: bigint): string {
  let text = '';
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const at = (value / 10n ** BigInt(place)) % 10n;
    if (at === 0n) {
      gap = text !== '';
      continue;
    }
    text += `${gap ? '零' : ''}${digit(at)}${PLACES[place] ?? ''}`;
    gap = false;
  }
  return text;
}

function digit(value: bigint): string {
  return DIGITS[Number(value)] ?? '';
}
