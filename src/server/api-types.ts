/** Types of the local API for the page and other programs written in TypeScript. Types only: no code. */
import type { z } from 'zod';
import type { CustomerView, TillView } from '#checkout/view';
import type { TrainingState } from '#core/training';
import type {
  doctorAnswer,
  payBody,
  queueRow,
  receiptAnswer,
  sessionAnswer,
  shopAnswer,
  syncAnswer,
  terminalKeyRow,
} from './schemas.ts';
import type { policiesAnswer, splitReportAnswer } from './schemas-benefits.ts';
import type { catalogStateAnswer } from './schemas-catalog.ts';
import type { listAnswer } from './schemas-list.ts';
import type { mappingRow, mappingsAnswer } from './schemas-mappings.ts';
import type {
  dayPictureAnswer,
  looksAnswer,
  operatorRow,
  operatorsAnswer,
  settingsAnswer,
  settingsCheckAnswer,
  verifyStateAnswer,
} from './schemas-office.ts';
import type { paperAnswer } from './schemas-papers.ts';
import type { equivalentsAnswer } from './schemas-prices.ts';
import type { refundPreviewAnswer } from './schemas-refund.ts';

export type {
  ActingPersonView,
  ChronicView,
  ConsentView,
  CustomerView,
  DeviceView,
  FaultView,
  HolderView,
  LineView,
  OfflineOffer,
  PaidSums,
  ProductView,
  ReasonView,
  ReplacesView,
  SaleSummary,
  SaleView,
  SplitView,
  TillView,
} from '#checkout/view';
export type { AgencyFaultKind, PrintedSlip, TrainingCard, TrainingState } from '#core/training';

export type ShopAnswer = z.infer<typeof shopAnswer>;
export type SessionAnswer = z.infer<typeof sessionAnswer>;
export type PayBody = z.infer<typeof payBody>;
export type QueueRow = z.infer<typeof queueRow>;
export type SaleReceiptAnswer = z.infer<typeof receiptAnswer>;
export type TerminalKeyRow = z.infer<typeof terminalKeyRow>;
export type SyncAnswer = z.infer<typeof syncAnswer>;
export type SplitReportAnswer = z.infer<typeof splitReportAnswer>;
export type RefundPreviewAnswer = z.infer<typeof refundPreviewAnswer>;
export type PaperAnswer = z.infer<typeof paperAnswer>;
export type EquivalentsAnswer = z.infer<typeof equivalentsAnswer>;
export type MappingRow = z.infer<typeof mappingRow>;
export type MappingsAnswer = z.infer<typeof mappingsAnswer>;
export type PoliciesAnswer = z.infer<typeof policiesAnswer>;
export type ListAnswer = z.infer<typeof listAnswer>;
export type CatalogStateAnswer = z.infer<typeof catalogStateAnswer>;
export type OperatorRow = z.infer<typeof operatorRow>;
export type OperatorsAnswer = z.infer<typeof operatorsAnswer>;
export type VerifyStateAnswer = z.infer<typeof verifyStateAnswer>;
export type LooksAnswer = z.infer<typeof looksAnswer>;
export type DayPictureAnswer = z.infer<typeof dayPictureAnswer>;
export type SettingsAnswer = z.infer<typeof settingsAnswer>;
export type SettingsCheckAnswer = z.infer<typeof settingsCheckAnswer>;
export type DoctorRow = z.infer<typeof doctorAnswer>['rows'][number];

/**
 * Names of states: an answer that is a `TillView` tells its name in the second; a page that gives it back in the first
 * with its next request may be answered the changes alone, as that media type.
 */
export type HasHeader = 'x-guitai-has';
export type StateHeader = 'x-guitai-state';
export type ChangesMediaType = 'application/json-patch+json';

/** What the server says over `/api/live`: pushes of the whole state, never a difference, and answers. */
export type LiveMessage =
  | { readonly type: 'till'; readonly till: TillView }
  | { readonly type: 'training'; readonly training: TrainingState };

/** A question of a page over `/api/live`, for the routes that may be asked so; each part as its request has it. */
export interface LiveAsk {
  /** Counted by the page. */
  readonly ask: number;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly csrf: string;
  readonly has?: string;
}

/** Its answer, but for `body`: what the route has answered. */
export interface LiveAnswerHead {
  readonly type: 'answer';
  readonly ask: number;
  /** As of HTTP. */
  readonly status: number;
  /** Whether `body` is what changed since the state that was named. */
  readonly changes: boolean;
  readonly state?: string;
}

/** What the server pushes over `/api/customer/live`. */
export interface CustomerMessage {
  readonly type: 'customer';
  readonly customer: CustomerView;
}

/** What comes with the till's page, so that it need not ask before it can be used. */
export interface FirstView {
  readonly shop: ShopAnswer;
  /** For who is signed in and sells. */
  readonly till?: TillView;
}

/** Close code of `/api/live` when the session ended: the page asks for the PIN again. */
export type SessionEndedCode = 4401;
