import type { Clock } from '#core/clock';
import type { StoredMessage } from '#core/domain/message';

/**
 * Judges whether a message can still be on its way. The wall clock alone may jump, so the life also has to
 * pass on the monotonic clock since this process first saw the message unanswered (after a restart: since
 * the restart). When the wall clock stands before the last byte it was set back, and the monotonic clock decides.
 */
export class Ages {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #seenAtMs = new Map<string, number>();

  constructor(clock: Clock, lifeMs: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  /** Milliseconds until the message can no longer be on its way; 0 when that is so already. */
  leftMs(message: StoredMessage): number {
    const now = this.#clock.monotonicMs();
    const seen = this.#seenAtMs.get(message.messageId) ?? now;
    this.#seenAtMs.set(message.messageId, seen);
    const onMonotonic = seen + this.#lifeMs - now;
    const lastByteAtMs = message.lastByteAtMs ?? message.preparedAtMs;
    const wall = this.#clock.nowMs();
    const onWall = wall < lastByteAtMs ? 0 : lastByteAtMs + this.#lifeMs - wall;
    return Math.max(0, onMonotonic, onWall);
  }

  /** How long ago, by the clock that nobody can set, this process first saw the message unanswered. */
  seenAgoMs(message: StoredMessage): number {
    const now = this.#clock.monotonicMs();
    return now - (this.#seenAtMs.get(message.messageId) ?? now);
  }

  over(message: StoredMessage): boolean {
    return this.leftMs(message) === 0;
  }
}
