import type { LedgerAccount } from './journal.ts';

/**
 * Who owes the shop what a fund carries of a sale (C10): the insurance agency, the insurer that underwrites
 * serious illness (大病保险承办机构), civil affairs and medical assistance (医疗救助), and so on.
 */
export type Payer =
  | 'agency'
  | 'civil-servants'
  | 'serious-illness-insurer'
  | 'assistance'
  | 'enterprise'
  | 'veterans'
  | 'work-injury'
  | 'long-term-care'
  | 'finance'
  | 'shop'
  | 'other';

export const payerNames: Readonly<Record<Payer, { readonly zh: string; readonly en: string }>> = {
  agency: { zh: '医保经办机构', en: 'insurance agency' },
  'civil-servants': { zh: '公务员医疗补助', en: 'civil servants’ supplement' },
  'serious-illness-insurer': { zh: '大病保险承办机构', en: 'serious-illness insurer' },
  assistance: { zh: '医疗救助（民政）', en: 'medical assistance (civil affairs)' },
  enterprise: { zh: '企业补充保险', en: 'enterprise supplement' },
  veterans: { zh: '退役军人事务部门', en: 'veterans’ affairs' },
  'work-injury': { zh: '工伤保险', en: 'work-injury insurance' },
  'long-term-care': { zh: '长期护理保险', en: 'long-term care insurance' },
  finance: { zh: '财政', en: 'public finance' },
  shop: { zh: '本机构承担', en: 'borne by the institution' },
  other: { zh: '其他付款方', en: 'another payer' },
};

/** By the first three digits of 基金支付类型 (fund_pay_type); regional codes share them with the national ones. */
const payersOfFunds: Readonly<Record<string, Payer>> = {
  '310': 'agency',
  '320': 'civil-servants',
  '330': 'serious-illness-insurer',
  '340': 'finance',
  '350': 'veterans',
  '360': 'finance',
  '370': 'enterprise',
  '390': 'agency',
  '410': 'work-injury',
  '510': 'agency',
  '610': 'assistance',
  '620': 'long-term-care',
  '630': 'shop',
  '640': 'finance',
};

/** Codes that belong to another payer than their neighbours. */
const payersOfCodes: Readonly<Record<string, Payer>> = {
  '310300': 'serious-illness-insurer',
  '330200': 'serious-illness-insurer',
  '390200': 'serious-illness-insurer',
  '390201': 'serious-illness-insurer',
  '390300': 'serious-illness-insurer',
  '390400': 'serious-illness-insurer',
  '610200': 'veterans',
  '999900': 'shop',
  '999996': 'shop',
};

const fundNames: Readonly<Record<string, string>> = {
  '310100': '职工基本医疗保险统筹基金',
  '310101': '职工基本医疗保险统筹基金',
  '310200': '职工基本医疗保险个人账户基金',
  '310300': '职工大病基金',
  '320100': '公务员医疗补助基金',
  '330100': '大额医疗费用补助基金',
  '340100': '离休人员医疗保障基金',
  '350100': '一至六级残疾军人医疗补助基金',
  '370100': '企业补充医疗保险基金',
  '390100': '城乡居民基本医疗保险基金',
  '390101': '城乡居民基本医疗保险基金',
  '390200': '城乡居民大病医疗保险基金',
  '390201': '城乡居民大病医疗保险基金',
  '410100': '工伤保险基金',
  '510100': '生育基金',
  '610100': '医疗救助基金',
  '610200': '优抚对象补助',
  '620100': '照护保险基金',
  '999996': '医院垫付',
  '999997': '其他基金',
};

export type AccountGroup = 'receivable' | 'tender' | 'revenue' | 'suspense' | 'at-risk';

/** An account of the ledger in words (会计科目). */
export interface AccountName {
  readonly account: LedgerAccount;
  readonly group: AccountGroup;
  readonly zh: string;
  readonly en: string;
  /** Only of receivables. */
  readonly payer?: Payer;
}

const FUND = 'receivable:fund:';

const plainAccounts: readonly AccountName[] = [
  {
    account: 'receivable:account',
    group: 'receivable',
    zh: '应收个人账户',
    en: 'Receivable: personal accounts',
    payer: 'agency',
  },
  { account: 'tender:cash', group: 'tender', zh: '现金', en: 'Cash' },
  { account: 'tender:mobile', group: 'tender', zh: '移动支付', en: 'Mobile payment' },
  { account: 'revenue', group: 'revenue', zh: '销售收入', en: 'Revenue' },
  { account: 'suspense', group: 'suspense', zh: '在途（结果未知）', en: 'Suspense (outcome unknown)' },
  { account: 'suspense:contra', group: 'suspense', zh: '在途对方科目', en: 'Suspense, contra' },
  {
    account: 'offline-at-risk',
    group: 'at-risk',
    zh: '脱机在途（未被医保受理）',
    en: 'Offline, not yet accepted',
  },
];

/** Who owes what a fund carries. */
function payerOfFund(fund: string): Payer {
  return payersOfCodes[fund] ?? payersOfFunds[fund.slice(0, 3)] ?? 'other';
}

/** The words of an account; one of a later program is shown by its own name. */
export function accountName(account: LedgerAccount): AccountName {
  const plain = plainAccounts.find((known) => known.account === account);
  if (plain !== undefined) return plain;
  if (!account.startsWith(FUND)) return { account, group: 'suspense', zh: account, en: account };
  const fund = account.slice(FUND.length);
  const payer = payerOfFund(fund);
  const { zh, en } = payerNames[payer];
  const name = fundNames[fund];
  return {
    account,
    group: 'receivable',
    zh: `应收${name ?? '基金'}（${fund}，${zh}）`,
    en: `Receivable: fund ${fund} (${en})`,
    payer,
  };
}

const groupOrder: readonly AccountGroup[] = ['receivable', 'tender', 'at-risk', 'suspense', 'revenue'];

/** In the order of a balance sheet: what others owe, what is at hand, what is open, what was earned. */
export function inChartOrder<T extends { readonly account: LedgerAccount }>(
  rows: readonly T[],
): readonly T[] {
  const place = (row: T) => groupOrder.indexOf(accountName(row.account).group);
  return rows.toSorted((a, b) => place(a) - place(b) || (a.account < b.account ? -1 : 1));
}
