import type { MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import { hasRight } from '#core/domain/rights';
import type { Operator } from '#core/domain/sale';
import { fault } from '#core/fault';
import type { CloseOutcome, SignInOutcome } from '#machines/shift/machine';
import { isTorn } from '#sync/plan';
import type { Sync } from '#sync/sync';
import type { JournalDesk } from './journal-desk.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

const OPERATOR = 'shift.operator';
const SIGN_IN = 'shift.sign-in-number';
const OPEN = 'shift.open';

/** Sales whose money is not cleared up: the day cannot be closed over them. */
const UNCLEAR = ['committing', 'unknown', 'suspense', 'disputed', 'queued', 'rejected'] as const;

/** What of a shift must survive a restart, and the effects of signing in and out. */
export class ShiftDesk {
  readonly #parts: CheckoutParts;
  readonly #operator: (number: string) => Operator | undefined;

  readonly #journalDesk: JournalDesk;

  constructor(
    parts: CheckoutParts,
    operator: (number: string) => Operator | undefined,
    journalDesk: JournalDesk,
  ) {
    this.#parts = parts;
    this.#journalDesk = journalDesk;
    this.#operator = operator;
  }

  /** Operator of the shift that was open when the program last ended. */
  openOperator(): string | undefined {
    const { store } = this.#parts;
    return store.setting(OPEN) === 'yes' ? store.setting(OPERATOR) : undefined;
  }

  /** Who signs messages: the operator of the shift, or the last one while queued sales are uploaded. */
  context(): MessageContext | undefined {
    const { store } = this.#parts;
    const number = store.setting(OPERATOR);
    const operator = number === undefined ? undefined : this.#operator(number);
    if (operator === undefined) return undefined;
    return { operator, signInNumber: store.setting(SIGN_IN) ?? '' };
  }

  signedIn(signInNumber: string): void {
    this.#parts.store.setSetting(SIGN_IN, signInNumber);
  }

  async signIn(number: string, link: AgencyLink): Promise<SignInOutcome> {
    const { store, agency } = this.#parts;
    const operator = this.#operator(number);
    if (operator === undefined) return { kind: 'refused', fault: fault('operator-unknown') };
    if (!hasRight(operator.role, 'sell')) return { kind: 'refused', fault: fault('right-missing') };
    const outcome = link.usable()
      ? link.report(await agency.signIn({ operator, signInNumber: '' }))
      : undefined;
    if (outcome?.kind === 'refused' && outcome.fault.code !== 'agency-unreachable')
      return { kind: 'refused', fault: { ...outcome.fault, detail: outcome.agencyText } };
    store.setSetting(OPERATOR, number);
    store.setSetting(OPEN, 'yes');
    this.#journal('shift-opened', number);
    if (outcome?.kind === 'success') {
      this.signedIn(outcome.value.signInNumber);
      return { kind: 'signed-in' };
    }
    return { kind: 'signed-in-offline', fault: outcome?.fault ?? fault('agency-unreachable') };
  }

  /** Four-way balance: rows, ledger, journal and the agency's detail agree before 9002 is sent. */
  async close(number: string, link: AgencyLink, sync: Sync): Promise<CloseOutcome> {
    const { store, agency, clock } = this.#parts;
    // A purchase that only its card can tell about waits for that card, whatever the day.
    const unclear = store.salesInState(UNCLEAR).filter((sale) => !isTorn(sale));
    if (unclear.length > 0)
      return { kind: 'refused', fault: fault('shift-not-balanced', `${unclear.length} sales`) };
    const { findings } = await this.#journalDesk.verifyTail();
    if (findings.length > 0) return { kind: 'refused', fault: fault('journal-broken', findings[0]?.en) };
    let sum = 0n;
    for (const amount of store.balances().values()) sum += amount;
    if (sum !== 0n) return { kind: 'refused', fault: fault('shift-not-balanced', 'ledger') };
    const reconciled = await sync.reconcile(businessDay(clock.nowMs()));
    if (!reconciled.ok) return { kind: 'refused', fault: reconciled.error };
    if (reconciled.value.differences > 0)
      return { kind: 'refused', fault: fault('shift-not-balanced', `${reconciled.value.differences} rows`) };
    const context = this.context();
    if (context !== undefined) {
      const outcome = link.report(await agency.signOut(context));
      if (outcome.kind !== 'success') return { kind: 'refused', fault: outcome.fault };
    }
    store.setSetting(OPEN, 'no');
    this.signedIn('');
    this.#journal('shift-closed', number);
    await this.#journalDesk.closeShift();
    return { kind: 'closed' };
  }

  #journal(kind: 'shift-opened' | 'shift-closed', operator: string): void {
    const { store, clock } = this.#parts;
    store.commit({ events: [{ kind, atMs: clock.nowMs(), operator, facts: {} }] });
  }
}
