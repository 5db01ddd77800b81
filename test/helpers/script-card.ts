import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '#core/hex';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { HeldCard, type RandomSource } from '#drivers/card-reader/held-card';
import type { CardKeyHolder, CardLike } from '#drivers/card-reader/port';

/** A command with its whole answer, hex. */
export type ScriptStep = readonly [command: string, answer: string];

interface ByteExample {
  readonly id: string;
  readonly steps: readonly { readonly to: string; readonly command: string; readonly answer: string }[];
}

const examples = JSON.parse(
  readFileSync(new URL('../fixtures/virtual-card-examples.json', import.meta.url), 'utf8'),
) as { readonly examples: readonly ByteExample[] };

/** The card's half of a byte example; what goes to the security module is left out. */
export function cardSteps(id: string): readonly ScriptStep[] {
  const found = examples.examples.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no example ${id}`);
  return found.steps.filter(({ to }) => to === 'card').map(({ command, answer }) => [command, answer]);
}

/** A card that takes exactly the commands of a script, in order; anything else is remembered as wrong. */
export class ScriptCard implements CardLike {
  readonly atr = fromHex('3B6D000000810000028699990100000002');
  readonly wrong: string[] = [];
  /** The very buffers that came, to see what is left in them afterwards. */
  readonly buffers: Uint8Array[] = [];
  /** Called before each command: a hook to pull the card in the middle of something. */
  before: (command: string) => void = () => {};
  readonly #script: ScriptStep[];

  constructor(script: readonly ScriptStep[]) {
    this.#script = [...script];
  }

  /** Steps that were not asked for. */
  get left(): number {
    return this.#script.length;
  }

  powerOn(): void {}
  powerOff(): void {}
  reset(): void {}

  transmit(apdu: Uint8Array): Uint8Array {
    const command = toHex(apdu);
    this.before(command);
    this.buffers.push(apdu);
    const next = this.#script.shift();
    if (next?.[0] === command) return fromHex(next[1]);
    this.wrong.push(`${command} instead of ${next?.[0] ?? 'nothing'}`);
    return fromHex('6F00');
  }
}

export const scriptReader = 'Script Reader 00 00';

const issuers = {
  tdes: { generation: 2, version: '2.00', historicalBytes: '00810000028699990100000002' },
  sm4: { generation: 3, version: '3.00', historicalBytes: '00810000038699990100000003' },
} as const;

/** A card that was just read and is held in the environment, behind the fake reader. */
export async function holdScript(
  card: CardLike,
  options: {
    readonly algorithm?: 'tdes' | 'sm4';
    readonly generation?: 1;
    readonly random?: RandomSource;
  } = {},
): Promise<{ readonly held: HeldCard; readonly reader: FakeCardReader }> {
  const reader = new FakeCardReader({ readers: [scriptReader], transmitMs: 20 });
  await reader.start();
  reader.insert(scriptReader, card);
  const connection = await reader.connect(scriptReader);
  if (!connection.ok) throw new Error(connection.error.code);
  const algorithm = options.algorithm ?? 'tdes';
  const issuer = {
    cardId: '990100D15600000500000002A1B2C302',
    region: '990100',
    cardNumber: 'Z00000021',
    algorithm,
    ...issuers[algorithm],
    ...(options.generation === undefined ? {} : { generation: options.generation }),
  };
  const random = options.random ?? ((length) => fromHex('0102030405060708').subarray(0, length));
  return { held: new HeldCard(connection.value, { issuer, holderFileOpen: false }, random), reader };
}

/** A key holder that answers what it is told and remembers what it was asked. */
export class ScriptKeys implements CardKeyHolder {
  readonly asked: string[] = [];
  readonly #external: string;
  readonly #maintenance: string;
  /** The buffer of the last plain block. */
  plain: Uint8Array | undefined;

  constructor(external: string, maintenance = '') {
    this.#external = external;
    this.#maintenance = maintenance;
  }

  async externalData(request: Parameters<CardKeyHolder['externalData']>[0]) {
    this.asked.push(`${request.key} ${request.factor} ${request.raw}`);
    return { ok: true, value: this.#external } as const;
  }

  async maintenanceData(request: Parameters<CardKeyHolder['maintenanceData']>[0]) {
    this.plain = request.plain;
    this.asked.push(`${request.key} ${request.factor} ${request.header} ${toHex(request.plain)}`);
    return { ok: true, value: this.#maintenance } as const;
  }
}
