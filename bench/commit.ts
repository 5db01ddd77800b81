import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '#core/assert';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import { engineTools } from '#main';
import { openTillStore, recordsFile } from '#store/open';
import { settlementIntended, settlementSucceeded } from '#store/records/settlement';
import type { SqliteStore } from '#store/sqlite-store';
import { CommitPeer } from './commit-peer.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { operator, sampleSale, sampleSettlement, settlementRequest } from './sample-sale.ts';
import { idleMoment, median, timed } from './statistics.ts';

const { optimiseFirstSteps, optimiseLate } = await engineTools();

/** With those of a round 630 sales, a busy day: a run of 270 gave 1.17 to 1.32 for the same program. */
const ROUNDS = 21;
const SALES = 30;
const INSTITUTION = 'P99010199999';

interface Times {
  readonly intent: number;
  readonly outcome: number;
}

/**
 * The two durable steps of a five-line insured sale, change and commit, beside one FULL transaction each in a
 * database of the same tables that is handed the finished rows.
 */
export async function* measures({ folder }: BenchContext): AsyncIterable<BenchOutput> {
  const sides = openCommitSides(folder);
  const rounds: CommitTimes[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const found = await sellMany(sides);
    if (round >= 0) rounds.push(found);
  }
  sides.close();
  for (const step of ['intent', 'outcome'] as const) {
    const ratio = median(rounds.map((round) => round.ours[step] / round.theirs[step]));
    yield { name: `commit-${step}`, value: ratio, unit: 'x', budget: { most: 1.3 } };
    yield { name: `commit-${step}-ours`, value: median(rounds.map((round) => round.ours[step])), unit: 'ms' };
    yield {
      name: `commit-${step}-plain`,
      value: median(rounds.map((round) => round.theirs[step])),
      unit: 'ms',
    };
  }
}

export interface CommitTimes {
  readonly ours: Times;
  readonly theirs: Times;
}

/** Records of ours and the bare tables beside them. */
export interface CommitSides {
  /** One sale on each side, in milliseconds; before each step both have an idle moment. */
  sell(): Promise<CommitTimes>;
  close(): void;
}

export function openCommitSides(folder: string): CommitSides {
  // As in the program at the counter.
  optimiseLate();
  const ours = join(folder, 'commit-ours');
  const sealKey = new Uint8Array(32).fill(1);
  const stepTaken = optimiseFirstSteps();
  const opened = openTillStore({ folder: ours, terminal: '01', clock: systemClock, sealKey, stepTaken });
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  const reading = new Database(join(ours, recordsFile), { readonly: true });
  const peer = new CommitPeer(join(folder, 'commit-peer.db'), reading);
  return {
    sell: () => sellOnce(store, peer),
    close() {
      peer.close();
      reading.close();
      store.close();
    },
  };
}

async function sellMany(sides: CommitSides): Promise<CommitTimes> {
  const times: CommitTimes[] = [];
  while (times.length < SALES) times.push(await sides.sell());
  const middle = (side: 'ours' | 'theirs', step: keyof Times) => median(times.map((one) => one[side][step]));
  const both = (side: 'ours' | 'theirs') => ({
    intent: middle(side, 'intent'),
    outcome: middle(side, 'outcome'),
  });
  return { ours: both('ours'), theirs: both('theirs') };
}

async function sellOnce(store: SqliteStore, peer: CommitPeer): Promise<CommitTimes> {
  let [intentByPeer, outcomeByPeer] = [0, 0];
  const ours = await sellBare(store, {
    intended: async (saleId) => {
      intentByPeer = await peer.intent(saleId);
    },
    settled: async (saleId) => {
      outcomeByPeer = await peer.outcome(saleId);
    },
  });
  return { ours, theirs: { intent: intentByPeer, outcome: outcomeByPeer } };
}

/** One sale of ours in milliseconds; `after` runs behind each of its two steps. */
export async function sellBare(
  store: SqliteStore,
  after?: {
    readonly intended: (saleId: string) => Promise<void>;
    readonly settled: (saleId: string) => Promise<void>;
  },
): Promise<Times> {
  const nowMs = systemClock.nowMs();
  const basket = sampleSale(store.nextSaleNumber(businessDay(nowMs)), nowMs);
  store.saveBasket(basket);
  // As at the counter: the agency has told about the holder, and the outcome will renew the balance.
  if (basket.holder?.cardId !== undefined) store.rememberHolder(basket.holder.cardId, basket.holder);
  const messageId = store.nextMessageId(INSTITUTION, nowMs);
  const request = settlementRequest(basket);
  const body = JSON.stringify(request, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  const message = { messageId, body, preparedAtMs: nowMs };
  await idleMoment();
  const intent = timed(() => {
    store.commit(settlementIntended({ sale: basket, request, message, nowMs, operator }));
  });
  await after?.intended(basket.saleId);
  const sale = store.sale(basket.saleId);
  assert(sale !== undefined, 'the intent keeps the sale');
  const settlement = sampleSettlement(sale, nowMs);
  await idleMoment();
  const outcome = timed(() => {
    store.commit(settlementSucceeded({ sale, messageId, answer: body, settlement, nowMs, operator }));
  });
  await after?.settled(basket.saleId);
  return { intent, outcome };
}
