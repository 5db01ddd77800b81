import type { SignedHead } from '#core/domain/journal-head';
import type { Change } from '../port.ts';
import { byItself } from './step.ts';

/** The head of the journal under the terminal's key, or why it could not be signed. Moves no money. */
export function journalSigned(head: SignedHead, nowMs: number): Change {
  return { events: [{ kind: 'journal-signed', atMs: nowMs, operator: byItself, facts: { ...head } }] };
}
