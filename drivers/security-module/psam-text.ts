import { randomBytes } from 'node:crypto';
import type { Fault } from '#core/fault';
import { toHex } from '#core/hex';
import { ok, type Result } from '#core/result';
import type { ModuleSignature } from './port.ts';
import type { ModuleAlgorithm, Transmit } from './psam-commands.ts';
import { chainedMac } from './psam-keys.ts';

const FACTOR_BYTES = 8;
const MAC_BYTES = 4;

/**
 * MAC of the module's own key over a text in UTF-8, under the session key of a random factor that is drawn
 * here; left four bytes of the last block, whatever its size.
 */
export async function macOfText(
  transmit: Transmit,
  algorithm: ModuleAlgorithm,
  text: string,
): Promise<Result<ModuleSignature, Fault>> {
  const factor = Uint8Array.from(randomBytes(FACTOR_BYTES));
  const message = Uint8Array.from(Buffer.from(text, 'utf8'));
  const last = await chainedMac(transmit, { algorithm, key: 'terminal MAC', factor }, message);
  return last.ok ? ok({ mac: toHex(last.value.slice(0, MAC_BYTES)), factor: toHex(factor) }) : last;
}
