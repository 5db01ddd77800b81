import { businessDateTime } from '#core/business-time';
import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { Till } from '../facade.ts';
import { owedBy } from '../owed.ts';
import type { TillCore } from '../till-core.ts';

/** Verbs that keep what is owed and what is sold from being lost. */
export function guardVerbs(core: TillCore): Pick<Till, 'owed' | 'backUp'> {
  const { store, backups } = core.parts;
  return {
    owed: () => owedBy(store),
    async backUp(wish) {
      if (backups === undefined) return err(fault('backup-no-folder'));
      const taken = await backups.take(wish);
      core.changed();
      if (!taken.ok) return taken;
      const { file, atMs, bytes, sequence } = taken.value;
      return ok({ file, at: businessDateTime(atMs), bytes, sequence });
    },
  };
}
