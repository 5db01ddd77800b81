import { volatileMessageIds } from '#agency/message-id';
import type { AgencyPort, MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import type { CardMedicalData } from '#core/domain/card-medical';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardRead } from '#drivers/card-reader/port';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import type { SecurityModulePort } from '#drivers/security-module/port';
import { agencyClient, type ShopSettings } from './agency-client.ts';

/** One card as `guitai card read` shows it. */
export interface CardReadOnce extends CardRead {
  /** DF04/EF05, where the security module holds its key. */
  readonly medical?: CardMedicalData;
}

/** Reads one card through the configured reader; proved by the agency, else by the security module. */
export async function readCardOnce(settings: ShopSettings): Promise<Result<CardReadOnce, Fault>> {
  const { config } = settings;
  const { name, security_module: moduleName } = config.reader;
  const wanted = name === 'auto' ? undefined : [name, ...(moduleName === '' ? [] : [moduleName])];
  const readers = new PcscCardReader({
    clock: systemClock,
    ...(wanted === undefined ? {} : { useReaders: wanted }),
  });
  await readers.start();
  await cardNoticed(readers, moduleName);
  const module =
    moduleName === ''
      ? undefined
      : pcscSecurityModule({ readers, isModuleSlot: (reader) => reader.includes(moduleName) });
  try {
    await module?.start();
    const desk = createCardDesk(readers, moduleName === '' ? {} : { ignoreReaders: [moduleName] });
    const prover = new Prover(agencyClient(settings, volatileMessageIds()), module);
    const read = await desk.read((request) => prover.prove(request), {
      today: businessDay(systemClock.nowMs()),
      authenticate: 'when-available',
    });
    if (!read.ok) return read;
    const medical = module === undefined ? undefined : await desk.readMedical(module);
    await desk.release();
    const { identity } = read.value;
    const authenticatedBy = identity.authenticatedBy === 'none' ? 'none' : prover.answeredBy;
    return ok({
      ...read.value,
      identity: { ...identity, authenticatedBy },
      ...(medical?.ok === true ? { medical: medical.value } : {}),
    });
  } finally {
    await module?.stop();
    await readers.stop();
  }
}

/** The service needs half a second to notice a card, a busy machine more: one that was put in just now is waited for. */
const NOTICED_WITHIN_MS = 5_000;

function cardNoticed(readers: PcscCardReader, moduleName: string): Promise<void> {
  const there = () =>
    readers
      .readers()
      .some(({ reader, card }) => card !== 'none' && (moduleName === '' || !reader.includes(moduleName)));
  return new Promise((resolve) => {
    const finish = () => {
      end();
      cancel();
      resolve();
    };
    const cancel = systemClock.after(NOTICED_WITHIN_MS, finish);
    const end = readers.onEvent(() => {
      if (there()) finish();
    });
    if (there()) finish();
  });
}

class Prover {
  readonly #agency: AgencyPort;
  readonly #module: SecurityModulePort | undefined;
  answeredBy: 'agency' | 'security-module' = 'agency';

  constructor(agency: AgencyPort, module: SecurityModulePort | undefined) {
    this.#agency = agency;
    this.#module = module;
  }

  async prove(request: CardProofRequest): Promise<Result<CardProof, Fault>> {
    const operator = { number: 'cardread', name: 'card read', role: 'cashier' } as const;
    const anonymous: MessageContext = { operator, signInNumber: '' };
    const signedIn = await this.#agency.signIn(anonymous);
    const signInNumber = signedIn.kind === 'success' ? signedIn.value.signInNumber : '';
    const outcome = await this.#agency.authenticateCard(request, { operator, signInNumber });
    if (outcome.kind === 'success') return ok(outcome.value);
    // The agency was asked and will not vouch for this card: nobody else is asked.
    if (outcome.kind === 'refused' && outcome.fault.code !== 'agency-unreachable') return err(outcome.fault);
    if (this.#module === undefined) return err(fault('card-authentication-unavailable'));
    this.answeredBy = 'security-module';
    return this.#module.authenticate(request);
  }
}
