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
import { authenticate, sessionKey } from './card-keys.ts';
import { applicationBlock, cardBlock, unblockOrResetPin } from './card-maintenance.ts';
import { CardSecurity, CertificatePin, findKey } from './card-security.ts';
import { type FidSelectFailure, select } from './file-selection.ts';
import { OpenFile } from './open-file.ts';
import { Purse } from './purse.ts';

export interface VirtualCardOptions {
  /** Default `contact`. */
  readonly transport?: Transport;
  /** Source of challenges and of the random of a purchase; default the machine's secure generator. */
  readonly random?: (length: number) => Uint8Array;
  /** Challenges given first, in this order, before `random` is asked (hex). */
  readonly challenges?: readonly string[];
  /** Local deviation: true, the master file and DDF1 cannot be chosen by number; all, nothing can. */
  readonly fidSelectFails?: FidSelectFailure;
}

const PURSE_CLASS = 0xb0;
/** UK1DF04, under which the first day of the settlement year is written. */
const UPDATE_KEY = 0x85;
const CLASSES: ReadonlySet<number> = new Set([0x00, 0x04, 0x80, 0x84]);

/**
 * A social-security card (社会保障卡) that behaves as card reference sections 1 to 4 say: files, keys, PIN
 * counter, security status, challenges and money. Counters, a changed PIN, money, written data and locks
 * outlive the power.
 */
export class VirtualCard implements CardLike {
  readonly atr: Uint8Array;
  readonly #definition: CardDefinition;
  readonly #files: DedicatedFile[];
  readonly #security: CardSecurity;
  readonly #channel: AnswerChannel;
  readonly #random: (length: number) => Uint8Array;
  readonly #challenges: Uint8Array[];
  readonly #fidSelectFails: FidSelectFailure;
  readonly #file: OpenFile;
  readonly #purse: Purse | undefined;
  readonly #certificatePin: CertificatePin | undefined;
  #locked: boolean;
  #powered = false;
  #applicationIndex = 0;

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
    const purse = definition.files.find((file) => file.purse !== undefined)?.purse;
    const nextRandom = (length: number): Uint8Array => this.#nextRandom(length);
    this.#purse = purse === undefined ? undefined : new Purse(purse, definition.algorithm, nextRandom);
    this.#file = new OpenFile(() => this.#purse?.transactions ?? []);
    const certificates = definition.files.find((file) => file.certificatePin !== undefined)?.certificatePin;
    this.#certificatePin = certificates === undefined ? undefined : new CertificatePin(certificates);
  }

  /** Balance of the money on the card, fen; undefined when the card keeps none. */
  get balance(): bigint | undefined {
    return this.#purse?.balance;
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
    const purse = this.#application.purse === undefined ? undefined : this.#purse;
    if (cla === PURSE_CLASS && purse !== undefined) return this.#useMoney(command, purse);
    // A purchase that was begun is over with any other command.
    this.#purse?.abandon();
    if (!CLASSES.has(cla)) return statusOnly(sw.wrongClass);
    if (cla === 0x00 && ins === 0xa4) return this.#select(command);
    if (this.#application.locked === true) return statusOnly(sw.applicationLocked);
    switch ((cla << 8) | ins) {
      case 0x00b2:
        return this.#file.readRecord(command, this.#maintenance);
      case 0x00b0:
        return this.#file.readBinary(command, this.#maintenance);
      case 0x00dc:
      case 0x04dc:
        return statusOnly(this.#file.updateRecord(command, this.#maintenance));
      case 0x00d6:
      case 0x04d6:
        return statusOnly(this.#file.updateBinary(command, this.#maintenance));
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
      this.#file.choose(found.file);
      return statusOnly(sw.ok);
    }
    if (found.file !== this.#application) this.#security.forget();
    this.#applicationIndex = this.#files.indexOf(found.file);
    this.#file.choose(undefined);
    return answerData(found.file.fci);
  }

  #getChallenge({ p1, p2, p3, data }: Command): Answer {
    if (p1 !== 0 || p2 !== 0) return statusOnly(sw.wrongP1P2);
    if (data.length > 0 || ![0x04, 0x08, 0x10].includes(p3)) return statusOnly(sw.wrongLength);
    const challenge = this.#nextRandom(p3);
    this.#security.keepChallenge(challenge);
    return answerData(challenge);
  }

  #nextRandom(length: number): Uint8Array {
    const bytes = this.#challenges.shift() ?? this.#random(length);
    assert(bytes.length === length, 'the source of challenges gives as many bytes as were asked for');
    return bytes;
  }

  #useMoney(command: Command, purse: Purse): Answer {
    if (this.#application.locked === true) return statusOnly(sw.applicationLocked);
    const mayUpdate = this.#security.allows([[UPDATE_KEY]]);
    return purse.execute(command, this.#security.allows([['pin']]), mayUpdate);
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
    const certificatePin = this.#application.certificatePin === undefined ? undefined : this.#certificatePin;
    if (p1 === 0x01 && p2 === 0x81 && certificatePin !== undefined) {
      if (p3 === 0) return certificatePin.state();
      if (data.length !== 16) return sw.wrongLength;
      return certificatePin.verify(data, this.#security.takeChallenge());
    }
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

  #startAnew(): void {
    this.#applicationIndex = 0;
    this.#file.choose(undefined);
    this.#security.forget();
    this.#purse?.abandon();
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
