import { defineFaults } from './spec.ts';

/** Agency link and messages (interface sections 1, 4, 11, 12). */
export const agencyFaults = defineFaults({
  'agency-unreachable': {
    retry: 'transient',
    zh: '连接不上医保中心，请求没有发出',
    en: 'The agency cannot be reached; nothing was sent',
    nextZh: '系统会自动重连；可按脱机规则办理或先收现金',
    nextEn: 'Reconnecting by itself; go on by the offline rules or take cash',
  },
  'agency-no-answer': {
    retry: 'ambiguous',
    zh: '医保中心没有应答，结果未知',
    en: 'The agency did not answer: the outcome is unknown',
    nextZh: '请勿重复收费，系统会自动冲正并核实',
    nextEn: 'Do not charge again; the terminal reverses and clears it up by itself',
  },
  'agency-garbled': {
    retry: 'ambiguous',
    zh: '医保中心的应答无法识别，结果未知',
    en: 'The answer of the agency cannot be read: the outcome is unknown',
    nextZh: '请勿重复收费，系统会自动冲正并核实',
    nextEn: 'Do not charge again; the terminal reverses and clears it up by itself',
  },
  'agency-server-error': {
    retry: 'ambiguous',
    zh: '医保中心系统出错，结果未知',
    en: 'The agency answered with a server error: the outcome is unknown',
    nextZh: '请勿重复收费，系统会自动冲正并核实',
    nextEn: 'Do not charge again; the terminal reverses and clears it up by itself',
  },
  'agency-refused': {
    retry: 'permanent',
    zh: '医保中心拒绝了本次交易',
    en: 'The agency refused the transaction',
    nextZh: '请看医保中心给出的原因',
    nextEn: "See the agency's reason",
  },
  'agency-gateway-refused': {
    retry: 'permanent',
    zh: '医保网关拒绝了请求，交易没有办理',
    en: 'The gateway of the agency turned the message away; nothing was booked',
    nextZh: '请核对接口地址和账号设置，或联系医保中心',
    nextEn: 'Check the address and the credentials in the configuration, or call the agency',
  },
  'agency-address-invalid': {
    retry: 'permanent',
    zh: '医保中心的接口地址不正确',
    en: 'The address of the agency is not usable',
    nextZh: '请在配置中改正接口地址',
    nextEn: 'Correct the address in the configuration',
  },
  'agency-sums-wrong': {
    retry: 'permanent',
    zh: '医保中心返回的金额不平',
    en: 'The sums in the answer of the agency do not add up',
    nextZh: '试算已拒绝并留存，请重试或报告经办机构',
    nextEn: 'The trial was refused and kept; try again or report it to the agency',
  },
  'agency-message-invalid': {
    retry: 'permanent',
    zh: '要发送的报文不符合接口规定，没有发出',
    en: 'The message does not fit the interface; nothing was sent',
    nextZh: '请联系软件维护人员',
    nextEn: 'Call the software support',
  },
  'agency-person-unknown': {
    retry: 'permanent',
    zh: '医保中心查不到该参保人',
    en: 'The agency does not know this person',
    nextZh: '请核对证件；可自费结算',
    nextEn: 'Check the credential; the sale can be paid in cash',
  },
  'agency-not-entitled': {
    retry: 'permanent',
    zh: '参保状态不能享受待遇',
    en: 'The insurance is not in force',
    nextZh: '请持卡人向经办机构咨询；可自费结算',
    nextEn: 'The holder asks the agency; the sale can be paid in cash',
  },
  'agency-sign-in-invalid': {
    retry: 'transient',
    zh: '签到已失效',
    en: 'The sign-in is no longer valid',
    nextZh: '系统会重新签到',
    nextEn: 'Signing in again by itself',
  },
});
