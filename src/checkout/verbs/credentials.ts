import { type ActingPerson, actingRelations } from '#core/domain/acting-person';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { cardOf, holderKey } from '../counter.ts';
import type { Till } from '../facade.ts';
import type { Shown } from '../holder-desk.ts';
import { acceptedNumber, comparableNumber } from '../identity-number.ts';
import { noteEvent, reasonGiven } from '../journal.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';

type CredentialVerbs = Pick<
  Till,
  'identifyByNumber' | 'setActingPerson' | 'changeCardPin' | 'unblockCardPin' | 'cancelPinEntry'
>;

/** Verbs about who is at the counter, other than by card, and about the card's PIN. */
export function credentialVerbs(core: TillCore): CredentialVerbs {
  return {
    identifyByNumber: (request) => identifyByNumber(core, request),
    setActingPerson: async (person) => setActingPerson(core, person),
    async changeCardPin(digits) {
      const ready = await heldCard(core);
      if (!ready.ok) return ready;
      const changed = await core.pins.change(digits);
      if (!changed.ok) return changed;
      notePin(core, { action: 'changed' });
      return done(core);
    },
    async unblockCardPin(credential, reason) {
      if (!reasonGiven(reason)) return err(fault('reason-missing'));
      const ready = await heldCard(core);
      if (!ready.ok) return ready;
      const second = await core.operators.proveSecond(credential, core.operator().number, {
        what: 'card-pin-unblocked',
        reason,
      });
      if (!second.ok) return second;
      const module = core.parts.securityModule;
      const state = module?.state();
      if (module === undefined || state?.kind !== 'ready')
        return err(state?.kind === 'missing' ? state.fault : fault('security-module-missing'));
      const unblocked = await core.parts.cardDesk.unblockPin(module);
      if (!unblocked.ok) return unblocked;
      notePin(core, { action: 'unblocked', secondOperator: second.value.number, reason });
      return done(core);
    },
    async cancelPinEntry() {
      await core.pins.cancel();
      return done(core);
    },
  };
}

/** Shows a credential to the till and waits for its holder, or for the reason. */
export async function identifyShown(
  core: TillCore,
  shown: Exclude<Shown, { kind: 'card' }>,
): Promise<Answer> {
  await core.holderDesk.show(shown);
  const snapshot = core.checkout.getSnapshot();
  if (snapshot.matches({ holder: 'identified' })) return done(core);
  return err(snapshot.context.holderFault ?? fault('sale-interrupted'));
}

async function identifyByNumber(
  core: TillCore,
  request: Parameters<Till['identifyByNumber']>[0],
): Promise<Answer> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const { config, training } = core.parts;
  if (!config.credentials.identity_number) return err(fault('identity-number-not-allowed'));
  if (!['selling', 'confirming', 'done', 'unknown'].includes(core.saleState()))
    return err(fault('sale-not-now'));
  const number = comparableNumber(request.identityNumber);
  if (!acceptedNumber(number, training)) return err(fault('identity-number-check'));
  if (!reasonGiven(request.reason)) return err(fault('reason-missing'));
  if (core.saleState() === 'done' || core.saleState() === 'unknown') core.nextSale();
  const { name, reason } = request;
  const answer = await identifyShown(core, { kind: 'number', number, name, reason: reason.trim() });
  if (answer.ok)
    noteEvent(core.parts, {
      kind: 'identified-by-hand',
      operator: core.operator().number,
      facts: { reason: reason.trim(), basis: config.credentials.identity_number_basis },
    });
  return answer;
}

/** Kept with the sale that is on the counter; the next holder has nobody acting. */
function setActingPerson(core: TillCore, person: ActingPerson | undefined): Answer {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const { counter } = core;
  if (!['selling', 'confirming'].includes(core.saleState())) return err(fault('sale-not-now'));
  const { actingPerson: _before, ...alone } = counter.sale;
  if (person === undefined) {
    core.keepSale(alone);
    return done(core);
  }
  if (counter.holder === undefined) return err(fault('holder-none'));
  const checked = actingPerson(person, core.parts.training);
  if (!checked.ok) return checked;
  counter.actsFor = holderKey(counter.holder);
  core.keepSale({ ...alone, actingPerson: checked.value });
  return done(core);
}

function actingPerson(person: ActingPerson, training: boolean): Result<ActingPerson, Fault> {
  const identityNumber = comparableNumber(person.identityNumber);
  if (!acceptedNumber(identityNumber, training)) return err(fault('identity-number-check'));
  const name = person.name.trim();
  if (name === '' || !actingRelations.includes(person.relation)) return err(fault('acting-person-invalid'));
  return ok({ relation: person.relation, name, identityNumber });
}

/** The card at the counter is still the one that was read, and no sale has hold of it. */
async function heldCard(core: TillCore): Promise<Result<void, Fault>> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  if (core.saleState() === 'committing' || core.pins.waiting()) return err(fault('sale-not-now'));
  const card = cardOf(core.counter.holder);
  if (card === undefined) return err(fault('card-none'));
  return core.parts.cardDesk.confirmPresence(card.issuer);
}

function notePin(core: TillCore, facts: Readonly<Record<string, string>>): void {
  noteEvent(core.parts, { kind: 'card-pin-changed', operator: core.operator().number, facts });
}
