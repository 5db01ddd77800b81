import type { OperatorCredential, Till } from '#checkout/facade';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { Attempts } from './attempts.ts';

/** The second person's PIN is proved first, in the slowed lane, so that no verb can be used to guess it. */
export async function withSecond<T>(
  till: Till,
  attempts: Attempts,
  second: OperatorCredential,
  connection: object,
  act: () => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  const proved = await attempts.run(second.number, connection, () => till.checkOperator(second));
  return proved.ok ? act() : proved;
}
