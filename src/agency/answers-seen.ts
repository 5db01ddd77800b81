import { hash } from 'node:crypto';
import type { TransactionNumber } from './port.ts';
import { parseEnvelopeTime } from './respond-time.ts';

const ANSWERS_KEPT = 64;
const moneyMessages: readonly TransactionNumber[] = ['2102', '2103', '2601'];

/**
 * Tells an answer to a money message that came before, to the byte, with the agency's own times in it: the agency writes
 * no two of them, so a proxy on the way has handed the earlier one out again. `AnswerTimes` cannot tell where both
 * messages left within half a second.
 */
export class AnswersSeen {
  readonly #digests = new Set<string>();

  /** Whether this very answer was met before; from now on it was. */
  isRepeated(
    transaction: TransactionNumber,
    times: { readonly receivedTime: string; readonly respondedTime: string },
    body: Uint8Array,
  ): boolean {
    const isDated = [times.receivedTime, times.respondedTime].some(
      (time) => parseEnvelopeTime(time) !== undefined,
    );
    if (!isDated || !moneyMessages.includes(transaction)) return false;
    const digest = hash('sha256', body, 'base64');
    if (this.#digests.has(digest)) return true;
    this.#digests.add(digest);
    const [oldest] = this.#digests;
    if (this.#digests.size > ANSWERS_KEPT && oldest !== undefined) this.#digests.delete(oldest);
    return false;
  }
}
