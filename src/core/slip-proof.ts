import { type Fault, fault } from './fault.ts';
import { journalCodeText } from './journal-code.ts';
import { formatMoney } from './money.ts';
import { err, ok, type Result } from './result.ts';
import { parseSlipCode, type ReadSlipCode, type SlipFacts, slipSealFits } from './slip-code.ts';
import { sm2KeyId } from './sm2.ts';

/** What an inspector brings: a code, or the text of a slip with its code in it. */
export interface SlipEvidence {
  readonly code: ReadSlipCode;
  /** Amounts and numbers that stand beside the code in words, as far as they are there. */
  readonly printed: {
    readonly saleNumber?: string;
    readonly check?: string;
    readonly total?: string;
    readonly cash?: string;
  };
}

/** Finds code and words in what was typed, scanned or copied from a slip. Fault `slip-code-invalid`: no code in it. */
export function readSlip(text: string): Result<SlipEvidence, Fault> {
  const scanned = /GUITAI[12]\/[^\s\]]+/i.exec(text)?.[0];
  const typed = /校验码\s*(\S+)/.exec(text)?.[1];
  const code = parseSlipCode(scanned ?? typed ?? text);
  if (code === undefined)
    return err(fault('slip-code-invalid', (scanned ?? typed ?? text).trim().slice(0, 60)));
  const amount = (labels: string): string | undefined =>
    new RegExp(`^[\\s|]*(?:${labels})\\s+(-?\\d+\\.\\d{2})\\s*$`, 'm').exec(text)?.[1];
  const saleNumber = /流水号 (\S+)/.exec(text)?.[1];
  const total = amount('费用总额|退费总额');
  const cash = amount('个人现金支付|应退个人现金');
  return ok({
    code,
    printed: {
      ...(saleNumber === undefined ? {} : { saleNumber }),
      ...(typed === undefined ? {} : { check: typed }),
      ...(total === undefined ? {} : { total }),
      ...(cash === undefined ? {} : { cash }),
    },
  });
}

/** Words of the paper that do not say what its QR code says; undefined when all fit. */
export function wordsThatDiffer({ code, printed }: SlipEvidence): Fault | undefined {
  const facts = code.signed?.facts;
  const said: (readonly [string, string | undefined, string | undefined])[] = [
    ['流水号', printed.saleNumber, code.saleNumber],
    ['校验码', printed.check, journalCodeText(code.check)],
    ['总额', printed.total, facts && formatMoney(facts.total)],
    ['现金', printed.cash, facts && formatMoney(facts.cash)],
  ];
  const wrong = said.find(([, words, qr]) => words !== undefined && qr !== undefined && words !== qr);
  return wrong && fault('slip-text-differs', `${wrong[0]} ${wrong[1]} ≠ ${wrong[2]}`);
}

/**
 * Whether one of the public keys signed what the QR code says. Ok: proved by that key. Faults: `slip-altered` (the key
 * named in the code did not sign this), `slip-foreign` (the code names another key), `slip-unproved` (no signature in
 * the code, or no key given).
 */
export function proveSignature(
  code: ReadSlipCode,
  publicKeys: readonly string[],
): Result<{ readonly facts: SlipFacts; readonly publicKey: string }, Fault> {
  const { signed } = code;
  if (signed === undefined) return err(fault('slip-unproved', 'the code carries no signature'));
  if (publicKeys.length === 0) return err(fault('slip-unproved', `key ${signed.seal.keyId}`));
  const publicKey = publicKeys.find((key) => sm2KeyId(key).toUpperCase() === signed.seal.keyId);
  if (publicKey === undefined) {
    const given = publicKeys.map((key) => sm2KeyId(key).toUpperCase()).join(', ');
    return err(fault('slip-foreign', `signed by key ${signed.seal.keyId}, not by ${given}`));
  }
  if (!slipSealFits(signed.facts, signed.seal, publicKey)) return err(fault('slip-altered'));
  return ok({ facts: signed.facts, publicKey });
}

/** Public keys in a file: the list of `guitai key list --json`, an anchor, a day report, or the bare hex digits. */
export function publicKeysIn(text: string): Result<readonly string[], Fault> {
  const keys = [...new Set(text.match(/(?<![0-9A-Fa-f])04[0-9A-Fa-f]{128}(?![0-9A-Fa-f])/g) ?? [])];
  return keys.length === 0 ? err(fault('slip-unproved', 'no public key in what --key names')) : ok(keys);
}
