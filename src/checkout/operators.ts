import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#core/clock';
import type { Config } from '#core/config/schema';
import type { Operator } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { OperatorCredential } from './facade.ts';

const KEY_BYTES = 32;
const FREE_TRIES = 3;
const WAIT_MAX_MS = 60_000;

/** `scrypt$salt$hash` of an operator's PIN, for `pin_hash` in the configuration. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(pin, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

async function pinFits(pin: string, hash: string): Promise<boolean> {
  const [, salt = '', expected = ''] = hash.split('$');
  const wanted = Buffer.from(expected, 'base64url');
  const key = await derive(pin, Buffer.from(salt, 'base64url'));
  return wanted.length === key.length && timingSafeEqual(wanted, key);
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, KEY_BYTES, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** The operators of the shop. Wrong PINs are slowed: after three, each further one doubles the wait. */
export class Operators {
  readonly #known: Config['operators'];
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; lastMs: number }>();

  constructor(known: Config['operators'], clock: Clock) {
    this.#known = known;
    this.#clock = clock;
  }

  list(): readonly { readonly number: string; readonly name: string }[] {
    return this.#known.map(({ number, name }) => ({ number, name }));
  }

  byNumber(number: string): Operator | undefined {
    const found = this.#known.find((operator) => operator.number === number);
    return found === undefined ? undefined : { number: found.number, name: found.name, role: found.role };
  }

  /** `operator-unknown` for a wrong number or PIN alike, `operator-wait` while slowed down. */
  async prove({ number, pin }: OperatorCredential): Promise<Result<Operator, Fault>> {
    const waitMs = this.#waitMs(number);
    if (waitMs > 0) return err(fault('operator-wait', `${Math.ceil(waitMs / 1000)} s`));
    const found = this.#known.find((operator) => operator.number === number);
    // An unknown number costs the same time as a wrong PIN.
    const fits = await pinFits(pin, found?.pin_hash ?? `scrypt$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`);
    if (found === undefined || !fits) {
      const before = this.#failures.get(number)?.count ?? 0;
      this.#failures.set(number, { count: before + 1, lastMs: this.#clock.monotonicMs() });
      return err(fault('operator-unknown'));
    }
    this.#failures.delete(number);
    return ok({ number: found.number, name: found.name, role: found.role });
  }

  /** Proves a second person, who must not be the first one (A8). */
  async proveSecond(credential: OperatorCredential, first: string): Promise<Result<Operator, Fault>> {
    if (credential.number === first) return err(fault('operator-second-needed'));
    return this.prove(credential);
  }

  #waitMs(number: string): number {
    const failure = this.#failures.get(number);
    if (failure === undefined || failure.count < FREE_TRIES) return 0;
    const wholeMs = Math.min(WAIT_MAX_MS, 1000 * 2 ** (failure.count - FREE_TRIES));
    return Math.max(0, failure.lastMs + wholeMs - this.#clock.monotonicMs());
  }
}
