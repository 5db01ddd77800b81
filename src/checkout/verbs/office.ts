import { dayPicture } from '../office/day-picture.ts';
import { dayOr, lookRows } from '../office/looks.ts';
import { operatorVerbs } from '../office/operator-desk.ts';
import type { OfficeVerbs } from '../office/rows.ts';
import { checkSettings, settingsView } from '../office/settings.ts';
import { verifyState } from '../office/verify.ts';
import type { TillCore } from '../till-core.ts';

/** Verbs of the back office. */
export function officeVerbs(core: TillCore): OfficeVerbs {
  const { parts, operators } = core;
  return {
    ...operatorVerbs(core),
    startVerify() {
      // Who asks looks at the state meanwhile; a till that stops ends the look.
      void core.journal.verifyWhole().catch(() => undefined);
      return verifyState(core);
    },
    verifyState: () => verifyState(core),
    looks: (day) =>
      lookRows(
        parts,
        dayOr(parts, day),
        (number) => operators.byNumber(number)?.name ?? (number === 'program' ? '其他程序' : ''),
      ),
    dayPicture: (day) => dayPicture(parts.store, dayOr(parts, day)),
    settings: () => settingsView(parts),
    checkSettings: () => checkSettings(parts),
  };
}
