import { businessDateTime } from '#core/business-time';
import { journalCode, journalCodeText } from '#core/journal-code';
import type { Verification } from '#store/verify/verification';
import type { JournalVerification } from '../facade.ts';

/** What a look at the journal found, as pages and commands see it. */
export function verificationView(result: Verification, atMs: number): JournalVerification {
  const { entries, head, findings, findingCount, signatures, provedUpTo } = result;
  return {
    at: businessDateTime(atMs),
    sound: findingCount === 0,
    entries,
    head: {
      sequence: head.sequence,
      code: head.sequence === 0 ? '' : journalCodeText(journalCode(head.sequence, head.hash)),
    },
    findingCount,
    findings: findings.map(({ kind, sequence, saleNumber, zh, en }) => ({
      kind,
      ...(sequence === undefined ? {} : { sequence }),
      ...(saleNumber === undefined ? {} : { saleNumber }),
      zh,
      en,
    })),
    signedUpTo: signatures.signedUpTo,
    ...(provedUpTo === undefined ? {} : { provedUpTo }),
  };
}
