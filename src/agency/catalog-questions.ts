import { agencyTables } from '#core/domain/agency-catalog';
import { type Fault, fault } from '#core/fault';
import { ok, type Result } from '#core/result';
import { type MessageExchange, outcomeOf, refused } from './exchange.ts';
import type { FileSink } from './link.ts';
import {
  CATALOG_FILE_NAME,
  catalogFileInput,
  catalogFileRequest,
  readCatalogFile,
} from './messages/catalog-files.ts';
import type { PagedTable } from './messages/catalog-page-rows.ts';
import { catalogPageInput, catalogPageRequest, readCatalogPage } from './messages/catalog-pages.ts';
import { downloadInput, downloadRequest } from './messages/files.ts';
import { mappingInput, mappingRequest, revocationInput, revocationRequest } from './messages/item-mapping.ts';
import type { AgencyOutcome, AgencyPort, PreparedMessage } from './port.ts';
import { saysNothingNewer } from './refusals.ts';

/** Largest catalogue file that is taken at all; a province's drugs are some 60 MB packed. */
export const MAX_CATALOG_FILE_BYTES = 512 * 1024 * 1024;
/** A slow line needs an hour for such a file; what drips longer than this is no transfer. */
const MOST_TRANSFER_MS = 2 * 3_600_000;

export interface CatalogQuestionOptions {
  readonly institutionCode: string;
  readonly region: string;
}

type CatalogQuestions = Pick<
  AgencyPort,
  'catalogFile' | 'fetchCatalogFile' | 'catalogPage' | 'uploadMappings' | 'revokeMapping'
>;

/**
 * Catalogues and mappings. No money moves: an unknown outcome is only a failed question, and its words say so
 * (`catalog-answer-missing`, `catalog-answer-garbled`, `mapping-unanswered`).
 */
export function catalogQuestions(
  exchange: MessageExchange,
  options: CatalogQuestionOptions,
): CatalogQuestions {
  const { institutionCode, region } = options;
  return {
    async catalogFile(table, since, context) {
      const wrong = wrongKind(table, 'file');
      if (wrong !== undefined) return wrong;
      const input = catalogFileRequest(since);
      const message = exchange.prepare(table, catalogFileInput, input, context, region);
      const outcome = await ask(exchange, message, readCatalogFile);
      if (outcome.kind === 'refused' && isUpToDate(outcome))
        return { kind: 'success', value: undefined, answer: outcome.answer, warnings: [] };
      return inCatalogWords(outcome);
    },
    async fetchCatalogFile(ticket, pieces, context) {
      const input = downloadRequest(
        { fileNumber: ticket.fileNumber, name: CATALOG_FILE_NAME },
        institutionCode,
      );
      const message = exchange.prepare('9102', downloadInput, input, context, region);
      const sink = { maxBytes: MAX_CATALOG_FILE_BYTES, maxMs: MOST_TRANSFER_MS, accept: pieces };
      return inCatalogWords(await fetchFile(exchange, message, sink));
    },
    async catalogPage(table, question, context) {
      const wrong = wrongKind(table, 'pages');
      if (wrong !== undefined) return wrong;
      const paged = table as PagedTable;
      const input = catalogPageRequest(paged, question, institutionCode);
      const message = exchange.prepare(table, catalogPageInput, input, context, region);
      const read = (output: unknown) => readCatalogPage(output, paged, question, institutionCode);
      return inCatalogWords(await ask(exchange, message, read));
    },
    async uploadMappings(items, context) {
      const message = exchange.prepare('3301', mappingInput, mappingRequest(items), context, region);
      return inMappingWords(await ask(exchange, message, nothing));
    },
    async revokeMapping(item, context) {
      const input = revocationRequest(item, institutionCode);
      const message = exchange.prepare('3302', revocationInput, input, context, region);
      return inMappingWords(await ask(exchange, message, nothing));
    },
  };
}

async function ask<T>(
  exchange: MessageExchange,
  message: Result<PreparedMessage, Fault>,
  read: (output: unknown) => Result<T, string>,
): Promise<AgencyOutcome<T>> {
  if (!message.ok) return refused(message.error, '', '');
  return outcomeOf(await exchange.send(message.value), read);
}

async function fetchFile(
  exchange: MessageExchange,
  message: Result<PreparedMessage, Fault>,
  sink: FileSink,
): Promise<AgencyOutcome<number>> {
  if (!message.ok) return refused(message.error, '', '');
  const exchanged = await exchange.send(message.value, sink);
  if (exchanged.kind !== 'stored') return outcomeOf(exchanged, () => notAFile);
  return { kind: 'success', value: exchanged.size, answer: '', warnings: [] };
}

const notAFile: Result<never, string> = { ok: false, error: 'a message instead of the file' };

function nothing(): Result<void, string> {
  return ok(undefined);
}

/** A table is either downloaded or queried; the other way there is no such transaction. */
function wrongKind(table: string, by: 'file' | 'pages') {
  if (agencyTables.some((each) => each.id === table && each.by === by)) return undefined;
  return refused(fault('agency-message-invalid', `${table}: does not come by ${by}`), '', '');
}

function isUpToDate(outcome: Extract<AgencyOutcome<unknown>, { kind: 'refused' }>): boolean {
  return outcome.fault.code === 'agency-refused' && saysNothingNewer(outcome.agencyText);
}

function inCatalogWords<T>(outcome: AgencyOutcome<T>): AgencyOutcome<T> {
  if (outcome.kind !== 'unknown') return outcome;
  const { code, detail } = outcome.fault;
  const words = code === 'agency-garbled' ? 'catalog-answer-garbled' : 'catalog-answer-missing';
  return { ...outcome, fault: fault(words, detail ?? code) };
}

function inMappingWords<T>(outcome: AgencyOutcome<T>): AgencyOutcome<T> {
  if (outcome.kind !== 'unknown') return outcome;
  const { code, detail } = outcome.fault;
  return {
    ...outcome,
    fault: fault('mapping-unanswered', detail === undefined ? code : `${code} ${detail}`),
  };
}
