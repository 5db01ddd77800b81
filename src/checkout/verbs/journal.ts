import { businessDateTime } from '#core/business-time';
import { journalCode, journalCodeText } from '#core/journal-code';
import { err, ok } from '#core/result';
import { StoreError } from '#store/store-error';
import type { Verification } from '#store/verify/verification';
import type { JournalVerification, Till } from '../facade.ts';
import type { TillCore } from '../till-core.ts';

/** Verbs about the journal itself. */
export function journalVerbs(core: TillCore): Pick<Till, 'verifyJournal'> {
  return {
    async verifyJournal() {
      try {
        const result = await core.journal.verifyWhole();
        return ok(viewOf(result, core.journal.lastWhole()?.atMs ?? core.parts.clock.nowMs()));
      } catch (error) {
        if (error instanceof StoreError) return err(error.fault);
        throw error;
      }
    },
  };
}

function viewOf(result: Verification, atMs: number): JournalVerification {
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
