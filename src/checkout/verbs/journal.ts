import { err, ok } from '#core/result';
import { StoreError } from '#store/store-error';
import type { Till } from '../facade.ts';
import { verificationView } from '../present/verification.ts';
import type { TillCore } from '../till-core.ts';

/** Verbs about the journal itself. */
export function journalVerbs(core: TillCore): Pick<Till, 'verifyJournal'> {
  return {
    async verifyJournal() {
      try {
        const result = await core.journal.verifyWhole();
        return ok(verificationView(result, core.journal.lastWhole()?.atMs ?? core.parts.clock.nowMs()));
      } catch (error) {
        if (error instanceof StoreError) return err(error.fault);
        throw error;
      }
    },
  };
}
