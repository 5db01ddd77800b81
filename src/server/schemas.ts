import { z } from 'zod';
import {
  actingPersonView,
  chronicView,
  customerView,
  deviceView,
  faultView,
  holderView,
  lineView,
  offlineOffer,
  productView,
  saleSummary,
  saleView,
  splitView,
  tillView,
} from '#checkout/view';
import { actingRelations } from '#core/domain/acting-person';
import { operatorRoles, rights } from '#core/domain/rights';
import { decisionKinds } from '#core/domain/sale-decision';
import { padKeys } from '#core/training';
import { policiesAnswer, splitReportAnswer } from './schemas-benefits.ts';
import {
  carryAgainBody,
  carryAnswerBody,
  carryBackAnswer,
  carryFileAnswer,
  carryFileBody,
  carryInAnswer,
  carryOutBody,
  carryStateAnswer,
  carryTakeBackAnswer,
  carryTakeBackBody,
} from './schemas-carry.ts';
import { catalogStateAnswer } from './schemas-catalog.ts';
import { backupAnswer, backupBody, owedAnswer } from './schemas-guards.ts';
import { journalVerifyAnswer } from './schemas-journal.ts';
import { listAnswer, listColumnsBody } from './schemas-list.ts';
import {
  decideMappingBody,
  mappingRow,
  mappingsAnswer,
  matchAnswer,
  uploadMappingsAnswer,
} from './schemas-mappings.ts';
import { officeSchemas } from './schemas-office.ts';
import { paperSchemas } from './schemas-papers.ts';
import { credentialBody, operatorNumber, pin, plainText, quantityText } from './schemas-parts.ts';
import { equivalentsAnswer, priceLogAnswer, pricesAnswer } from './schemas-prices.ts';
import { refundSchemas } from './schemas-refund.ts';

/** What callers send and what only the server answers; with the till's views these are the whole API. */

const saleId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const moneyText = z
  .string()
  .regex(/^\d{1,10}(?:\.\d{1,2})?$/)
  .describe('yuan as text, up to two decimals');
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('business day, Asia/Shanghai');
export const openShiftBody = z.strictObject({
  number: operatorNumber.exactOptional(),
  pin: pin.exactOptional(),
});
/** A scanner sends the FNC1 of GS1 as the group separator, and a symbology prefix. */
const scannedText = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => !/\p{Cc}/u.test(text.replaceAll('\u001d', '')), 'control characters');
export const scanBody = z.strictObject({ code: scannedText });
/** `smallest`: the quantity counts smallest units of a broken pack (拆零). */
const saleUnit = z.enum(['pack', 'smallest']);
export const addLineBody = z.strictObject({
  shopCode: plainText(64),
  quantity: quantityText.exactOptional(),
  unit: saleUnit.exactOptional(),
});
const quantityBody = z.strictObject({ quantity: quantityText, unit: saleUnit.exactOptional() });
/** What of a line is changed: its quantity, doses × grams of herbal pieces (付数), or the product itself. */
export const lineBody = z.union([
  quantityBody,
  z.strictObject({ doses: quantityText, gramsPerDose: quantityText }),
  z.strictObject({ shopCode: plainText(64) }),
]);
export const saleIdBody = z.strictObject({ saleId });
export const useAccountBody = z.strictObject({ useAccount: z.boolean() });
/** Without a disease: an ordinary purchase. */
export const visitBody = z.strictObject({
  diseaseCode: z
    .string()
    .regex(/^[\x21-\x7e]{1,30}$/)
    .exactOptional(),
});
export const connectivityBody = z.strictObject({ forcedOffline: z.boolean() });
export const useCatalogBody = z.strictObject({ version: plainText(64) });
export const reconcileBody = z.strictObject({ day: day.exactOptional() });
export const payBody = z.strictObject({
  mode: z.enum(['insured', 'offline', 'own-pay']),
  tenders: z
    .array(
      z.strictObject({
        kind: z.enum(['cash', 'mobile']),
        amount: moneyText,
        reference: plainText(64).exactOptional(),
      }),
    )
    .max(8),
  expectedCash: moneyText.exactOptional(),
  pin: pin.exactOptional(),
  acceptOfflineRisk: z.boolean().exactOptional(),
});
export const basketBody = z.strictObject({
  reference: plainText(64).describe('your own key: the same key again answers the same sale'),
  lines: z
    .array(z.strictObject({ code: plainText(256), quantity: quantityText, unit: saleUnit.exactOptional() }))
    .min(1)
    .max(200),
  pay: z.enum(['account', 'cash']),
  ownPayConsent: z
    .boolean()
    .exactOptional()
    .describe('the calling program has the consent of the holder to what the insurance does not pay'),
});
export const cancelBody = z.strictObject({ second: credentialBody, reason: plainText(100) });
export const disputeBody = z.strictObject({
  decision: z.enum(['accept', 'cancel']),
  second: credentialBody,
  reason: plainText(100),
});
const agencyNumber = z.string().regex(/^[0-9A-Za-z]{1,30}$/);
export const decisionBody = z.strictObject({
  decision: z.union([
    z.strictObject({ kind: z.enum(decisionKinds).exclude(['settled', 'not-settled']) }),
    z.strictObject({ kind: z.literal('not-settled') }),
    z.strictObject({ kind: z.literal('settled'), settlementId: agencyNumber, visitId: agencyNumber }),
  ]),
  second: credentialBody,
  reason: plainText(100),
});
/** As the card takes it; which lengths a card accepts is the card's own business. */
const cardPin = z
  .string()
  .regex(/^\d{4,12}$/)
  .describe('never logged');
/** An identity number is judged by the till, which names a wrong check digit. */
const identityNumber = z
  .string()
  .regex(/^[0-9A-Za-z]{6,30}$/)
  .describe('never logged');
export const identityNumberBody = z.strictObject({
  identityNumber,
  name: plainText(50),
  reason: plainText(100),
});
export const actingPersonBody = z.strictObject({
  relation: z.enum(actingRelations),
  name: plainText(50),
  identityNumber,
});
export const changePinBody = z.strictObject({
  old: cardPin.exactOptional(),
  replacement: cardPin.exactOptional(),
});
export const twoPeopleBody = z.strictObject({ second: credentialBody, reason: plainText(100) });
export const reasonBody = z.strictObject({ reason: plainText(100) });
export const enrolKeyBody = z.strictObject({ enrolmentCode: plainText(64) });
export const insertCardBody = z.strictObject({ cardId: plainText(64).nullable() });
export const agencyFaultBody = z.strictObject({
  fault: z.enum([
    'none',
    'cut',
    'delay',
    'lose-request',
    'lose-reply',
    'reply-twice',
    'late-after-reversal',
    'garbage',
    'server-error',
    'wrong-sums',
    'wrong-clock',
  ]),
});
export const printerBody = z.strictObject({
  paperOut: z.boolean().exactOptional(),
  coverOpen: z.boolean().exactOptional(),
  unplugged: z.boolean().exactOptional(),
});

export const saleParams = z.strictObject({ saleId });
export const lineParams = z.strictObject({
  lineNumber: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .transform(Number),
});
export const searchQuery = z.strictObject({
  q: plainText(64),
  limit: z
    .string()
    .regex(/^(?:[1-9]|[1-4]\d|50)$/)
    .transform(Number)
    .exactOptional(),
});
export const dayQuery = z.strictObject({ day: day.exactOptional() });

const errorAnswer = z.object({ error: faultView });
const operatorView = z.object({ number: z.string(), name: z.string() });
const sessionView = z.object({
  operator: operatorView.extend({ role: z.enum(operatorRoles), rights: z.array(z.enum(rights)) }),
  csrf: z.string(),
});
export const lockAnswer = z.object({ locked: z.boolean() });
export const sessionAnswer = sessionView;
export const emptyAnswer = z.object({});
/** All that the sign-in screen needs, and the only data given without a session. */
export const shopAnswer = z.object({
  shopName: z.string(),
  terminal: z.string(),
  training: z.boolean(),
  operators: z.array(operatorView),
  /** Only in the training shop: the PINs of its invented operators. */
  pinHints: z.array(z.object({ number: z.string(), pin: z.string() })).optional(),
  session: sessionView
    .extend({
      lockMinutes: z.number().int().describe('without a touch for so long the page locks itself; 0 = never'),
    })
    .nullable(),
});
export const searchAnswer = z.object({ products: z.array(productView) });
export const salesAnswer = z.object({ sales: z.array(saleSummary) });
export const receiptAnswer = z.object({ summary: saleSummary, view: saleView });
export const queueRow = z.object({
  saleId: z.string(),
  saleNumber: z.string(),
  state: z.enum(['queued', 'sending', 'accepted', 'adjusted', 'rejected', 'ambiguous', 'carried']),
  account: z.string(),
  attempts: z.number().int(),
  queuedAt: z.string(),
  fault: faultView.optional(),
  agencyText: z.string().optional(),
  effect: z.string().optional().describe('what the shop loses (below zero) or gains, in yuan'),
  deadline: z.string().optional(),
  decisions: z.array(z.enum(decisionKinds)).optional(),
  noted: z.boolean().optional(),
  carried: z
    .object({ file: z.string(), terminal: z.string(), since: z.string() })
    .optional()
    .describe('out in a file for another terminal'),
});
export const queueAnswer = z.object({ rows: z.array(queueRow) });
export const syncAnswer = z.object({
  accepted: z.number().int(),
  rejected: z.number().int(),
  left: z.number().int(),
});
export const reconcileAnswer = z.object({
  proved: z.number().int(),
  returned: z.number().int(),
  differences: z.number().int(),
});
const doctorRow = z.object({
  part: z.string(),
  state: z.enum(['ok', 'warning', 'fault']),
  zh: z.string(),
  en: z.string(),
  fault: faultView.optional(),
});
export const doctorAnswer = z.object({ rows: z.array(doctorRow) });
export const devicesAnswer = z.object({ devices: z.array(deviceView) });
export const terminalKeyRow = z.object({
  keyId: z.string(),
  publicKey: z.string(),
  state: z.enum(['new', 'enrolled', 'retired', 'revoked']),
  createdAt: z.string(),
});
export const keysAnswer = z.object({ keys: z.array(terminalKeyRow) });
export const trainingAnswer = z.object({
  cards: z.array(z.object({ id: z.string(), titleZh: z.string(), titleEn: z.string(), pin: z.string() })),
  insertedCardId: z.string().nullable(),
  agencyFault: agencyFaultBody.shape.fault,
  printer: z.object({ paperOut: z.boolean(), coverOpen: z.boolean(), unplugged: z.boolean() }),
  slips: z.array(z.object({ id: z.string(), printedAtMs: z.number(), svg: z.string() })),
  /** Text of the electronic certificate's QR code on the customer's telephone. */
  certificate: z.object({ cardId: z.string(), qrText: z.string(), svg: z.string() }).nullable(),
  drawerOpened: z.number().int(),
  /** Only where the training shop was started with a PIN pad. */
  pinPad: z
    .object({ screen: z.array(z.string()), entered: z.number().int(), unplugged: z.boolean() })
    .optional(),
});
export const padKeyBody = z.strictObject({ key: z.enum(padKeys) });
export const padPlugBody = z.strictObject({ unplugged: z.boolean() });
export const certificateBody = z.strictObject({ cardId: plainText(64) });

/** Names under which the OpenAPI document lists the schemas; a route may use only these. */
export const schemaNames = z.registry<{ id: string }>();
const named: Record<string, z.ZodType> = {
  Fault: faultView,
  Error: errorAnswer,
  TillView: tillView,
  SaleView: saleView,
  LineView: lineView,
  SplitView: splitView,
  HolderView: holderView,
  ProductView: productView,
  SaleSummary: saleSummary,
  OfflineOffer: offlineOffer,
  DeviceView: deviceView,
  ActingPersonView: actingPersonView,
  CustomerView: customerView,
  Credential: credentialBody,
  OpenShift: openShiftBody,
  Scan: scanBody,
  AddLine: addLineBody,
  ChangeLine: lineBody,
  SaleReference: saleIdBody,
  UseAccount: useAccountBody,
  Visit: visitBody,
  ChronicView: chronicView,
  Connectivity: connectivityBody,
  ReconcileRequest: reconcileBody,
  UseCatalog: useCatalogBody,
  Pay: payBody,
  Basket: basketBody,
  CancelSale: cancelBody,
  DecideDispute: disputeBody,
  DecideSale: decisionBody,
  IdentityNumber: identityNumberBody,
  ActingPerson: actingPersonBody,
  ChangeCardPin: changePinBody,
  SecondPerson: twoPeopleBody,
  Reason: reasonBody,
  EnrolKey: enrolKeyBody,
  InsertCard: insertCardBody,
  AgencyFault: agencyFaultBody,
  PrinterSwitches: printerBody,
  Session: sessionAnswer,
  Lock: lockAnswer,
  Empty: emptyAnswer,
  Shop: shopAnswer,
  SearchAnswer: searchAnswer,
  SalesAnswer: salesAnswer,
  SaleReceipt: receiptAnswer,
  QueueRow: queueRow,
  QueueAnswer: queueAnswer,
  SyncAnswer: syncAnswer,
  ReconcileAnswer: reconcileAnswer,
  DoctorRow: doctorRow,
  DoctorAnswer: doctorAnswer,
  DevicesAnswer: devicesAnswer,
  TerminalKey: terminalKeyRow,
  KeysAnswer: keysAnswer,
  CatalogState: catalogStateAnswer,
  ListState: listAnswer,
  ListColumns: listColumnsBody,
  TrainingState: trainingAnswer,
  PadKey: padKeyBody,
  PadPlug: padPlugBody,
  ShowCertificate: certificateBody,
  PoliciesAnswer: policiesAnswer,
  SplitReport: splitReportAnswer,
  OwedAnswer: owedAnswer,
  CarryStateAnswer: carryStateAnswer,
  CarryOutRequest: carryOutBody,
  CarryAgainRequest: carryAgainBody,
  CarryFileRequest: carryFileBody,
  CarryAnswerRequest: carryAnswerBody,
  CarryTakeBackRequest: carryTakeBackBody,
  CarryFileAnswer: carryFileAnswer,
  CarryInAnswer: carryInAnswer,
  CarryBackAnswer: carryBackAnswer,
  CarryTakeBackAnswer: carryTakeBackAnswer,
  BackupRequest: backupBody,
  BackupAnswer: backupAnswer,
  JournalVerification: journalVerifyAnswer,
  DayPrices: pricesAnswer,
  PriceLog: priceLogAnswer,
  Equivalents: equivalentsAnswer,
  Mapping: mappingRow,
  Mappings: mappingsAnswer,
  DecideMapping: decideMappingBody,
  MatchAnswer: matchAnswer,
  UploadMappings: uploadMappingsAnswer,
  ...officeSchemas,
  ...paperSchemas,
  ...refundSchemas,
};
for (const [id, schema] of Object.entries(named)) schemaNames.add(schema, { id });
