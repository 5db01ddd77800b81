import { hash } from 'node:crypto';
import { Recent } from '#core/recent';
import type { TransactionNumber } from './port.ts';
import { BOOKS_MONEY } from './refusals.ts';
import { parseEnvelopeTime } from './respond-time.ts';

const ANSWERS_KEPT = 64;

/**
 * Tells an answer to a money message that came before, to the byte, with the agency's own times in it: the agency writes
 * no two of them, so a proxy on the way has handed the earlier one out again. `AnswerTimes` cannot tell where both
 * messages left within half a second.
 */
export class AnswersSeen {
  readonly #digests = new Recent<true>(ANSWERS_KEPT);

  /** Whether this very answer was met before; from now on it was. */
  isRepeated(
    transaction: TransactionNumber,
    times: { readonly receivedTime: string; readonly respondedTime: string },
    body: Uint8Array,
  ): boolean {
    const isDated = [times.receivedTime, times.respondedTime].some(
      (time) => parseEnvelopeTime(time) !== undefined,
    );
    if (!isDated || !BOOKS_MONEY.has(transaction)) return false;
    const digest = hash('sha256', body, 'base64');
    const isKnown = this.#digests.get(digest) === true;
    this.#digests.set(digest, true);
    return isKnown;
  }
}
