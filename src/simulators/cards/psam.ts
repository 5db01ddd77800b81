import { assert } from '#core/assert';
import { fromHex, toHex } from '#core/hex';
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
import { type DedicatedFile, nameOnlyFci } from './card-definition.ts';
import { type ElementaryFile, freeAccess, readBytes, transparentFile } from './card-files.ts';
import { blockBytes, chain, encrypt, type KeyedAlgorithm, sessionKey } from './card-keys.ts';
import { select } from './file-selection.ts';
import { diversifiedFor, type PsamKey } from './psam-keys.ts';
import { PsamPurchase } from './psam-purchase.ts';

export interface PsamEnvironment {
  readonly algorithm: KeyedAlgorithm;
  readonly keys: readonly PsamKey[];
}

export interface PsamDefinition {
  /** Answer to reset, hex. */
  readonly atr: string;
  /** Card public information, 15 bytes hex: issuer 1, serial cn10, version 1, key-card type 1, FCI data 2. */
  readonly publicInformation: string;
  /** Terminal number (终端机编号), 12 digits. */
  readonly terminalNumber: string;
  /** Last terminal sequence that was given, DF01/0019; default 0. */
  readonly terminalSequence?: number;
  /** What a wrong MAC2 is answered; both are seen. Default 9302. */
  readonly wrongMac2?: '63CF' | '9302';
  /** DF01/001A to 001C, ten bytes hex each: key index, key version, valid from and to (cn4), by authority. */
  readonly purchaseFiles?: readonly [nation: string, province: string, city: string];
  /** First one is the master file: sx1 for 3DES, sx3 for SM4. */
  readonly environments: readonly [PsamEnvironment, ...PsamEnvironment[]];
}

const ENVIRONMENT_NUMBER: Record<KeyedAlgorithm, string> = { tdes: '31', sm4: '33' };
const applicationName = fromHex('D15600000590');
/** Terminal transaction counter (终端交易序号), kept by the purchase. */
const COUNTER_FILE = '0019';
const MAC_KINDS = [6, 8];
const ENCRYPT_KINDS = [7, 8];

interface Environment {
  readonly algorithm: KeyedAlgorithm;
  readonly keys: readonly PsamKey[];
  /** Environment and its application DF01. */
  readonly files: readonly [DedicatedFile, DedicatedFile];
}

interface Session {
  readonly key: Uint8Array;
  readonly kind: number;
}

/**
 * Terminal security module (PSAM), card reference 4.5: files 0015, 0016, DF01/0019 to 001C, session keys by
 * BF DE, one cipher (80 FA 00) or single-block MAC (80 FA 05) per session key, so that a longer text takes a
 * BF DE for every block; purchase by 80 70 and 80 72. The transaction counter outlives the power.
 */
export class VirtualPsam implements CardLike {
  readonly atr: Uint8Array;
  readonly #environments: readonly [Environment, ...Environment[]];
  readonly #channel: AnswerChannel;
  #powered = false;
  #environment: Environment;
  #application: DedicatedFile;
  #file: ElementaryFile | undefined;
  #session: Session | undefined;
  readonly #terminal: Uint8Array;
  readonly #purchase: PsamPurchase;

  constructor(definition: PsamDefinition, transport: Transport = 'contact') {
    assert(/^\d{12}$/.test(definition.terminalNumber), 'a terminal number has twelve digits');
    assert(definition.publicInformation.length === 30, 'the public information has 15 bytes');
    this.atr = fromHex(definition.atr);
    this.#terminal = fromHex(definition.terminalNumber);
    const wrongMac2 = Number.parseInt(definition.wrongMac2 ?? '9302', 16);
    this.#purchase = new PsamPurchase(definition.terminalSequence ?? 0, wrongMac2);
    this.#channel = new AnswerChannel(transport);
    const [first, ...others] = definition.environments;
    this.#environments = [
      environmentOf(definition, first),
      ...others.map((other) => environmentOf(definition, other)),
    ];
    this.#environment = this.#environments[0];
    this.#application = this.#environment.files[0];
  }

  /** Last terminal sequence (终端交易序号) given, for whoever keeps the module over a restart of the program. */
  get terminalSequence(): number {
    return this.#purchase.counter;
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
    const command = parseCommand(apdu);
    if (command === undefined) return encode(statusOnly(sw.wrongLength));
    if (this.#channel.isGetResponse(command)) return encode(this.#channel.getResponse(command));
    this.#channel.clear();
    return this.#channel.deliver(command, this.#execute(command));
  }

  #execute(command: Command): Answer {
    const { cla, ins } = command;
    const code = (cla << 8) | ins;
    if (cla !== 0x00 && cla !== 0x80 && cla !== 0xbf) return statusOnly(sw.wrongClass);
    if (code === 0x8070) return this.#beginPurchase(command);
    if (code === 0x8072) return statusOnly(this.#purchase.finish(command));
    switch (code) {
      case 0x00a4:
        return this.#select(command);
      case 0x00b0:
        return this.#readBinary(command);
      case 0xbfde:
        return statusOnly(this.#deliverSessionKey(command));
      case 0x80fa:
        return this.#cipher(command);
      default:
        return statusOnly(sw.wrongInstruction);
    }
  }

  #select(command: Command): Answer {
    const chosen = this.#environmentFor(command);
    const found = select(command, {
      files: chosen.files,
      current: this.#application,
      fidSelectFails: false,
    });
    if (found.kind === 'refused') return statusOnly(found.status);
    if (found.kind === 'file') {
      this.#file = found.file;
      return statusOnly(sw.ok);
    }
    if (found.file !== this.#application) {
      this.#session = undefined;
      this.#purchase.abandon();
    }
    this.#environment = chosen;
    this.#application = found.file;
    this.#file = undefined;
    return answerData(found.file.fci);
  }

  /** A name may call another environment; the master file is the first environment. */
  #environmentFor({ p1, data }: Command): Environment {
    const master = this.#environments[0];
    if (p1 === 0x04) {
      const named = this.#environments.find(({ files }) => toHex(files[0].name) === toHex(data));
      return named ?? this.#environment;
    }
    return p1 === 0x00 && (data.length === 0 || toHex(data) === '3F00') ? master : this.#environment;
  }

  #readBinary(command: Command): Answer {
    if (command.data.length > 0) return statusOnly(sw.wrongLength);
    const short = (command.p1 & 0x80) !== 0;
    const file = short ? this.#application.files.find(({ sfi }) => sfi === (command.p1 & 0x1f)) : this.#file;
    if (file === undefined) return statusOnly(short ? sw.fileNotFound : sw.noCurrentFile);
    this.#file = file;
    if (file.content.kind !== 'transparent') return statusOnly(sw.wrongFileKind);
    const offset = short ? command.p2 : (command.p1 << 8) | command.p2;
    const { bytes } = file.content;
    return readBytes(file.fid === COUNTER_FILE ? this.#purchase.counterBytes : bytes, offset, command.p3);
  }

  #beginPurchase(command: Command): Answer {
    const { algorithm, keys, files } = this.#environment;
    if (this.#application !== files[1]) return statusOnly(sw.conditionsNotMet);
    return this.#purchase.begin(command, { algorithm, keys, terminal: this.#terminal });
  }

  /** BF DE usage id: factors card, city, province as far as the levels go, then the random value. */
  #deliverSessionKey({ p1, p2, data }: Command): number {
    this.#session = undefined;
    const { algorithm, keys, files } = this.#environment;
    if (this.#application !== files[1]) return sw.conditionsNotMet;
    const key = keys.find(({ usage, id }) => usage === p1 && id === p2);
    if (key === undefined) return sw.keyNotFound;
    const levels = p1 >> 5;
    if (data.length !== 8 * levels + blockBytes(algorithm)) return sw.wrongLength;
    const diversified = diversifiedFor(algorithm, key, data, levels);
    this.#session = { key: sessionKey(algorithm, diversified, data.slice(8 * levels)), kind: p1 & 0x1f };
    return sw.ok;
  }

  /** One use ends the session key: the terminal delivers a new one for every calculation. */
  #cipher({ p1, p2, data }: Command): Answer {
    if ((p1 !== 0x00 && p1 !== 0x05) || p2 !== 0) return statusOnly(sw.wrongP1P2);
    const session = this.#session;
    this.#session = undefined;
    const kinds = p1 === 0x00 ? ENCRYPT_KINDS : MAC_KINDS;
    if (session === undefined || !kinds.includes(session.kind)) return statusOnly(sw.conditionsNotMet);
    const { algorithm } = this.#environment;
    const size = blockBytes(algorithm);
    if (data.length !== (p1 === 0x00 ? size : 2 * size)) return statusOnly(sw.wrongLength);
    if (p1 === 0x00) return answerData(encrypt(algorithm, session.key, data));
    return answerData(chain(algorithm, session.key, data.slice(0, size), data.slice(size)));
  }

  #startAnew(): void {
    this.#environment = this.#environments[0];
    this.#application = this.#environment.files[0];
    this.#file = undefined;
    this.#session = undefined;
    this.#purchase.abandon();
    this.#channel.clear();
  }
}

function environmentOf(definition: PsamDefinition, { algorithm, keys }: PsamEnvironment): Environment {
  const name = fromHex(`7378${ENVIRONMENT_NUMBER[algorithm]}2E73682EC9E7BBE1B1A3D5CF`);
  const file = (fid: string, sfi: number, hex: string): ElementaryFile =>
    transparentFile(fid, sfi, freeAccess, fromHex(hex));
  const purchaseFiles = (definition.purchaseFiles ?? []).map((hex, index) =>
    file(`001${(0xa + index).toString(16).toUpperCase()}`, 0x1a + index, hex),
  );
  return {
    algorithm,
    keys,
    files: [
      {
        fid: '3F00',
        name,
        fci: nameOnlyFci(name),
        keys: new Map(),
        files: [
          file('0015', 0x15, definition.publicInformation),
          file('0016', 0x16, definition.terminalNumber),
        ],
      },
      {
        fid: 'DF01',
        name: applicationName,
        fci: nameOnlyFci(applicationName),
        keys: new Map(),
        files: [file(COUNTER_FILE, 0x19, '00000000'), ...purchaseFiles],
      },
    ],
  };
}
