import { randomBytes } from 'node:crypto';
import { assert } from '#core/assert';
import { fromHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import {
  type Answer,
  AnswerChannel,
  answerData,
  type Command,
  encode,
  parseCommand,
  statusOnly,
  sw,
  type Transport,
} from './apdu.ts';
import type { CardDefinition, DedicatedFile } from './card-definition.ts';
import { type ElementaryFile, readBytes, readRecords } from './card-files.ts';
import { authenticate, sessionKey } from './card-keys.ts';
import { applicationBlock, cardBlock, unblockOrResetPin } from './card-maintenance.ts';
import { CardSecurity, findKey } from './card-security.ts';
import { select } from './file-selection.ts';

export interface VirtualCardOptions {
  /** Default `contact`. */
  readonly transport?: Transport;
  /** Source of challenges; default the machine's secure generator. */
  readonly random?: (length: number) => Uint8Array;
  /** Challenges given first, in this order, before `random` is asked (hex). */
  readonly challenges?: readonly string[];
  /** Local deviation: the master file and DDF1 cannot be chosen by number. */
  readonly fidSelectFails?: boolean;
}

/**
 * A social-security card (社会保障卡) that behaves as card reference sections 1 to 4 say: files, keys, PIN
 * counter, security status and challenges. Counters, a changed PIN and locks outlive the power.
 */
export class VirtualCard implements CardLike {
  readonly atr: Uint8Array;
  readonly #definition: CardDefinition;
  readonly #files: DedicatedFile[];
  readonly #security: CardSecurity;
  readonly #channel: AnswerChannel;
  readonly #random: (length: number) => Uint8Array;
  readonly #challenges: Uint8Array[];
  readonly #fidSelectFails: boolean;
  #locked: boolean;
  #powered = false;
  #applicationIndex = 0;
  #file: ElementaryFile | undefined;
  #recordPointer = 0;

  constructor(definition: CardDefinition, options: VirtualCardOptions = {}) {
    this.atr = fromHex(definition.atr);
    this.#definition = definition;
    this.#files = [...definition.files];
    this.#security = new CardSecurity(definition);
    this.#channel = new AnswerChannel(options.transport ?? 'contact');
    this.#random = options.random ?? ((length) => Uint8Array.from(randomBytes(length)));
    this.#challenges = (options.challenges ?? []).map(fromHex);
    this.#fidSelectFails = options.fidSelectFails ?? false;
    this.#locked = definition.locked ?? false;
  }

  powerOn(): void {
    this.#startAnew();
    this.#powered = true;
  }

  powerOff(): void {
    this.#startAnew();
    this.#powered = false;
  }

  reset(): void {
    this.powerOn();
  }

  /** Undefined (mute) without power. */
  transmit(apdu: Uint8Array): Uint8Array | undefined {
    if (!this.#powered) return undefined;
    if (this.#locked) return encode(statusOnly(sw.notSupported));
    const command = parseCommand(apdu);
    if (command === undefined) return encode(statusOnly(sw.wrongLength));
    if (this.#channel.isGetResponse(command)) return encode(this.#channel.getResponse(command));
    this.#channel.clear();
    return this.#channel.deliver(command, this.#execute(command));
  }

  #execute(command: Command): Answer {
    const { cla, ins } = command;
    if (cla !== 0x00 && cla !== 0x80 && cla !== 0x84) return statusOnly(sw.wrongClass);
    if (cla === 0x00 && ins === 0xa4) return this.#select(command);
    if (this.#application.locked === true) return statusOnly(sw.applicationLocked);
    switch ((cla << 8) | ins) {
      case 0x00b2:
        return this.#readRecord(command);
      case 0x00b0:
        return this.#readBinary(command);
      case 0x0084:
        return this.#getChallenge(command);
      case 0x0088:
        return this.#internalAuthentication(command);
      case 0x0082:
        return this.#externalAuthentication(command);
      case 0x0020:
        return statusOnly(this.#verify(command));
      case 0x805e:
        return statusOnly(this.#changePin(command));
      case 0x8424:
        return statusOnly(unblockOrResetPin(command, this.#maintenance));
      case 0x841e:
        return statusOnly(this.#blockApplication(command));
      case 0x8416:
        return statusOnly(this.#blockCard(command));
      default:
        return statusOnly(sw.wrongInstruction);
    }
  }

  #select(command: Command): Answer {
    const found = select(command, {
      files: this.#files,
      current: this.#application,
      fidSelectFails: this.#fidSelectFails,
    });
    if (found.kind === 'refused') return statusOnly(found.status);
    if (found.kind === 'file') {
      this.#openFile(found.file);
      return statusOnly(sw.ok);
    }
    if (found.file !== this.#application) this.#security.forget();
    this.#applicationIndex = this.#files.indexOf(found.file);
    this.#openFile(undefined);
    return answerData(found.file.fci);
  }

  #readRecord(command: Command): Answer {
    if (command.data.length > 0) return statusOnly(sw.wrongLength);
    const file = this.#fileBySfi(command.p2 >> 3);
    if (typeof file === 'number') return statusOnly(file);
    if (file.content.kind !== 'records') return statusOnly(sw.wrongFileKind);
    if (!this.#security.allows(file.read)) return statusOnly(sw.securityNotSatisfied);
    const read = readRecords(file.content.records, command, this.#recordPointer);
    this.#recordPointer = read.pointer;
    return read.answer;
  }

  #readBinary(command: Command): Answer {
    if (command.data.length > 0) return statusOnly(sw.wrongLength);
    const short = (command.p1 & 0x80) !== 0;
    if (short && (command.p1 & 0x60) !== 0) return statusOnly(sw.wrongP1P2);
    const file = this.#fileBySfi(short ? command.p1 & 0x1f : 0);
    if (typeof file === 'number') return statusOnly(file);
    if (file.content.kind !== 'transparent') return statusOnly(sw.wrongFileKind);
    if (!this.#security.allows(file.read)) return statusOnly(sw.securityNotSatisfied);
    const offset = short ? command.p2 : (command.p1 << 8) | command.p2;
    return readBytes(file.content.bytes, offset, command.p3);
  }

  #getChallenge({ p1, p2, p3, data }: Command): Answer {
    if (p1 !== 0 || p2 !== 0) return statusOnly(sw.wrongP1P2);
    if (data.length > 0 || ![0x04, 0x08, 0x10].includes(p3)) return statusOnly(sw.wrongLength);
    const fixed = this.#challenges.shift();
    const challenge = fixed ?? this.#random(p3);
    assert(challenge.length === p3, 'the source of challenges gives as many bytes as were asked for');
    this.#security.keepChallenge(challenge);
    return answerData(challenge);
  }

  #internalAuthentication({ p1, p2, data }: Command): Answer {
    if (p1 !== 0) return statusOnly(sw.wrongP1P2);
    if (data.length !== 16 && data.length !== 17) return statusOnly(sw.wrongLength);
    const key = findKey(this.#application, p2, 'internal');
    if (key === undefined) return statusOnly(sw.keyNotFound);
    const { algorithm } = this.#definition;
    const session = sessionKey(algorithm, key.value, data.slice(0, 8));
    return answerData(authenticate(algorithm, session, data.slice(8, 16)));
  }

  #externalAuthentication({ p1, p2, data }: Command): Answer {
    if (p1 !== 0) return statusOnly(sw.wrongP1P2);
    if (data.length !== 16 && data.length !== 17) return statusOnly(sw.wrongLength);
    const key = findKey(this.#application, p2, 'external');
    if (key === undefined) return statusOnly(sw.keyNotFound);
    return statusOnly(this.#security.checkExternal(p2, key, data.slice(0, 8), data.slice(8, 16)));
  }

  #verify({ p1, p2, p3, data }: Command): number {
    if (p1 !== 0 || p2 !== 0) return sw.wrongP1P2;
    if (p3 === 0) return this.#security.pinState();
    return data.length < 2 || data.length > 8 ? sw.wrongLength : this.#security.verifyPin(data);
  }

  #changePin({ p1, p2, data }: Command): number {
    if (p1 !== 1 || p2 !== 0) return sw.wrongP1P2;
    if (data.length < 3 || data.length > 17) return sw.wrongLength;
    const gap = data.indexOf(0xff);
    if (gap < 0) return sw.wrongData;
    return this.#security.changePin(data.slice(0, gap), data.slice(gap + 1));
  }

  #blockApplication(command: Command): number {
    const status = applicationBlock(command, this.#maintenance);
    if (status === sw.ok) this.#files[this.#applicationIndex] = { ...this.#application, locked: true };
    return status;
  }

  #blockCard(command: Command): number {
    const status = cardBlock(command, this.#maintenance);
    this.#locked = status === sw.ok;
    return status;
  }

  /** Short identifier 0 is the current file; any other becomes the current file. */
  #fileBySfi(sfi: number): ElementaryFile | number {
    if (sfi === 0) return this.#file ?? sw.noCurrentFile;
    if (sfi === 0x1f) return sw.wrongP1P2;
    const found = this.#application.files.find((file) => file.sfi === sfi);
    if (found === undefined) return sw.fileNotFound;
    if (found !== this.#file) this.#openFile(found);
    return found;
  }

  #openFile(file: ElementaryFile | undefined): void {
    this.#file = file;
    this.#recordPointer = 0;
  }

  #startAnew(): void {
    this.#applicationIndex = 0;
    this.#openFile(undefined);
    this.#security.forget();
    this.#channel.clear();
  }

  get #application(): DedicatedFile {
    const application = this.#files[this.#applicationIndex];
    assert(application !== undefined, 'the current application is one of the card');
    return application;
  }

  get #maintenance() {
    return {
      algorithm: this.#definition.algorithm,
      application: this.#application,
      security: this.#security,
    };
  }
}
