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
export const BLOCK_BYTES: Record<ModuleAlgorithm, number> = { tdes: 8, sm4: 16 };

const SELECT_MASTER_FILE = fromHex('00A40000023F00');
const SELECT_APPLICATION = fromHex('00A4000002DF01');
const FOLLOW_LIMIT = 4;

export interface StatusAnswer {
  readonly data: Uint8Array;
  /** Four hex digits. */
  readonly status: string;
}

/** Master file, then serial from 0015 and terminal number from 0016. */
export async function readIdentity(transmit: Transmit): Promise<Result<SecurityModuleIdentity, Fault>> {
  const master = await expectOk(transmit, SELECT_MASTER_FILE);
  // Some cards refuse the number and take the name only.
  if (!master.ok) {
    const named = await expectOk(transmit, selectEnvironment('tdes'));
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

/** Chooses the environment of the algorithm and application DF01 in it; a purchase that was begun is lost. */
export async function openApplication(
  transmit: Transmit,
  algorithm: ModuleAlgorithm,
): Promise<Result<void, Fault>> {
  const environment = await exchange(transmit, selectEnvironment(algorithm));
  if (!environment.ok) return environment;
  const { status } = environment.value;
  if (status !== '9000') return missing(`no environment ${algorithm} (${status})`);
  const application = await expectOk(transmit, SELECT_APPLICATION);
  return application.ok ? ok(undefined) : application;
}

/** Data of a command that has to end in 9000. */
async function expectOk(transmit: Transmit, command: Uint8Array): Promise<Result<Uint8Array, Fault>> {
  const answer = await exchange(transmit, command);
  if (!answer.ok) return answer;
  const { data, status } = answer.value;
  return status === '9000' ? ok(data) : missing(refusal(command, status));
}

/** One command with its 61xx and 6Cxx followed. */
export async function exchange(
  transmit: Transmit,
  command: Uint8Array,
): Promise<Result<StatusAnswer, Fault>> {
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

/**
 * Header (four bytes), length and data of a command without Le. Data may be a PIN: no copy of it is made but
 * the one in the command, which its sender wipes.
 */
export function commandOf(header: string, ...data: readonly Uint8Array[]): Uint8Array {
  const length = data.reduce((sum, part) => sum + part.length, 0);
  const command = new Uint8Array(5 + length);
  command.set(fromHex(header));
  command[4] = length;
  let at = 5;
  for (const part of data) {
    command.set(part, at);
    at += part.length;
  }
  return command;
}

/** `BFDE670A answered 6A88`: the header only, data may be secret. */
export function refusal(command: Uint8Array, status: string): string {
  return `${toHex(command.slice(0, 4))} answered ${status}`;
}

/** Bytes filled right with 00, or cut, to `size`. */
export function filled(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(bytes.slice(0, size));
  return out;
}

export function missing(detail: string): { readonly ok: false; readonly error: Fault } {
  return err(fault('security-module-missing', detail));
}

function selectEnvironment(algorithm: ModuleAlgorithm): Uint8Array {
  return commandOf('00A40400', fromHex(ENVIRONMENT[algorithm]));
}

async function readFile(transmit: Transmit, fid: string, length: number): Promise<Result<Uint8Array, Fault>> {
  const selected = await expectOk(transmit, fromHex(`00A4000002${fid}`));
  if (!selected.ok) return selected;
  const read = await expectOk(transmit, concatBytes(fromHex('00B00000'), Uint8Array.of(length)));
  if (!read.ok) return read;
  return read.value.length === length ? read : missing(`file ${fid} of wrong length`);
}
