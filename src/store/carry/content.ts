import { z } from 'zod';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import { decodeSale, decodeSettlement, encodeSale, encodeSettlement } from '../codec/values.ts';

/** What became of one carried sale at the receiver. */
export type CarryAnswer = {
  readonly saleId: string;
  readonly saleNumber: string;
  /** File with which the sale came. */
  readonly file: string;
} & (
  | { readonly outcome: 'accepted'; readonly message: CarriedMessage; readonly settlement: Settlement }
  | {
      readonly outcome: 'rejected';
      /** Absent when the upload did not even fit the interface. */
      readonly message?: CarriedMessage;
      readonly faultCode: string;
      readonly agencyText: string;
    }
  /** Not uploaded and never will be there. */
  | { readonly outcome: 'returned' }
  | { readonly outcome: 'waiting' }
);

/** The 2102 that the agency answered. */
export interface CarriedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly preparedAtMs: number;
  readonly answer: string;
}

const text = z.string();
const message = z.strictObject({
  messageId: text.regex(/^[0-9A-Za-z]{30}$/),
  body: text,
  preparedAtMs: z.number(),
  answer: text,
});
const named = { saleId: text.min(1).max(100), saleNumber: text.min(1).max(20), file: text.min(1).max(20) };
const answers = z.array(
  z.discriminatedUnion('outcome', [
    z.strictObject({ ...named, outcome: z.literal('accepted'), message, settlement: text }),
    z.strictObject({
      ...named,
      outcome: z.literal('rejected'),
      message: message.exactOptional(),
      faultCode: text,
      agencyText: text,
    }),
    z.strictObject({ ...named, outcome: z.literal('returned') }),
    z.strictObject({ ...named, outcome: z.literal('waiting') }),
  ]),
);

/**
 * Sales as they go out: what the upload asks and what proves it. The holder's name, certificate and cards stay at
 * home but for what the agency is asked with.
 */
export function salesContent(sales: readonly Sale[]): string {
  const bare = sales.map(
    ({ holder: _holder, actingPerson: _person, manualReason: _reason, ...sale }) => sale,
  );
  return JSON.stringify(bare.map((sale) => encodeSale(sale)));
}

/** Undefined for anything but such sales, each queued and with its offline proof. */
export function readSales(content: string): readonly CarriedSale[] | undefined {
  const sales = read(() => z.array(text).parse(JSON.parse(content)).map(decodeSale));
  const sound = sales?.filter(isCarried);
  return sound === undefined || sound.length !== sales?.length || !areDistinct(sound) ? undefined : sound;
}

/** A sale that another terminal may upload. */
export type CarriedSale = Sale & Required<Pick<Sale, 'request' | 'offlineProof' | 'split'>>;

export function isCarried(sale: Sale): sale is CarriedSale {
  const { state, mode, request, offlineProof, split, saleNumber } = sale;
  return (
    state === 'queued' &&
    mode === 'offline' &&
    split !== undefined &&
    request?.saleNumber === saleNumber &&
    offlineProof?.saleNumber === saleNumber
  );
}

function areDistinct(sales: readonly CarriedSale[]): boolean {
  const ids = new Set(sales.map(({ saleId }) => saleId));
  const numbers = new Set(sales.map(({ saleNumber }) => saleNumber));
  return ids.size === sales.length && numbers.size === sales.length;
}

export function answersContent(rows: readonly CarryAnswer[]): string {
  return JSON.stringify(
    rows.map((row) =>
      row.outcome === 'accepted' ? { ...row, settlement: encodeSettlement(row.settlement) } : row,
    ),
  );
}

/** Undefined for anything but such answers, one for a sale. */
export function readAnswers(content: string): readonly CarryAnswer[] | undefined {
  const rows = read(() =>
    answers
      .parse(JSON.parse(content))
      .map((row) =>
        row.outcome === 'accepted' ? { ...row, settlement: decodeSettlement(row.settlement) } : row,
      ),
  );
  return new Set(rows?.map(({ saleId }) => saleId)).size === rows?.length ? rows : undefined;
}

function read<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
