import { join } from 'node:path';
import { createAgencyClient } from '#agency/client';
import { createHttpLink } from '#agency/http-link';
import type { Link } from '#agency/link';
import { createTill, type RunningTill } from '#checkout/till';
import { assert } from '#core/assert';
import type { Config } from '#core/config/schema';
import { ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import type { CardLike } from '#drivers/card-reader/port';
import { openKeyStore } from '#drivers/key-store/open';
import type { PrinterPort } from '#drivers/printer/port';
import { FakeSecurityModule } from '#drivers/security-module/fake';
import { infnoOfPath } from '#simulators/agency/paths';
import { openTillStore } from '#store/open';
import type { SqliteStore } from '#store/sqlite-store';
import type { Ground } from '../../src/main/world/ground.ts';
import type { JumpClock } from './jump-clock.ts';

export const READER = 'Slot 00 00';

export interface WeekTillParts {
  readonly folder: string;
  readonly config: Config;
  readonly ground: Ground;
  readonly clock: JumpClock;
  readonly wire: Wire;
  /** Outlives every start: its counter numbers the sales. */
  readonly module: CardLike;
  readonly random: () => number;
  readonly newId: () => string;
  readonly onError: (what: string) => void;
}

/** One run of the till's program: real records and keys, real sockets to the agency; card and module in process. */
export interface WeekTill {
  readonly till: RunningTill;
  readonly store: SqliteStore;
  readonly reader: FakeCardReader;
  /** Ends in good order, as at night. */
  stop(): Promise<void>;
}

/** What is on the line to the agency at the moment, and what its uploads cost. */
export class Wire {
  inFlight = 0;
  firstUploadMs: number | undefined;
  lastAnswerMs = 0;
  waitedMs = 0;

  around(link: Link): Link {
    return {
      send: async (request) => {
        const startMs = performance.now();
        const isUpload = infnoOfPath(new URL(request.url).pathname) === '2102';
        this.inFlight += 1;
        if (isUpload) this.firstUploadMs ??= startMs;
        try {
          return await link.send(request);
        } finally {
          this.inFlight -= 1;
          this.lastAnswerMs = performance.now();
          if (isUpload) this.waitedMs += this.lastAnswerMs - startMs;
        }
      },
    };
  }
}

/** Prints and keeps nothing: the slips of a week are not the till's memory. */
const paper: PrinterPort = {
  address: 'paper:',
  status: async () => ok({ online: true, paper: 'ok', coverOpen: false }),
  print: async () => ok(undefined),
  openDrawer: async () => ok(undefined),
  beep: async () => undefined,
  close: async () => undefined,
};

export async function startWeekTill(parts: WeekTillParts): Promise<WeekTill> {
  const { folder, config, ground, clock, wire } = parts;
  const keys = await openKeyStore({ store: 'file', folder: join(folder, 'keys'), clock });
  assert(keys.ok, 'the keys open');
  const keyStore = keys.value;
  const opened = openTillStore({ folder, terminal: '01', clock, sealKey: keyStore.derive('records') });
  assert(opened.ok, 'the records open');
  const store = opened.value;
  const reader = new FakeCardReader({ readers: [READER], clock });
  await reader.start();
  const securityModule = new FakeSecurityModule();
  await securityModule.start();
  securityModule.insert(parts.module);
  const { shop, agency: line } = config;
  const connectTimeoutMs = line.connect_timeout_ms;
  const agency = createAgencyClient({
    baseUrl: line.url,
    institution: { code: shop.institution_code, name: shop.name },
    region: shop.region,
    deviceNumber: '01',
    timeouts: { connectMs: connectTimeoutMs, answerMs: line.answer_timeout_ms },
    clock,
    messageIds: store,
    link: wire.around(createHttpLink({ clock, connectTimeoutMs })),
  });
  const none = () => undefined;
  const till = createTill({
    ...{ config, training: true, clock, random: parts.random, newId: parts.newId, store, agency },
    ...{ cardDesk: createCardDesk(reader), securityModule, keyStore, policies: ground.policies },
    ...{ catalog: () => ground.catalog, useCatalog: () => ok(undefined) },
    ...{ agencyCatalog: none, useAgencyCatalog: () => ok(undefined) },
    ...{ printer: paper, pinPads: [], scanners: [], displays: [] },
    log: {
      info: none,
      warn: none,
      error: (facts, text) => parts.onError(`${text} ${JSON.stringify(facts)}`),
    },
  });
  till.start();
  return {
    ...{ till, store, reader },
    async stop() {
      await till.stop();
      await reader.stop();
      await securityModule.stop();
      store.close();
      await keyStore.close();
    },
  };
}
