import type { AgencyOutcome, TerminalKeyRequest } from '#agency/port';
import { businessDateTime } from '#core/business-time';
import { terminalKeyText } from '#core/domain/terminal-key';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { KeyState, TerminalKey } from '#drivers/key-store/port';
import type { TerminalKeyRow, Till } from '../facade.ts';
import { noteEvent, reasonGiven } from '../journal.ts';
import { withWords } from '../proof-source.ts';
import type { TillCore } from '../till-core.ts';

type KeyVerbs = Pick<Till, 'terminalKeys' | 'enrolKey' | 'rotateKey' | 'revokeKey'>;
type Answer = Promise<Result<TerminalKeyRow, Fault>>;

/** Verbs about the key by which this terminal signs (终端密钥). */
export function keyVerbs(core: TillCore): KeyVerbs {
  return {
    terminalKeys: () => core.parts.keyStore.keys().map(rowOf),
    enrolKey: (enrolmentCode) => enrol(core, enrolmentCode),
    rotateKey: () => rotate(core),
    revokeKey: (second, reason) => revoke(core, second, reason),
  };
}

async function enrol(core: TillCore, enrolmentCode: string): Answer {
  const { keyStore } = core.parts;
  if (newest(core, 'enrolled') !== undefined) return err(fault('terminal-key-enrolled'));
  const waiting = newest(core, 'new');
  const key = waiting === undefined ? await keyStore.make() : ok(waiting);
  if (!key.ok) return key;
  const { keyId, publicKey } = key.value;
  const told = await tell(core, { action: 'enrol', keyId, publicKey, enrolmentCode });
  return told.ok ? mark(core, keyId, 'enrolled', { action: 'enrol' }) : told;
}

/** An unanswered rotation is asked again with the same new key: the agency may have taken it already. */
async function rotate(core: TillCore): Answer {
  const { keyStore } = core.parts;
  const old = newest(core, 'enrolled');
  if (old === undefined) return err(fault('key-none', 'enrolled'));
  const waiting = newest(core, 'new');
  const key = waiting === undefined ? await keyStore.make() : ok(waiting);
  if (!key.ok) return key;
  const { keyId, publicKey } = key.value;
  const request = { action: 'rotate', keyId, publicKey, oldKeyId: old.keyId } as const;
  const signed = await keyStore.signWith(old.keyId, textBytes(request));
  if (!signed.ok) return signed;
  const told = await tell(core, { ...request, signature: signed.value.signature });
  return told.ok ? mark(core, keyId, 'enrolled', { action: 'rotate', oldKeyId: old.keyId }) : told;
}

/** Revoked here first whatever the agency answers: a key that others may know signs nothing any more. */
async function revoke(core: TillCore, ...[credential, reason]: Parameters<Till['revokeKey']>): Answer {
  if (!reasonGiven(reason)) return err(fault('reason-missing'));
  const second = await core.operators.proveSecond(credential, core.operator().number, {
    what: 'key-revoked',
    reason,
  });
  if (!second.ok) return second;
  const { keyStore } = core.parts;
  const key = keyStore.current();
  if (key === undefined) return err(fault('key-none'));
  const { keyId, publicKey } = key;
  const request = { action: 'revoke', keyId, publicKey, oldKeyId: keyId } as const;
  const signed = await keyStore.signWith(keyId, textBytes(request));
  if (!signed.ok) return signed;
  const facts = { action: 'revoke', secondOperator: second.value.number, reason };
  const marked = await mark(core, keyId, 'revoked', facts);
  if (!marked.ok || key.state === 'new') return marked;
  const told = await tell(core, { ...request, signature: signed.value.signature });
  return told.ok ? marked : told;
}

async function tell(core: TillCore, request: TerminalKeyRequest): Promise<Result<void, Fault>> {
  const { link, parts } = core;
  if (!link.usable()) return err(fault('agency-unreachable'));
  const outcome: AgencyOutcome<void> = await link.ask((context) =>
    parts.agency.terminalKey(request, context),
  );
  if (outcome.kind === 'success') return ok(undefined);
  return err(outcome.kind === 'refused' ? withWords(outcome.fault, outcome.agencyText) : outcome.fault);
}

async function mark(
  core: TillCore,
  keyId: string,
  state: Exclude<KeyState, 'new'>,
  facts: Readonly<Record<string, string>>,
): Answer {
  const { keyStore } = core.parts;
  const marked = await keyStore.mark(keyId, state);
  if (!marked.ok) return marked;
  const operator = core.operator().number;
  noteEvent(core.parts, { kind: 'terminal-key', operator, facts: { ...facts, keyId } });
  core.changed();
  const key = keyStore.keys().find((one) => one.keyId === keyId);
  if (key === undefined) throw new Error('a key that was marked is in the store');
  return ok(rowOf(key));
}

function newest(core: TillCore, state: KeyState): TerminalKey | undefined {
  const keys = core.parts.keyStore.keys().filter((key) => key.state === state);
  return keys.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
}

function textBytes(request: Parameters<typeof terminalKeyText>[0]): Uint8Array {
  return new TextEncoder().encode(terminalKeyText(request));
}

function rowOf({ keyId, publicKey, state, createdAtMs }: TerminalKey): TerminalKeyRow {
  return { keyId, publicKey, state, createdAt: businessDateTime(createdAtMs) };
}
