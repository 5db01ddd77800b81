import { z } from 'zod';
import { actingRelations } from '#core/domain/acting-person';
import { deviceKinds } from '#core/domain/device';
import { decisionKinds } from '#core/domain/sale-decision';

/**
 * The till as a screen or another program sees it: plain JSON, money as text with two decimals, never a
 * state of the machines. These schemas are the API's types too (OpenAPI is made from them).
 */
const moneyText = z
  .string()
  .regex(/^-?\d+\.\d{2}$/)
  .describe('yuan with two decimals');

export const faultView = z.object({
  code: z.string(),
  retry: z.enum(['transient', 'ambiguous', 'permanent']),
  zh: z.string(),
  en: z.string(),
  nextZh: z.string(),
  nextEn: z.string(),
  detail: z.string().optional(),
});

const reasonPart = z.object({
  step: z.string(),
  policy: z.string(),
  version: z.string(),
  rule: z.string().optional().describe('number of the rule in the policy document'),
  amount: moneyText,
  zh: z.string(),
  en: z.string(),
});

export const reasonView = reasonPart.extend({
  parts: z.array(reasonPart).optional().describe('what the amount is made of: bands, lines'),
});

export const deviceView = z.object({
  kind: z.enum(deviceKinds),
  address: z.string(),
  state: z.enum(['ready', 'idle', 'fault']),
  /** Serial number, firmware, paper: whatever the device says of itself. */
  detail: z.string().optional(),
  /** What is wrong now. */
  fault: faultView.optional(),
  /** The last fault since the start, also when the device is back. */
  lastFault: z.object({ code: z.string(), zh: z.string(), en: z.string(), at: z.string() }).optional(),
  faults: z.number().int().describe('faults since the start'),
});

export const actingPersonView = z.object({
  relation: z.enum(actingRelations),
  name: z.string(),
  identityNumber: z.string().describe('masked'),
});

export const productView = z.object({
  shopCode: z.string(),
  nationalCode: z.string().optional(),
  genericName: z.string(),
  tradeName: z.string().optional(),
  form: z.string(),
  specification: z.string(),
  maker: z.string(),
  barcode: z.string().optional(),
  packUnit: z.string(),
  price: z.string(),
  insuranceClass: z.enum(['A', 'B', 'C']),
  firstSelfPayRatio: z.string(),
  ceiling: z.string().optional(),
  prescriptionOnly: z.boolean(),
  stock: z.string().optional(),
  remark: z.string().optional(),
  /** Split sale (拆零): what a pack holds, and the name of the smallest unit. */
  unitsPerPack: z.string().optional(),
  smallestUnit: z.string().optional(),
  /** Herbal pieces (中药饮片) priced by weight: sold by doses (付数) too. */
  byDoses: z.literal(true).optional(),
});

export const lineSplitView = z.object({
  lineNumber: z.number().int(),
  total: moneyText,
  outOfScope: moneyText,
  overCeiling: moneyText,
  firstSelfPay: moneyText,
  inScope: moneyText,
  reasons: z.array(reasonView),
});

export const lineView = z.object({
  lineNumber: z.number().int(),
  product: productView,
  quantity: z.string(),
  /** `smallest`: quantity and price are of the smallest unit of a broken pack (拆零). */
  unit: z.enum(['pack', 'smallest']),
  /** What the quantity of herbal pieces was reckoned from. */
  herbalDoses: z.object({ doses: z.string(), gramsPerDose: z.string() }).optional(),
  amount: moneyText,
  split: lineSplitView.optional(),
});

export const splitView = z.object({
  source: z.enum(['agency', 'offline', 'own-pay']),
  total: moneyText,
  outOfScope: moneyText,
  overCeiling: moneyText,
  firstSelfPay: moneyText,
  inScope: moneyText,
  deductible: moneyText,
  funds: z.array(z.object({ fund: z.string(), nameZh: z.string(), amount: moneyText })),
  fundTotal: moneyText,
  /** Borne by the institution (quota payment); absent = nothing. */
  institution: moneyText.optional(),
  own: moneyText,
  account: moneyText,
  /** Paid from a relative's account (共济); absent = nothing. */
  familyAccount: moneyText.optional(),
  cash: moneyText,
  balanceBefore: moneyText.optional(),
  balanceAfter: moneyText.optional(),
  reasons: z.array(reasonView),
});

/** A chronic disease that is filed for the holder (门诊慢特病备案), and whether it counts in this shop today. */
export const entitlementView = z.object({
  diseaseCode: z.string(),
  diseaseName: z.string(),
  /** Days; without a last one it goes on. */
  from: z.string(),
  to: z.string().optional(),
  /** The one institution where it counts; absent = the agency names none. */
  institution: z.string().optional(),
  standing: z.enum(['valid', 'not-begun', 'ended', 'elsewhere']),
});

/** `unknown`: the agency has not answered; what `filed` holds then is its last answer, as old as `ageSeconds`. */
export const chronicView = z.object({
  state: z.enum(['asking', 'known', 'unknown']),
  filed: z.array(entitlementView),
  ageSeconds: z.number().int().optional(),
  fault: faultView.optional(),
});

export const holderView = z.object({
  state: z.enum(['none', 'reading', 'authenticating', 'identified', 'refused']),
  name: z.string().optional(),
  sex: z.enum(['male', 'female', 'not-stated']).optional(),
  age: z.string().optional(),
  /** Masked: first six and last two characters. */
  certificateNumber: z.string().optional(),
  cardNumber: z.string().optional(),
  medium: z.enum(['card', 'electronic-certificate', 'identity-number']).optional(),
  scheme: z.string().optional(),
  schemeZh: z.string().optional(),
  schemeEn: z.string().optional(),
  insuredRegion: z.string().optional(),
  /** What the card itself says (DF04/EF05), when it was opened: person class and whether it may settle offline. */
  personClass: z.string().optional(),
  cardUse: z.enum(['online', 'offline']).optional(),
  actingPerson: actingPersonView.optional(),
  balance: moneyText.optional(),
  /** What the card has spent offline that the agency's balance does not know of, and what that leaves. */
  spentOffline: moneyText.optional(),
  availableBalance: moneyText.optional(),
  /** Age of the balance in seconds; shown when the answer is not fresh. */
  balanceAgeSeconds: z.number().int().optional(),
  /** Absent where nobody is asked: nobody insured, or a shop that does not sell to chronic patients. */
  chronic: chronicView.optional(),
  source: z.enum(['agency', 'cache']).optional(),
  authenticatedBy: z.enum(['agency', 'security-module', 'none']).optional(),
  warnings: z.array(faultView),
  fault: faultView.optional(),
});

const saleStateView = z.enum([
  'selling',
  'quoting',
  'confirming',
  'committing',
  'delivering',
  'done',
  'unknown',
]);

/** Own-pay consent (自费知情同意): what the holder agrees to, and whether that has happened. */
export const consentView = z.object({
  state: z.enum(['needed', 'given']),
  /** While it is needed: whether a yes at the till is enough, or the paper has to be printed and signed. */
  must: z.enum(['ask', 'print']).optional(),
  /** While it is needed: the paper for exactly this basket has come out. */
  printed: z.boolean().optional(),
  own: moneyText,
  lines: z.array(z.object({ lineNumber: z.number().int(), own: moneyText })),
  /** When it was given, to whom, and on what. */
  at: z.string().optional(),
  operator: z.string().optional(),
  how: z.enum(['printed', 'screen', 'program']).optional(),
});

/** What a sale cost, and who paid it; `account` with what came from a relative's. */
export const paidSums = z.object({
  total: moneyText,
  fundTotal: moneyText,
  account: moneyText,
  cash: moneyText,
});

/** Sale of what a customer keeps after some lines were taken back (部分退货). */
export const replacesView = z.object({
  saleId: z.string(),
  saleNumber: z.string(),
  /** What the cancelled sale had taken; all of it goes back. */
  before: paidSums,
  /** Part of `before.cash` that was paid by mobile. */
  mobile: moneyText.optional(),
  /** What stays with the customer in the end: `before` less this sale; once it is quoted. */
  back: paidSums.optional(),
});

export const saleView = z.object({
  saleId: z.string(),
  saleNumber: z.string(),
  state: saleStateView,
  lines: z.array(lineView),
  total: moneyText,
  useAccount: z.boolean(),
  split: splitView.optional(),
  mode: z.enum(['insured', 'own-pay', 'offline']).optional(),
  tenders: z.array(
    z.object({ kind: z.enum(['cash', 'mobile']), amount: moneyText, reference: z.string().optional() }),
  ),
  changeDue: moneyText.optional(),
  medium: z.enum(['card', 'electronic-certificate', 'identity-number']).optional(),
  actingPerson: actingPersonView.optional(),
  /** The chronic disease for which it is sold; absent = an ordinary purchase. */
  chronic: z.object({ diseaseCode: z.string(), diseaseName: z.string() }).optional(),
  /** What signed an offline sale. */
  offlineSignature: z.enum(['card', 'module']).optional(),
  /** Of an insured sale with own-pay lines, where the shop asks for it. */
  consent: consentView.optional(),
  replaces: replacesView.optional(),
  fault: faultView.optional(),
});

export const saleSummary = z.object({
  saleId: z.string(),
  saleNumber: z.string(),
  state: z.enum([
    'open',
    'held',
    'committing',
    'unknown',
    'suspense',
    'disputed',
    'done',
    'queued',
    'rejected',
    'refused',
    'abandoned',
    'cancelled',
  ]),
  total: moneyText,
  account: moneyText,
  createdAt: z.string(),
  mode: z.enum(['insured', 'own-pay', 'offline']).optional(),
  holderName: z.string().optional(),
  slip: z.enum(['owed', 'printing', 'printed', 'unclear']).optional(),
  fault: faultView.optional(),
  /** What is being done about an unknown outcome, in words. */
  progressZh: z.string().optional(),
  progressEn: z.string().optional(),
  /** The holder agreed to its own-pay lines. */
  consent: consentView.optional(),
  /** What two people may decide about it now. */
  decisions: z.array(z.enum(decisionKinds)).optional(),
  /** Number of the cancelled sale of which this one is what the customer kept. */
  replaces: z.string().optional(),
  /** Some lines were taken back: the sale of the rest; `not-sold` = it came back too, or its payment came to nothing. */
  replacedBy: z
    .object({ saleId: z.string(), saleNumber: z.string(), rest: z.enum(['open', 'sold', 'not-sold']) })
    .optional(),
});

export const offlineOffer = z.object({
  allowed: z.boolean(),
  /** Why not, or what limits it. */
  fault: faultView.optional(),
  perSale: moneyText,
  leftOnCard: moneyText,
  leftOnTerminal: moneyText,
  salesLeftOnCard: z.number().int(),
  salesLeftOnTerminal: z.number().int(),
  /** What the age of the known data leaves of the amounts. */
  percent: z.number().int(),
  dataAgeHours: z.number().int().optional(),
  /** What would sign this sale: the card (TAC), or the security module, which proves the terminal only. */
  signature: z.enum(['card', 'module']).optional(),
  blacklistVersion: z.string().optional(),
  blacklistAgeHours: z.number().int().optional(),
  bearerZh: z.string(),
  bearerEn: z.string(),
});

export const tillView = z.object({
  revision: z.number().int(),
  shopName: z.string(),
  terminal: z.string(),
  training: z.boolean(),
  now: z.string(),
  shift: z.object({
    state: z.enum(['signed-out', 'signing-in', 'open', 'closing', 'closed']),
    businessDay: z.string(),
    operator: z.object({ number: z.string(), name: z.string() }).optional(),
    fault: faultView.optional(),
  }),
  connectivity: z.object({
    state: z.enum(['online', 'degraded', 'offline']),
    forced: z.boolean(),
    sinceSeconds: z.number().int(),
    fault: faultView.optional(),
    driftSeconds: z.number().int().optional(),
  }),
  reader: z.object({
    state: z.enum(['ready', 'card-present', 'no-reader', 'service-down', 'fault']),
    readers: z.array(z.string()),
    fault: faultView.optional(),
  }),
  printer: z.object({
    state: z.enum(['ready', 'fault', 'unknown']),
    owed: z.number().int(),
    fault: faultView.optional(),
  }),
  queue: z.object({
    waiting: z.number().int(),
    rejected: z.number().int(),
    /** Uploads that the agency adjusted and nobody has taken note of. */
    adjusted: z.number().int(),
    atRisk: moneyText,
    /** While the queue is being uploaded. */
    progress: z
      .object({
        total: z.number().int(),
        done: z.number().int(),
        perMinute: z.number().int(),
        secondsLeft: z.number().int().optional(),
      })
      .optional(),
    fault: faultView.optional(),
  }),
  catalog: z.object({ version: z.string(), products: z.number().int() }).optional(),
  devices: z.array(deviceView),
  pin: z.object({
    /** Where a card PIN is entered. */
    entry: z.enum(['pad', 'keyboard']),
    /** The pad is waiting for the holder now. */
    waiting: z.boolean(),
  }),
  credentials: z.object({ certificate: z.boolean(), identityNumber: z.boolean() }),
  holder: holderView,
  sale: saleView,
  /** Held sales, and sales whose outcome is not settled: unknown, suspense, disputed, rejected. */
  pending: z.array(saleSummary),
  offline: offlineOffer.optional(),
  /** What endangers the records: a full disk, a restore that is not compared yet. */
  guards: z.array(faultView).optional(),
});

/** What the customer's screen may show: no number, no card, no operator. */
export const customerView = z.object({
  revision: z.number().int(),
  shopName: z.string(),
  training: z.boolean(),
  state: saleStateView,
  /** Family name and asterisks. */
  holderName: z.string().optional(),
  lines: z.array(
    z.object({
      lineNumber: z.number().int(),
      name: z.string(),
      specification: z.string(),
      quantity: z.string(),
      unit: z.string(),
      price: z.string(),
      amount: moneyText,
      insuranceClass: z.enum(['A', 'B', 'C']),
      unmapped: z.boolean().describe('without a national code: own pay whatever the class says'),
    }),
  ),
  total: moneyText,
  fundTotal: moneyText.optional(),
  account: moneyText.optional(),
  familyAccount: moneyText.optional(),
  cash: moneyText.optional(),
  balanceBefore: moneyText.optional(),
  balanceAfter: moneyText.optional(),
  changeDue: moneyText.optional(),
  /** What the customer is asked to do now. */
  hint: z.enum([
    'welcome',
    'scanning',
    'check',
    'enter-pin',
    'wait',
    'pay',
    'remove-card',
    'thanks',
    'ask-staff',
    'held',
    'recalled',
  ]),
  /** How the shop wants this screen to be; the page's own address goes first. */
  mode: z.enum(['normal', 'large', 'simple']),
  speech: z.boolean(),
});

export type DeviceView = z.infer<typeof deviceView>;
export type CustomerView = z.infer<typeof customerView>;
export type ActingPersonView = z.infer<typeof actingPersonView>;
export type ChronicView = z.infer<typeof chronicView>;
export type FaultView = z.infer<typeof faultView>;
export type ReasonView = z.infer<typeof reasonView>;
export type ProductView = z.infer<typeof productView>;
export type LineView = z.infer<typeof lineView>;
export type SplitView = z.infer<typeof splitView>;
export type HolderView = z.infer<typeof holderView>;
export type PaidSums = z.infer<typeof paidSums>;
export type ReplacesView = z.infer<typeof replacesView>;
export type SaleView = z.infer<typeof saleView>;
export type SaleSummary = z.infer<typeof saleSummary>;
export type OfflineOffer = z.infer<typeof offlineOffer>;
export type ConsentView = z.infer<typeof consentView>;
export type TillView = z.infer<typeof tillView>;
