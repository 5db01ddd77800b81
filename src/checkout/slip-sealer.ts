import { type SlipSeal, slipCodeBytes } from '#core/slip-code';
import { type SlipDocument, slipFacts } from '#receipts/document';
import type { CheckoutParts } from './parts.ts';

/** A token may be unplugged or slow: a slip does not wait for its signature longer than this. */
const SIGN_MS = 1_500;
const KEPT_AT_MOST = 300;

/**
 * Puts the terminal's signature on slips, so that an inspector far from the till can prove what a slip says. Without
 * a key the slip comes out all the same, with the code that only the till's own records prove.
 */
export class SlipSealer {
  readonly #parts: Pick<CheckoutParts, 'keyStore' | 'clock' | 'log'>;
  /** Seals of this run by what they sign: a copy and the picture on screen carry the very code of the original. */
  readonly #kept = new Map<string, SlipSeal>();

  constructor(parts: Pick<CheckoutParts, 'keyStore' | 'clock' | 'log'>) {
    this.#parts = parts;
  }

  /** The document with the seal that was made for it in this run, if one was. */
  known(document: SlipDocument): SlipDocument {
    const seal = this.#kept.get(this.#signedOf(document)?.name ?? '');
    return seal === undefined ? document : { ...document, seal };
  }

  async sealed(document: SlipDocument): Promise<SlipDocument> {
    const signed = this.#signedOf(document);
    if (signed === undefined) return document;
    const kept = this.#kept.get(signed.name);
    if (kept !== undefined) return { ...document, seal: kept };
    const seal = await this.#sign(signed.keyId, signed.bytes);
    if (seal === undefined) return document;
    if (this.#kept.size >= KEPT_AT_MOST) this.#kept.clear();
    this.#kept.set(signed.name, seal);
    return { ...document, seal };
  }

  #signedOf(document: SlipDocument): { keyId: string; bytes: Uint8Array; name: string } | undefined {
    const facts = slipFacts(document);
    const key = this.#parts.keyStore.current();
    if (facts === undefined || key === undefined) return undefined;
    const bytes = slipCodeBytes(facts, key.keyId);
    return { keyId: key.keyId, bytes, name: new TextDecoder().decode(bytes) };
  }

  async #sign(keyId: string, bytes: Uint8Array): Promise<SlipSeal | undefined> {
    const { keyStore, clock, log } = this.#parts;
    let cancel: () => void = () => undefined;
    const late = new Promise<undefined>((resolve) => {
      cancel = clock.after(SIGN_MS, () => resolve(undefined));
    });
    const signed = await Promise.race([keyStore.signWith(keyId, bytes), late]);
    cancel();
    if (signed?.ok === true) return signed.value;
    log.warn({ code: signed?.error.code ?? 'late' }, 'slip without signature');
    return undefined;
  }
}
