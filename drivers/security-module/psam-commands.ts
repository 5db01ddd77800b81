import { assert } from '#core/assert';
import type { CardProofRequest } from '#core/domain/card-proof';
import type { CardAlgorithm } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import type { SecurityModuleIdentity } from './port.ts';

/** Sends one command; 61xx and 6Cxx still to be followed. */
export type Transmit = (command: Uint8Array) => Promise<Result<Uint8Array, Fault>>;

/** Algorithms with a public definition; SSF33 is left out. */
export type ModuleAlgorithm = Exclude<CardAlgorithm, 'ssf33'>;

/** Environment of the module per algorithm, "sx1" or "sx3" + ".sh.社会保障" (card reference 1.1). */
const ENVIRONMENT: Record<ModuleAlgorithm, string> = {
  tdes: '7378312E73682EC9E7BBE1B1A3D5CF',
  sm4: '7378332E73682EC9E7BBE1B1A3D5CF',
};
const BLOCK_BYTES: Record<ModuleAlgorithm, number> = { tdes: 8, sm4: 16 };

/** Key of the module: usage (levels and kind) and id, card reference 4.5. */
export const moduleKeys = {
  /** Internal authentication (内部认证), three levels. */
  irk: '6708',
  /** Reading the holder file (RKSSSE), three levels. */
  rkSsse: '670A',
} as const;

const SELECT_MASTER_FILE = '00A40000023F00';
const SELECT_APPLICATION = '00A4000002DF01';
const FOLLOW_LIMIT = 4;

interface StatusAnswer {
  readonly data: Uint8Array;
  /** Four hex digits. */
  readonly status: string;
}

/** Master file, then serial from 0015 and terminal number from 0016. */
export async function readIdentity(transmit: Transmit): Promise<Result<SecurityModuleIdentity, Fault>> {
  const master = await expectOk(transmit, SELECT_MASTER_FILE);
  // Some cards refuse the number and take the name only.
  if (!master.ok) {
    const named = await selectEnvironment(transmit, 'tdes');
    if (!named.ok) return named;
  }
  const publicFile = await readFile(transmit, '0015', 15);
  if (!publicFile.ok) return publicFile;
  const terminalFile = await readFile(transmit, '0016', 6);
  if (!terminalFile.ok) return terminalFile;
  const serial = toHex(publicFile.value.slice(1, 11));
  const terminalNumber = toHex(terminalFile.value);
  if (!/^\d{20}$/.test(serial) || !/^\d{12}$/.test(terminalNumber)) return missing('files not BCD');
  return ok({ serial, terminalNumber });
}

/** Chooses the environment of the algorithm and application DF01 in it. */
export async function openApplication(
  transmit: Transmit,
  algorithm: ModuleAlgorithm,
): Promise<Result<void, Fault>> {
  const environment = await selectEnvironment(transmit, algorithm);
  if (!environment.ok) return environment;
  const application = await expectOk(transmit, SELECT_APPLICATION);
  return application.ok ? ok(undefined) : application;
}

/**
 * Authentication data of eight bytes, hex: session key of `key` for this card and factor (BF DE), then one
 * cipher over the raw information (80 FA). A 16-byte block is folded here, as the card folds it.
 */
export async function authenticationData(
  transmit: Transmit,
  algorithm: ModuleAlgorithm,
  key: string,
  request: Pick<CardProofRequest, 'region' | 'historicalBytes'>,
  factor: string,
  raw: string,
): Promise<Result<string, Fault>> {
  const size = BLOCK_BYTES[algorithm];
  const data = concatBytes(diversificationFactors(request), filled(fromHex(factor), size));
  const session = await expectOk(transmit, `BFDE${key}${lengthAndData(data)}`);
  if (!session.ok) return session;
  const cipher = await expectOk(transmit, `80FA0000${lengthAndData(filled(fromHex(raw), size))}`);
  if (!cipher.ok) return cipher;
  const folded = fold(cipher.value);
  return folded === undefined ? missing('answer of wrong length') : ok(toHex(folded));
}

/** Card, city, province: the order in which the module takes them (card reference 4.3, 4.5). */
function diversificationFactors({
  region,
  historicalBytes,
}: Pick<CardProofRequest, 'region' | 'historicalBytes'>): Uint8Array {
  const card = fromHex(historicalBytes).slice(-8);
  assert(/^\d{6}$/.test(region) && card.length === 8, 'a card read before has a region and historical bytes');
  const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'ascii'));
  return concatBytes(card, ascii(`${region}sx`), ascii(`${region.slice(0, 2)}0000sh`));
}

async function selectEnvironment(
  transmit: Transmit,
  algorithm: ModuleAlgorithm,
): Promise<Result<Uint8Array, Fault>> {
  return expectOk(transmit, `00A40400${lengthAndData(fromHex(ENVIRONMENT[algorithm]))}`);
}

async function readFile(transmit: Transmit, fid: string, length: number): Promise<Result<Uint8Array, Fault>> {
  const selected = await expectOk(transmit, `00A4000002${fid}`);
  if (!selected.ok) return selected;
  const le = length.toString(16).padStart(2, '0');
  const read = await expectOk(transmit, `00B00000${le}`);
  if (!read.ok) return read;
  return read.value.length === length ? read : missing(`file ${fid} of wrong length`);
}

async function expectOk(transmit: Transmit, command: string): Promise<Result<Uint8Array, Fault>> {
  const answer = await exchange(transmit, fromHex(command));
  if (!answer.ok) return answer;
  const { data, status } = answer.value;
  return status === '9000' ? ok(data) : missing(`${command.slice(0, 8)} answered ${status}`);
}

/** One command with its 61xx and 6Cxx followed. */
async function exchange(transmit: Transmit, command: Uint8Array): Promise<Result<StatusAnswer, Fault>> {
  let next = command;
  let collected: Uint8Array = new Uint8Array(0);
  for (let step = 0; step < FOLLOW_LIMIT; step += 1) {
    const answer = await transmit(next);
    if (!answer.ok) return answer;
    const status = toHex(answer.value.slice(-2));
    collected = concatBytes(collected, answer.value.slice(0, -2));
    const length = fromHex(status.slice(2));
    if (status.startsWith('61')) next = concatBytes(fromHex('00C00000'), length);
    else if (status.startsWith('6C')) next = concatBytes(next.slice(0, 4), length);
    else return ok({ data: collected, status });
  }
  return missing('the answer never ends');
}

function fold(block: Uint8Array): Uint8Array | undefined {
  if (block.length === 8) return block;
  if (block.length !== 16) return undefined;
  return block.slice(0, 8).map((byte, index) => byte ^ (block[index + 8] ?? 0));
}

function filled(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(bytes.slice(0, size));
  return out;
}

function lengthAndData(data: Uint8Array): string {
  return toHex(Uint8Array.of(data.length)) + toHex(data);
}

function missing(detail: string): { readonly ok: false; readonly error: Fault } {
  return err(fault('security-module-missing', detail));
}
