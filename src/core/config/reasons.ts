import zhCN from 'zod/v4/locales/zh-CN.js';

/** What a key of the configuration must hold, in our own words: English, and the same in Chinese. */
const chinese = {
  'a regular expression': '须为正则表达式',
  'six digits': '须为六位数字',
  'as printed by `guitai operator hash`': '须为 `guitai operator hash` 打印的内容',
  'tcp://host:port, serial:PATH, file:PATH or none': '须为 tcp://主机:端口、serial:路径、file:路径 或 none',
  'an http or https address': '须为 http 或 https 地址',
  'serial:PATH, with ?baud=9600 if needed': '须为 serial:路径，需要时加 ?baud=9600',
  'serial:PATH or hid:VENDOR:PRODUCT in hex': '须为 serial:路径，或 hid:厂商:产品（十六进制）',
  'an amount in yuan as text, such as "300.00"': '须为加引号的金额（元），例如 "300.00"',
  'P or H and eleven digits': '须为 P 或 H 加十一位数字',
  'two to four digits or capitals': '须为两到四位数字或大写字母',
  '04 and 128 hex digits': '须为 04 加 128 位十六进制数字',
  'offline deduction names the document of the region that allows it': '开通脱机扣款须写明统筹区允许的文件',
  'identity numbers by hand name the document of the region that allows them':
    '手工输入身份证号须写明统筹区允许的文件',
  'a token needs the library of its maker': '使用密码设备须写明厂商提供的库文件',
  'operator numbers are unique': '操作员编号不能重复',
} as const;

const chineseByEnglish = new Map<string, string>(Object.entries(chinese));

/** One of our reasons, for a rule of the schema. */
export function must<const Reason extends keyof typeof chinese>(reason: Reason): Reason {
  return reason;
}

/** For `safeParse`: what the library itself finds wrong, said in Chinese. */
export const inChinese = { error: zhCN().localeError };

/** The Chinese of a message that a parse with `inChinese` gave; ours stand in the schema in English. */
export function chineseOf(message: string): string {
  return chineseByEnglish.get(message) ?? message;
}
