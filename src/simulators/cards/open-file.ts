import { type Answer, type Command, statusOnly, sw } from './apdu.ts';
import type { DedicatedFile } from './card-definition.ts';
import {
  type ElementaryFile,
  type FileContent,
  readBytes,
  readRecords,
  updateBytes,
  updateRecord,
} from './card-files.ts';
import { checkMac, type MaintenanceContext } from './card-maintenance.ts';
import { findKey } from './card-security.ts';

const SECURE_CLASS = 0x04;

/**
 * The current file of a card, its record pointer, and what was written into files since the card was made.
 * Written data outlive the power, the choice of a file does not.
 */
export class OpenFile {
  readonly #written = new Map<ElementaryFile, FileContent>();
  readonly #transactions: () => readonly Uint8Array[];
  #file: ElementaryFile | undefined;
  #recordPointer = 0;

  /** `transactions` gives the records of the list that the card keeps by itself. */
  constructor(transactions: () => readonly Uint8Array[]) {
    this.#transactions = transactions;
  }

  choose(file: ElementaryFile | undefined): void {
    this.#file = file;
    this.#recordPointer = 0;
  }

  /** READ RECORD 00 B2 (card reference 2.1). */
  readRecord(command: Command, { application, security }: MaintenanceContext): Answer {
    if (command.data.length > 0) return statusOnly(sw.wrongLength);
    const file = this.#bySfi(command.p2 >> 3, application);
    if (typeof file === 'number') return statusOnly(file);
    const content = this.#contentOf(file);
    if (content.kind !== 'records') return statusOnly(sw.wrongFileKind);
    if (!security.allows(file.read)) return statusOnly(sw.securityNotSatisfied);
    const read = readRecords(content.records, command, this.#recordPointer);
    this.#recordPointer = read.pointer;
    return read.answer;
  }

  /** READ BINARY 00 B0, by short identifier or in the current file. */
  readBinary(command: Command, { application, security }: MaintenanceContext): Answer {
    if (command.data.length > 0) return statusOnly(sw.wrongLength);
    const place = this.#placeOf(command, application);
    if (typeof place === 'number') return statusOnly(place);
    const { file, offset } = place;
    const content = this.#contentOf(file);
    if (content.kind !== 'transparent') return statusOnly(sw.wrongFileKind);
    if (!security.allows(file.read)) return statusOnly(sw.securityNotSatisfied);
    return readBytes(content.bytes, offset, command.p3);
  }

  /** UPDATE RECORD DC: plain (00) behind the file's update key, or with MAC under it (04). */
  updateRecord(command: Command, context: MaintenanceContext): number {
    const file = this.#bySfi(command.p2 >> 3, context.application);
    if (typeof file === 'number') return file;
    const content = this.#contentOf(file);
    if (content.kind !== 'records') return sw.wrongFileKind;
    const data = updateData(command, file, context);
    if (typeof data === 'number') return data;
    const records = updateRecord(content.records, command, data);
    if (typeof records === 'number') return records;
    this.#written.set(file, { kind: 'records', records });
    return sw.ok;
  }

  /** UPDATE BINARY D6, as UPDATE RECORD. */
  updateBinary(command: Command, context: MaintenanceContext): number {
    const place = this.#placeOf(command, context.application);
    if (typeof place === 'number') return place;
    const { file, offset } = place;
    const content = this.#contentOf(file);
    if (content.kind !== 'transparent') return sw.wrongFileKind;
    const data = updateData(command, file, context);
    if (typeof data === 'number') return data;
    const bytes = updateBytes(content.bytes, offset, data);
    if (typeof bytes === 'number') return bytes;
    this.#written.set(file, { kind: 'transparent', bytes });
    return sw.ok;
  }

  #contentOf(file: ElementaryFile): FileContent {
    if (file.isTransactionList === true) return { kind: 'records', records: this.#transactions() };
    return this.#written.get(file) ?? file.content;
  }

  #placeOf(
    { p1, p2 }: Command,
    application: DedicatedFile,
  ): { readonly file: ElementaryFile; readonly offset: number } | number {
    const short = (p1 & 0x80) !== 0;
    if (short && (p1 & 0x60) !== 0) return sw.wrongP1P2;
    const file = this.#bySfi(short ? p1 & 0x1f : 0, application);
    if (typeof file === 'number') return file;
    return { file, offset: short ? p2 : (p1 << 8) | p2 };
  }

  /** Short identifier 0 is the current file; any other becomes the current file. */
  #bySfi(sfi: number, application: DedicatedFile): ElementaryFile | number {
    if (sfi === 0) return this.#file ?? sw.noCurrentFile;
    if (sfi === 0x1f) return sw.wrongP1P2;
    const found = application.files.find((file) => file.sfi === sfi);
    if (found === undefined) return sw.fileNotFound;
    if (found !== this.#file) this.choose(found);
    return found;
  }
}

/** The data to be written, once the update key allows it; else the status that refuses. */
function updateData(
  command: Command,
  file: ElementaryFile,
  context: MaintenanceContext,
): Uint8Array | number {
  const { application, security } = context;
  if (file.update === undefined) return sw.securityNotSatisfied;
  if (command.cla !== SECURE_CLASS) {
    if (!security.allows([[file.update]])) return sw.securityNotSatisfied;
    return command.data.length === 0 ? sw.wrongLength : command.data;
  }
  if (command.data.length <= 4) return sw.macMissing;
  const key = findKey(application, file.update, 'external');
  if (key !== undefined && security.keyLocked(key)) return sw.blocked;
  const checked = checkMac(command, context, key);
  if (typeof checked !== 'number') return checked.data;
  if (checked === sw.macWrong && key !== undefined) security.countFailure(key);
  return checked;
}
