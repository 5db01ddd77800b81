import type { CardMedicalData } from '#core/domain/card-medical';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { keyNumber, statusText, statusWord } from './application/apdu.ts';
import { isUnwritten } from './application/items.ts';
import { decodeMedical, medicalFile } from './application/medical.ts';
import { lockedFault } from './application/pin.ts';
import {
  advanceFileReading,
  type FileStep,
  laterCommands,
  type RecordFile,
  startFileReading,
} from './application/read-file.ts';
import {
  advanceTransparent,
  photoFile,
  startTransparent,
  type TransparentFile,
  type TransparentStep,
} from './application/transparent.ts';
import { ask, askAll } from './card-talk.ts';
import type { HeldCard } from './held-card.ts';
import type { CardConnection, CardKeyHolder } from './port.ts';

type FileEnd = Exclude<FileStep, { readonly kind: 'transmit' }>;

/** A file of records in the selected application, in as few messages as the card allows. */
export async function readRecordFile(
  connection: CardConnection,
  file: RecordFile,
): Promise<Result<FileEnd, Fault>> {
  let step = startFileReading(file);
  while (step.kind === 'transmit') {
    let expected = [step.command, ...laterCommands(step.reading)];
    const answers = await askAll(connection, expected);
    if (!answers.ok) return answers;
    if (answers.value.length === 0) return err(fault('card-data-invalid', 'endless answer'));
    let asked: Uint8Array | undefined;
    for (const answer of answers.value) {
      if (step.kind !== 'transmit') break;
      [asked, ...expected] = expected;
      // A refusal on the way leads to another door: what was sent ahead is then of no use.
      if (asked === undefined || !sameCommand(asked, step.command)) break;
      step = advanceFileReading(step.reading, answer);
    }
  }
  return ok(step);
}

function sameCommand(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Bytes of a file without records; undefined when the card has no such file. */
async function readTransparentFile(
  connection: CardConnection,
  file: TransparentFile,
): Promise<Result<Exclude<TransparentStep, { readonly kind: 'transmit' }>, Fault>> {
  let step = startTransparent(file);
  while (step.kind === 'transmit') {
    const answer = await ask(connection, step.command);
    if (!answer.ok) return answer;
    step = advanceTransparent(step.reading, answer.value);
  }
  return ok(step);
}

/** DF04/EF05 (card reference 2.6): PIN or key RK1DF04; on 1.00 cards PIN only. */
export async function readMedical(
  card: HeldCard,
  keys: CardKeyHolder | undefined,
): Promise<Result<CardMedicalData, Fault>> {
  const entered = await card.enter('medical');
  if (!entered.ok) return entered;
  const { generation } = card.issuer;
  const usable = generation === 1 ? undefined : keys;
  let opened: Result<void, Fault> | undefined;
  // Without a PIN the file is closed on nearly every card: asking for it first would be a command too many.
  if (usable !== undefined && !card.pinVerified) opened = await openMedical(card, usable);
  if (opened?.ok === false && isOfConnection(opened.error)) return opened;
  const read = await readRecordFile(card.connection, medicalFile(generation));
  if (!read.ok) return read;
  if (read.value.kind === 'done') return ok(decodeMedical(read.value.values, generation));
  const { status } = read.value;
  const locked = lockedFault(status);
  if (locked !== undefined) return err(locked);
  if (status !== statusWord.securityNotSatisfied) return err(fault('card-medical-none', statusText(status)));
  const reason = opened?.ok === false ? (opened.error.detail ?? opened.error.code) : statusText(status);
  return err(fault('card-medical-closed', reason));
}

async function openMedical(card: HeldCard, keys: CardKeyHolder): Promise<Result<void, Fault>> {
  const proved = await card.authenticate(keys, 'RK1DF04', keyNumber.rk1Df04);
  if (!proved.ok) return proved;
  return proved.value === statusWord.ok
    ? ok(undefined)
    : err(fault('card-medical-closed', `key ${statusText(proved.value)}`));
}

/** The photo of the holder, EF08 of the environment; undefined when the card keeps none. */
export async function readPhoto(
  card: HeldCard,
  keys: CardKeyHolder | undefined,
): Promise<Result<Uint8Array | undefined, Fault>> {
  const entered = await card.enter('environment');
  if (!entered.ok) return entered;
  let read = await readTransparentFile(card.connection, photoFile);
  if (read.ok && isClosed(read.value) && keys !== undefined && !card.holderFileOpen) {
    const proved = await card.authenticate(keys, 'RKSSSE', keyNumber.rkSsse);
    if (!proved.ok) return proved;
    if (proved.value !== statusWord.ok) {
      return err(fault('card-holder-file-closed', `key ${statusText(proved.value)}`));
    }
    card.holderFileOpen = true;
    read = await readTransparentFile(card.connection, photoFile);
  }
  if (!read.ok) return read;
  const step = read.value;
  if (step.kind === 'done') return ok(isUnwritten(step.bytes) ? undefined : step.bytes);
  if (isClosed(step)) return err(fault('card-holder-file-closed', statusText(step.status)));
  const locked = lockedFault(step.status);
  return locked === undefined ? ok(undefined) : err(locked);
}

function isClosed(step: { readonly kind: string; readonly status?: number }): boolean {
  return step.kind === 'refused' && step.status === statusWord.securityNotSatisfied;
}

/** Faults after which nothing more can be asked of the card. */
function isOfConnection({ code }: Fault): boolean {
  return code.startsWith('reader-') || code === 'card-removed' || code === 'card-mute';
}
