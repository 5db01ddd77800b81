import type { OperatorCredential, Till } from '#checkout/facade';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { Attempts } from './attempts.ts';
import type { Caller } from './route.ts';

/**
 * The second person's password is proved first, in the slowed lane, so that no verb can be used to guess it. Whoever
 * is signed in on the calling page is the first person, whoever opened the shift: one person who walks up to another
 * one's page, or signs in beside an open shift, is never both.
 */
export async function withSecond<T>(
  till: Till,
  attempts: Attempts,
  second: OperatorCredential,
  { caller, connection }: { readonly caller: Caller; readonly connection: object },
  act: () => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  const first = caller.kind === 'page' ? caller.session.operator.number : '';
  const proved = await attempts.run(second.number, connection, () => till.checkSecond(second, first));
  return proved.ok ? act() : proved;
}
