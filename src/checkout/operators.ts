import { businessDay } from '#core/business-time';
import type { OperatorRecord } from '#core/domain/operator-record';
import { hasRight, type OperatorRole } from '#core/domain/rights';
import type { Operator } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { noted } from '#store/records/noted';
import type { OperatorCredential } from './facade.ts';
import { breakGlass, type SecondStep } from './office/glass.ts';
import type { CheckoutParts } from './parts.ts';
import { nobodysHash, pinFits } from './passwords.ts';

export { hashPin } from './passwords.ts';

const FREE_TRIES = 3;
const WAIT_MAX_MS = 60_000;
/** Afterwards only the password counts. */
const QUICK_TRIES = 5;

/** An operator as known now: of the records, else of the configuration. */
export type KnownOperator = OperatorRecord & { readonly from: 'configuration' | 'records' };

/** The operators of the shop. Wrong PINs are slowed: after three, each further one doubles the wait. */
export class Operators {
  readonly #parts: Pick<CheckoutParts, 'config' | 'clock' | 'store'>;
  readonly #failures = new Map<string, { count: number; lastMs: number }>();
  #known: readonly KnownOperator[] | undefined;

  constructor(parts: Pick<CheckoutParts, 'config' | 'clock' | 'store'>) {
    this.#parts = parts;
  }

  /** Also those who may not sign in any more. */
  all(): readonly KnownOperator[] {
    this.#known ??= this.#read();
    return this.#known;
  }

  /** Who may sign in now. */
  list(): readonly { readonly number: string; readonly name: string; readonly role: OperatorRole }[] {
    return this.all()
      .filter((operator) => this.#maySignIn(operator))
      .map(({ number, name, role }) => ({ number, name, role }));
  }

  /** Also one who may not sign in any more: what a past shift left is still in that name. */
  byNumber(number: string): Operator | undefined {
    const found = this.all().find((operator) => operator.number === number);
    return found === undefined ? undefined : { number: found.number, name: found.name, role: found.role };
  }

  /**
   * `operator-unknown` for a wrong number or password alike, `operator-wait` while slowed down. With `quick` the quick
   * PIN does as well: for an operator who has shown the password to this program before.
   */
  async prove(
    { number, pin }: OperatorCredential,
    options: { readonly quick?: boolean } = {},
  ): Promise<Result<Operator, Fault>> {
    const waitMs = this.#waitMs(number);
    if (waitMs > 0) return err(fault('operator-wait', `${Math.ceil(waitMs / 1000)} s`));
    const found = this.all().find((operator) => operator.number === number);
    const may = found !== undefined && this.#maySignIn(found) ? found : undefined;
    const before = this.#failures.get(number)?.count ?? 0;
    const quickHash = options.quick === true && before < QUICK_TRIES ? may?.quickHash : undefined;
    const fits =
      (await pinFits(pin, may?.passwordHash ?? nobodysHash)) ||
      (quickHash !== undefined && (await pinFits(pin, quickHash)));
    if (may === undefined || !fits) {
      this.#failures.set(number, { count: before + 1, lastMs: this.#parts.clock.monotonicMs() });
      return err(fault('operator-unknown'));
    }
    this.#failures.delete(number);
    return ok({ number: may.number, name: may.name, role: may.role });
  }

  /** Proves that a second person is there, as far as nothing is done yet: nothing is reported (A8). */
  async checkSecond(
    credential: OperatorCredential,
    first: string,
    step?: SecondStep,
  ): Promise<Result<Operator, Fault>> {
    const alone = this.isAlone(first) || (step?.what === 'operator-added' && this.all().length === 1);
    if (credential.number === first && !alone) return err(fault('operator-second-needed'));
    const proved = await this.prove(credential);
    if (!proved.ok) return proved;
    return hasRight(proved.value.role, 'second') ? proved : err(fault('right-missing'));
  }

  /**
   * Proves a second person, who must not be the first one (A8). Where one person runs the clinic alone, that person
   * may break the glass: the step is recorded at once and reported until somebody else has seen it. So does the first
   * manager of a new shop, who adds the second operator: there is nobody else yet.
   */
  async proveSecond(
    credential: OperatorCredential,
    first: string,
    step: SecondStep,
  ): Promise<Result<Operator, Fault>> {
    const proved = await this.checkSecond(credential, first, step);
    if (proved.ok && credential.number === first) breakGlass(this.#parts, first, step);
    return proved;
  }

  /** One person runs the clinic: nobody else could be the second. */
  isAlone(number: string): boolean {
    if (!this.#parts.config.shop.single_handed) return false;
    const able = this.list().filter(({ role }) => hasRight(role, 'second'));
    return able.length === 1 && able[0]?.number === number;
  }

  /** Writes a new or changed operator down, with its event. */
  keep(
    row: OperatorRecord,
    by: { readonly operator: string; readonly facts: Readonly<Record<string, string>> },
  ): void {
    const { store, clock } = this.#parts;
    const event = noted({ kind: 'operator-changed', nowMs: clock.nowMs(), ...by });
    store.commit({ ...event, operator: row });
    this.#known = undefined;
    this.#failures.delete(row.number);
  }

  #read(): readonly KnownOperator[] {
    const { store, config } = this.#parts;
    const kept = store.people.operators().map((row) => ({ ...row, from: 'records' as const }));
    const numbers = new Set(kept.map(({ number }) => number));
    const configured = config.operators
      .filter(({ number }) => !numbers.has(number))
      .map(({ number, name, role, pin_hash }) => ({
        number,
        name,
        role,
        state: 'active' as const,
        passwordHash: pin_hash,
        changedAtMs: 0,
        changedBy: '',
        from: 'configuration' as const,
      }));
    return [...configured, ...kept].sort((a, b) => (a.number < b.number ? -1 : 1));
  }

  #maySignIn({ state, untilDay }: OperatorRecord): boolean {
    if (state !== 'active') return false;
    return untilDay === undefined || businessDay(this.#parts.clock.nowMs()) <= untilDay;
  }

  #waitMs(number: string): number {
    const failure = this.#failures.get(number);
    if (failure === undefined || failure.count < FREE_TRIES) return 0;
    const wholeMs = Math.min(WAIT_MAX_MS, 1000 * 2 ** (failure.count - FREE_TRIES));
    return Math.max(0, failure.lastMs + wholeMs - this.#parts.clock.monotonicMs());
  }
}
