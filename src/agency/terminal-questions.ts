import { type Fault, fault } from '#core/fault';
import type { Result } from '#core/result';
import { type MessageExchange, outcomeOf, refused } from './exchange.ts';
import { blacklistInput, blacklistRequest, readBlacklist } from './messages/blacklist.ts';
import {
  certificateInput,
  certificateRequest,
  type Office,
  readCertificate,
} from './messages/certificate.ts';
import { entitlementInput, entitlementRequest, readEntitlements } from './messages/entitlement.ts';
import { readTerminalKey, terminalKeyInput, terminalKeyRequest } from './messages/terminal-key.ts';
import type { AgencyOutcome, AgencyPort, DecodedCertificate, PreparedMessage } from './port.ts';

export interface TerminalQuestionOptions {
  readonly institutionCode: string;
  readonly region: string;
  readonly office: Office;
  readonly nowMs: () => number;
}

/** What the terminal asks besides persons and money: certificates, what is filed for a person, its own keys, the blacklist. */
export function terminalQuestions(
  exchange: MessageExchange,
  options: TerminalQuestionOptions,
): Pick<AgencyPort, 'decodeCertificate' | 'entitlements' | 'terminalKey' | 'blacklist'> {
  const { region } = options;
  return {
    async decodeCertificate(qrText, context) {
      const input = certificateRequest(qrText, { ...options, operator: context.operator });
      const message = exchange.prepare('1162', certificateInput, input, context, region);
      return withoutQr(await ask(exchange, message, readCertificate), qrText);
    },
    entitlements(query, context) {
      const input = entitlementRequest(query);
      const message = exchange.prepare('5301', entitlementInput, input, context, query.insuredRegion);
      return ask(exchange, message, readEntitlements);
    },
    terminalKey(request, context) {
      const input = terminalKeyRequest(request);
      return ask(exchange, exchange.prepare('G001', terminalKeyInput, input, context, region), (output) =>
        readTerminalKey(output, request),
      );
    },
    blacklist(version, context) {
      const input = blacklistRequest(version);
      return ask(exchange, exchange.prepare('G002', blacklistInput, input, context, region), (output) =>
        readBlacklist(output, version, options.nowMs()),
      );
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

/**
 * A code is decoded once: without an answer nobody can say whether it still is good, so a fresh one is asked
 * for. Neither the code nor the answer with the person's data goes further than this.
 */
function withoutQr(
  outcome: AgencyOutcome<DecodedCertificate>,
  qrText: string,
): AgencyOutcome<DecodedCertificate> {
  if (outcome.kind === 'success') return { ...outcome, answer: '' };
  if (outcome.kind === 'unknown') {
    return { ...outcome, fault: fault('agency-certificate-unanswered', outcome.fault.code), answer: '' };
  }
  const agencyText = qrText === '' ? outcome.agencyText : outcome.agencyText.replaceAll(qrText, '***');
  return { ...outcome, agencyText, answer: '' };
}
