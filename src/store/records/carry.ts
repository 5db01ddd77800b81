import { assert } from '#core/assert';
import type { Sale } from '#core/domain/sale';
import type { Settlement } from '#core/domain/settlement';
import type { CarriedMessage, CarriedSale } from '../carry/content.ts';
import type { Change, NewEvent } from '../port.ts';
import type { CarryFile } from '../tables/carry.ts';
import { offlinePostings } from './postings.ts';
import { amounts } from './settlement.ts';
import { answered, intent, journaled, moved, type Step } from './step.ts';
import { uploadSettled } from './upload.ts';

type Named = Pick<CarryFile, 'way' | 'partner' | 'number'>;
interface At {
  readonly nowMs: number;
  readonly operator: string;
}

/**
 * Before a carry file is even made: its sales are out from here on. Intent before effect: a file whose sales still
 * counted as waiting could be uploaded by two terminals after a power cut.
 */
export function carriedOut(
  at: At & { readonly file: CarryFile; readonly saleIds: readonly string[] },
): Change {
  const { file, saleIds, nowMs, operator } = at;
  const facts = { file: file.number, partner: file.partner };
  return {
    carry: { newFile: { ...file, saleIds } },
    uploads: saleIds.map((saleId) => ({ saleId, was: ['queued'], to: 'carried' })),
    events: saleIds.map((saleId) => ({ kind: 'carried-out', saleId, atMs: nowMs, operator, facts })),
  };
}

/** The bytes of the file are fixed: from here on a medium may hold them. */
export function carryFileMade(
  at: At & { readonly file: CarryFile; readonly hash: string; readonly body: Uint8Array },
): Change {
  const { file, hash, body } = at;
  const named: Named = { way: file.way, partner: file.partner, number: file.number };
  return {
    carry: { file: { ...named, was: ['making'], to: 'writing', hash, body } },
    events: [fileEvent(at, { ...file, hash }, 'made')],
  };
}

/** The file stands on the medium and was read back. */
export function carryFileWritten(file: Named): Change {
  return { carry: { file: { ...file, was: ['writing', 'out'], to: 'out' } }, events: [] };
}

/** Certainly no whole file was written: its sales wait for their upload here again. */
export function carryFileVoid(
  at: At & { readonly file: CarryFile; readonly saleIds: readonly string[] },
): Change {
  const { file, saleIds, nowMs } = at;
  const named: Named = { way: file.way, partner: file.partner, number: file.number };
  return {
    carry: { file: { ...named, was: ['making', 'writing'], to: 'void' } },
    uploads: saleIds.map((saleId) => ({ saleId, was: ['carried'], to: 'queued', nextAtMs: nowMs })),
    events: [...saleIds.map((saleId) => back(at, saleId, file, 'not-written')), fileEvent(at, file, 'void')],
  };
}

/** The receiver has not uploaded it and never will: it waits for its upload here again. */
export function carryReturned(at: At & { readonly saleId: string; readonly file: CarryFile }): Change {
  const { saleId, file, nowMs } = at;
  return {
    uploads: [{ saleId, was: ['carried'], to: 'queued', nextAtMs: nowMs }],
    events: [back(at, saleId, file, 'returned')],
  };
}

/**
 * Two people take the sales of a file back whose answer never came. The agency is asked what it has booked before
 * any of them is uploaded (`takenBackSince`).
 */
export function carryTakenBack(
  at: At & {
    readonly file: CarryFile;
    readonly saleIds: readonly string[];
    readonly secondOperator: string;
    readonly reason: string;
  },
): Change {
  const { file, saleIds, nowMs, operator, secondOperator, reason } = at;
  const facts = { ...factsOf(file), action: 'taken-back', secondOperator, reason: journaled(reason) };
  return {
    carry: { takenBack: saleIds.map((saleId) => ({ saleId, carriedAtMs: file.atMs })) },
    uploads: saleIds.map((saleId) => ({ saleId, was: ['carried'], to: 'queued', nextAtMs: nowMs })),
    events: [
      ...saleIds.map((saleId) => back(at, saleId, file, 'taken-back')),
      { kind: 'carry-file', atMs: nowMs, operator, facts },
    ],
  };
}

/** A file of one way in the till's own records; moves nothing. */
export function carryFileNoted(at: At & { readonly file: CarryFile }): Change {
  const { file } = at;
  return { carry: { newFile: { ...file, saleIds: [] } }, events: [fileEvent(at, file, 'noted')] };
}

/** Into the book of carried sales: all of a file in one transaction, each with its upload owed. */
export function carriedIn(
  at: At & {
    readonly file: CarryFile;
    /** Every sale of the file, in its order. */
    readonly saleIds: readonly string[];
    readonly fresh: readonly CarriedSale[];
    /** Sales that were given back or refused before and come again. */
    readonly again: readonly Sale[];
  },
): Change {
  const { file, saleIds, fresh, again, nowMs, operator } = at;
  const event = (sale: Sale): NewEvent => {
    assert(sale.split !== undefined, 'a carried sale has its offline split');
    return {
      kind: 'carried-in',
      saleId: sale.saleId,
      atMs: nowMs,
      operator,
      facts: { ...named(file), saleNumber: sale.saleNumber, ...amounts(sale.split) },
      postings: sale.state === 'rejected' ? [] : offlinePostings(sale, sale.split),
    };
  };
  return {
    carry: {
      newFile: { ...file, saleIds },
      sales: fresh.map((sale) => ({ sale, upload: uploadOf(sale, nowMs) })),
      again: again.map((sale) => ({ ...sale, state: 'queued' })),
    },
    uploads: again.map(({ saleId }) => ({ saleId, was: ['rejected'], to: 'queued', nextAtMs: nowMs })),
    events: [...[...fresh, ...again].map(event), fileEvent(at, file, 'imported')],
  };
}

/** The receiver told that the agency has settled: the same rows, event and postings as of an upload from here. */
export function carriedSettled(
  step: Step & {
    readonly message: CarriedMessage;
    readonly settlement: Settlement;
    readonly file: CarryFile;
  },
): Change {
  const { sale, message, settlement, file, nowMs, operator } = step;
  const { messageId, answer } = message;
  const { change } = uploadSettled({ sale, nowMs, operator, messageId, answer, settlement });
  return {
    ...change,
    newMessages: [intent(sale.saleId, '2102', message)],
    uploads: (change.uploads ?? []).map((one) => ({ ...one, was: ['carried'] })),
    events: change.events.map((one) => ({ ...one, facts: { ...one.facts, ...named(file) } })),
  };
}

/** The receiver told that the agency has refused, or that the sale does not fit the interface. */
export function carriedRejected(
  step: Step & {
    readonly message?: CarriedMessage;
    readonly faultCode: string;
    readonly agencyText: string;
    readonly file: CarryFile;
  },
): Change {
  const { sale, message, faultCode, agencyText, file, nowMs, operator } = step;
  const messageFacts = message === undefined ? {} : { messageId: message.messageId };
  return {
    sale: moved(sale, ['queued'], 'rejected'),
    ...(message === undefined
      ? {}
      : {
          newMessages: [intent(sale.saleId, '2102', message)],
          messages: [answered(message, 'refused', nowMs, faultCode)],
        }),
    uploads: [{ saleId: sale.saleId, was: ['carried'], to: 'rejected', faultCode, agencyText }],
    events: [
      {
        kind: 'offline-rejected',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: { ...messageFacts, faultCode, ...named(file) },
      },
    ],
  };
}

/** At the receiver: not uploaded in time, or wanted back. Its upload never begins any more. */
export function carryGivenBack(step: Step): Change {
  const { sale, nowMs, operator } = step;
  const faultCode = 'carry-returned';
  return {
    sale: moved(sale, ['queued'], 'rejected'),
    uploads: [{ saleId: sale.saleId, was: ['queued'], to: 'rejected', faultCode }],
    events: [{ kind: 'offline-rejected', saleId: sale.saleId, atMs: nowMs, operator, facts: { faultCode } }],
  };
}

function uploadOf(sale: CarriedSale, nowMs: number): NonNullable<Change['upload']> {
  return {
    saleId: sale.saleId,
    lane: sale.offlineProof.cardId,
    state: 'queued',
    attempts: 0,
    nextAtMs: nowMs,
    queuedAtMs: nowMs,
    account: sale.split.account,
  };
}

function back({ nowMs, operator }: At, saleId: string, file: CarryFile, why: string): NewEvent {
  return { kind: 'carried-back', saleId, atMs: nowMs, operator, facts: { ...named(file), why } };
}

function named({ partner, number }: CarryFile): Readonly<Record<string, string>> {
  return { file: number, partner };
}

function factsOf(file: CarryFile): Readonly<Record<string, string | number>> {
  const { way, hash, saleCount, untilMs } = file;
  return { ...named(file), way, hash, sales: saleCount, untilMs };
}

function fileEvent({ nowMs, operator }: At, file: CarryFile, action: string): NewEvent {
  return { kind: 'carry-file', atMs: nowMs, operator, facts: { ...factsOf(file), action } };
}
