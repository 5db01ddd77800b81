import { z } from 'zod';
import { assert } from '#core/assert';
import { type ActingPerson, actingRelations } from '#core/domain/acting-person';
import type { Holder } from '#core/domain/holder';
import { type ItemMapping, mappingStates, matchBases } from '#core/domain/item-mapping';
import type { OfflineProof } from '#core/domain/offline-proof';
import type { BasketLine, Product } from '#core/domain/product';
import { operatorRoles } from '#core/domain/rights';
import type {
  Operator,
  OwnPayConsent,
  PendingCardPurchase,
  ReplacedSale,
  Sale,
  SaleRest,
} from '#core/domain/sale';
import type { Cancellation, Settlement, SettlementRequest } from '#core/domain/settlement';
import type { LineSplit, Reason, Split } from '#core/domain/split';
import { comparedAnswers, comparedFields, type SplitComparison } from '#core/domain/split-comparison';
import type { Money, Quantity, Ratio, UnitPrice } from '#core/money';
import { encode, type Json, taggedInteger } from './json.ts';

/** Stored domain values are parsed back through these, so a damaged or foreign row is seen, not guessed at. */
const money = taggedInteger<Money>();
const quantity = taggedInteger<Quantity>();
const unitPrice = taggedInteger<UnitPrice>();
const ratio = taggedInteger<Ratio>();
const text = z.string();
const maybeText = text.exactOptional();
const maybeMoney = money.exactOptional();
const wholeNumber = z.number().int();
const medium = z.enum(['card', 'electronic-certificate', 'identity-number']);
const sex = z.enum(['male', 'female', 'not-stated']);

const holder = z.strictObject({
  personNumber: text,
  name: text,
  certificateType: text,
  certificateNumber: text,
  sex,
  birthDate: maybeText,
  age: text,
  insurances: z.array(
    z.strictObject({
      scheme: text,
      personType: text,
      inForce: z.boolean(),
      balance: money,
      region: text,
      civilServant: z.boolean(),
    }),
  ),
  tags: z.array(z.strictObject({ code: text, from: maybeText, to: maybeText })),
  medium,
  mediumNumber: text,
  cardId: maybeText,
  asOfMs: z.number(),
}) satisfies z.ZodType<Holder>;

const product = z.strictObject({
  shopCode: text,
  nationalCode: maybeText,
  genericName: text,
  tradeName: maybeText,
  form: text,
  specification: text,
  maker: text,
  approvalNumber: maybeText,
  barcode: maybeText,
  packUnit: text,
  price: unitPrice,
  insuranceClass: z.enum(['A', 'B', 'C']),
  firstSelfPayRatio: ratio,
  ceiling: unitPrice.exactOptional(),
  category: z.enum(['drug', 'herbal', 'material', 'service']),
  prescriptionOnly: z.boolean(),
  stock: quantity.exactOptional(),
  standardCode: maybeText,
  aliases: maybeText,
  pinyin: maybeText,
  wubi: maybeText,
  tracePrefix: maybeText,
  unitsPerPack: quantity.exactOptional(),
  smallestUnit: maybeText,
  smallestUnitPrice: unitPrice.exactOptional(),
  procured: z.strictObject({ price: unitPrice, from: text, to: maybeText }).exactOptional(),
  remark: maybeText,
}) satisfies z.ZodType<Product>;

const herbalDoses = z.strictObject({ doses: quantity, gramsPerDose: quantity });

const basketLine = z.strictObject({
  lineNumber: wholeNumber,
  product,
  quantity,
  amount: money,
  catalogVersion: text,
  agencyCatalogVersion: maybeText,
  brokenPack: z.strictObject({ unitsPerPack: quantity, packPrice: unitPrice }).exactOptional(),
  herbalDoses: herbalDoses.exactOptional(),
}) satisfies z.ZodType<BasketLine>;

const reason: z.ZodType<Reason> = z.lazy(() =>
  z.strictObject({
    step: text,
    policy: text,
    version: text,
    rule: maybeText,
    amount: money,
    zh: text,
    en: text,
    parts: z.array(reason).exactOptional(),
  }),
);

const lineSplit = z.strictObject({
  lineNumber: wholeNumber,
  total: money,
  outOfScope: money,
  overCeiling: money,
  firstSelfPay: money,
  inScope: money,
  firstSelfPayRatio: ratio,
  reasons: z.array(reason),
}) satisfies z.ZodType<LineSplit>;

const split = z.strictObject({
  total: money,
  outOfScope: money,
  overCeiling: money,
  firstSelfPay: money,
  inScope: money,
  deductible: money,
  funds: z.array(z.strictObject({ fund: text, nameZh: text, amount: money })),
  fundTotal: money,
  institution: maybeMoney,
  own: money,
  account: money,
  familyAccount: maybeMoney,
  cash: money,
  balanceBefore: maybeMoney,
  balanceAfter: maybeMoney,
  lines: z.array(lineSplit),
  reasons: z.array(reason),
  source: z.enum(['agency', 'offline', 'own-pay']),
}) satisfies z.ZodType<Split>;

const operator = z.strictObject({
  number: text,
  name: text,
  role: z.enum(operatorRoles),
}) satisfies z.ZodType<Operator>;

const algorithm = z.enum(['tdes', 'sm4']);

const offlineProof = z.strictObject({
  saleNumber: text,
  cardId: text,
  region: text,
  historicalBytes: text,
  algorithm,
  terminalNumber: text,
  terminalSequence: text,
  time: text,
  account: money,
  own: money,
  pool: money,
  signature: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('card-tac'), cardSequence: text, tac: text, type: text }),
    z.strictObject({ kind: z.literal('module-mac'), mac: text, factor: text }),
  ]),
  blacklistVersion: text,
  terminal: z.strictObject({ keyId: text, signature: text }).exactOptional(),
}) satisfies z.ZodType<OfflineProof>;

const cardPurchase = z.strictObject({
  cardId: text,
  region: text,
  historicalBytes: text,
  algorithm,
  cardSequence: text,
  terminalNumber: text,
  terminalSequence: text,
  time: text,
  type: text,
}) satisfies z.ZodType<PendingCardPurchase>;

const actingPerson = z.strictObject({
  relation: z.enum(actingRelations),
  name: text,
  identityNumber: text,
}) satisfies z.ZodType<ActingPerson>;

const disease = { diseaseCode: text, diseaseName: text };

const request = z.strictObject({
  personNumber: text,
  medium,
  mediumNumber: text,
  insuredRegion: text,
  scheme: text,
  beganAtMs: z.number(),
  saleNumber: text,
  useAccount: z.boolean(),
  total: money,
  lines: z.array(
    z.strictObject({
      lineNumber: wholeNumber,
      nationalCode: text,
      shopCode: text,
      quantity,
      price: unitPrice,
      amount: money,
      occurredAtMs: z.number(),
      herbalDoses: herbalDoses.exactOptional(),
    }),
  ),
  chronic: z.strictObject(disease).exactOptional(),
  offlineProof: offlineProof.exactOptional(),
}) satisfies z.ZodType<SettlementRequest>;

const consent = z.strictObject({
  atMs: z.number(),
  operator: text,
  how: z.enum(['printed', 'screen', 'program']),
  lines: z.array(z.strictObject({ lineNumber: wholeNumber, own: money })),
  own: money,
  basis: text,
}) satisfies z.ZodType<OwnPayConsent>;

const payMode = z.enum(['insured', 'own-pay', 'offline']);

const rest = z.strictObject({
  saleId: text,
  lines: z.array(z.strictObject({ lineNumber: wholeNumber, quantity })),
}) satisfies z.ZodType<SaleRest>;

const replaces = z.strictObject({
  saleId: text,
  saleNumber: text,
  mode: payMode,
}) satisfies z.ZodType<ReplacedSale>;

const sale = z.strictObject({
  saleId: text,
  saleNumber: text,
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
  businessDay: text,
  createdAtMs: z.number(),
  operator,
  holder: holder.exactOptional(),
  actingPerson: actingPerson.exactOptional(),
  chronic: z.strictObject({ ...disease, personNumber: text }).exactOptional(),
  manualReason: maybeText,
  lines: z.array(basketLine),
  split: split.exactOptional(),
  mode: payMode.exactOptional(),
  tenders: z.array(z.strictObject({ kind: z.enum(['cash', 'mobile']), amount: money, reference: maybeText })),
  changeDue: maybeMoney,
  request: request.exactOptional(),
  cardPurchase: cardPurchase.exactOptional(),
  offlineProof: offlineProof.exactOptional(),
  clearing: z.strictObject({ office: text, type: text }).exactOptional(),
  consent: consent.exactOptional(),
  rest: rest.exactOptional(),
  replaces: replaces.exactOptional(),
  orderDigest: maybeText,
}) satisfies z.ZodType<Sale>;

const settlement = z.strictObject({
  visitId: text,
  settlementId: maybeText,
  personNumber: text,
  settledAtMs: z.number().exactOptional(),
  split,
  clearingOffice: text,
  clearingType: text,
  brokenRelations: z.array(text),
}) satisfies z.ZodType<Settlement>;

const cancellation = z.strictObject({
  visitId: text,
  settlementId: text,
  total: money,
  fundTotal: money,
  account: money,
  familyAccount: maybeMoney,
  balanceAfter: maybeMoney,
}) satisfies z.ZodType<Cancellation>;

const itemMapping = z.strictObject({
  shopCode: text,
  state: z.enum(mappingStates),
  nationalCode: maybeText,
  listType: maybeText,
  basis: z.enum(matchBases).exactOptional(),
  confidence: wholeNumber,
  why: text,
  others: z.array(z.strictObject({ nationalCode: text, confidence: wholeNumber, why: text })),
  from: maybeText,
  to: maybeText,
  changedAtMs: z.number(),
  by: text,
  faultCode: maybeText,
  agencyText: maybeText,
}) satisfies z.ZodType<ItemMapping>;

const splitComparison = z.strictObject({
  saleId: text,
  saleNumber: text,
  against: z.enum(comparedAnswers),
  businessDay: text,
  atMs: z.number(),
  policy: maybeText,
  policyVersion: maybeText,
  catalogVersion: text,
  differences: z.array(
    z.strictObject({
      lineNumber: wholeNumber.exactOptional(),
      field: z.enum(comparedFields),
      ours: money,
      agency: money,
    }),
  ),
}) satisfies z.ZodType<SplitComparison>;

type SameKeys<T, S> = [keyof T, keyof S] extends [keyof S, keyof T] ? true : never;
/** A field added to a domain type and forgotten above does not compile. */
const everyFieldIsKept: readonly [
  SameKeys<Holder, z.output<typeof holder>>,
  SameKeys<Product, z.output<typeof product>>,
  SameKeys<BasketLine, z.output<typeof basketLine>>,
  SameKeys<LineSplit, z.output<typeof lineSplit>>,
  SameKeys<Split, z.output<typeof split>>,
  SameKeys<OfflineProof, z.output<typeof offlineProof>>,
  SameKeys<PendingCardPurchase, z.output<typeof cardPurchase>>,
  SameKeys<ActingPerson, z.output<typeof actingPerson>>,
  SameKeys<SettlementRequest, z.output<typeof request>>,
  SameKeys<Sale, z.output<typeof sale>>,
  SameKeys<SaleRest, z.output<typeof rest>>,
  SameKeys<ReplacedSale, z.output<typeof replaces>>,
  SameKeys<Settlement, z.output<typeof settlement>>,
  SameKeys<Cancellation, z.output<typeof cancellation>>,
  SameKeys<ItemMapping, z.output<typeof itemMapping>>,
  SameKeys<SplitComparison, z.output<typeof splitComparison>>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true];
assert(everyFieldIsKept.length === 16, 'every domain type has its codec');

export const encodeSale: (value: Sale) => string = encode;
export const encodeHolder: (value: Holder) => string = encode;
export const encodeSettlement: (value: Settlement) => string = encode;
export const encodeCancellation: (value: Cancellation) => string = encode;
export const encodeMapping: (value: ItemMapping) => string = encode;
export const encodeComparison: (value: SplitComparison) => string = encode;

/** Each throws `ZodError` or `SyntaxError` for text that is not such a value; the store calls that damage. */
export const decodeSale = (row: string): Sale => sale.parse(JSON.parse(row));
export const decodeHolder = (row: string): Holder => holder.parse(JSON.parse(row));
export const decodeSettlement = (row: string): Settlement => settlement.parse(JSON.parse(row));
export const decodeCancellation = (row: string): Cancellation => cancellation.parse(JSON.parse(row));
export const decodeMapping = (row: string): ItemMapping => itemMapping.parse(JSON.parse(row));
export const decodeComparison = (row: string): SplitComparison => splitComparison.parse(JSON.parse(row));
/** The same of texts that are parsed already. */
export const saleFrom = (value: Json): Sale => sale.parse(value);
export const settlementFrom = (value: Json): Settlement => settlement.parse(value);
