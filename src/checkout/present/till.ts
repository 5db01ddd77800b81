import { businessDateTime, businessDay } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import { fault } from '#core/fault';
import { formatMoney } from '#core/money';
import type { UploadProgress } from '#sync/sync';
import { ageInHours, blacklistAge } from '../blacklist.ts';
import { cardOf } from '../counter.ts';
import { offlineLimits, spentOffline } from '../limits.ts';
import type { TillCore } from '../till-core.ts';
import type { HolderView, OfflineOffer, SaleView, TillView } from '../view.ts';
import { chronicPart, entitlementsPart } from './chronic.ts';
import { consentPart } from './consent.ts';
import { guardFaults } from './guards.ts';
import { holderView } from './holder.ts';
import { faultView } from './parts-of-view.ts';
import { replacesPart } from './refund.ts';
import { saleParts } from './stored-sale.ts';
import { saleSummary } from './summary.ts';

const PENDING = ['held', 'unknown', 'suspense', 'disputed', 'rejected'] as const;

const BEARERS = {
  shop: ['若医保中心拒付，由本店承担', 'If the agency refuses it later, the shop bears the loss'],
  holder: ['若医保中心拒付，由持卡人补付', 'If the agency refuses it later, the holder pays'],
} as const;

/** The whole till for the screen, from machines, counter and rows. */
export function tillView(core: TillCore): TillView {
  const { parts, counter } = core;
  const nowMs = parts.clock.nowMs();
  const catalog = parts.catalog()?.version;
  const offline = offlineOffer(core);
  const guards = guardFaults(parts).map(faultView);
  const { holderFault } = core.checkout.getSnapshot().context;
  return {
    revision: core.revision(),
    shopName: parts.config.shop.name,
    terminal: parts.config.shop.terminal,
    training: parts.training,
    now: businessDateTime(nowMs),
    shift: shiftView(core, nowMs),
    connectivity: connectivityView(core, nowMs),
    reader: readerView(core),
    printer: printerView(core),
    queue: queueView(core),
    ...(catalog === undefined
      ? {}
      : { catalog: { version: catalog.version, products: catalog.productCount } }),
    devices: [...core.devices.views()],
    pin: { entry: parts.config.pin.entry, waiting: core.pins.waiting() },
    credentials: {
      certificate: parts.config.credentials.electronic_certificate,
      identityNumber: parts.config.credentials.identity_number,
    },
    holder: {
      ...holderView({
        state: holderState(core),
        at: counter.holder,
        holderFault,
        actingPerson: counter.sale.actingPerson,
        nowMs,
        spent: spentOffline(parts, counter.holder).amount,
      }),
      ...entitlementsPart(core, nowMs),
    },
    sale: saleView(core),
    pending: parts.store.salesInState(PENDING).map((sale) => saleSummary(sale, parts.store, core.sync)),
    ...(offline === undefined ? {} : { offline }),
    ...(guards.length === 0 ? {} : { guards }),
  };
}

function shiftView(core: TillCore, nowMs: number): TillView['shift'] {
  const snapshot = core.shift.getSnapshot();
  const { operatorNumber, fault: refused } = snapshot.context;
  const owesSlips = snapshot.matches('closed') && owedSlips(core) > 0;
  const problem = owesSlips ? fault('slips-unprinted') : refused;
  const operator = operatorNumber === undefined ? undefined : core.operators.byNumber(operatorNumber);
  return {
    state: snapshot.value as TillView['shift']['state'],
    businessDay: businessDay(nowMs),
    ...(operator === undefined ? {} : { operator: { number: operator.number, name: operator.name } }),
    ...(problem === undefined ? {} : { fault: faultView(problem) }),
  };
}

function connectivityView(core: TillCore, nowMs: number): TillView['connectivity'] {
  const { state, forced, fault: problem, sinceMs } = core.link.status();
  const driftMs = core.parts.agency.driftMs();
  return {
    state,
    forced,
    sinceSeconds: Math.max(0, Math.round((nowMs - sinceMs) / 1000)),
    ...(problem === undefined ? {} : { fault: faultView(problem) }),
    ...(driftMs === undefined ? {} : { driftSeconds: Math.round(driftMs / 1000) }),
  };
}

function readerView({ parts }: TillCore): TillView['reader'] {
  const states = parts.cardDesk.readers();
  const readers = states.map(({ reader }) => reader);
  const status = parts.cardDesk.status();
  if (!status.ok) {
    const state = status.error.code === 'reader-service-down' ? 'service-down' : 'no-reader';
    return { state, readers, fault: faultView(status.error) };
  }
  if (states.some(({ card }) => card === 'mute'))
    return { state: 'fault', readers, fault: faultView(fault('card-mute')) };
  return { state: states.some(({ card }) => card === 'present') ? 'card-present' : 'ready', readers };
}

function owedSlips({ parts }: TillCore): number {
  return parts.store.slips(['owed', 'printing', 'unclear']).length;
}

function printerView(core: TillCore): TillView['printer'] {
  const { parts, slips } = core;
  const owed = owedSlips(core);
  const problem = slips.fault();
  if (parts.printer === undefined) return { state: 'unknown', owed };
  if (problem === undefined) return { state: 'ready', owed };
  return { state: 'fault', owed, fault: faultView(problem) };
}

function queueView({ parts, sync }: TillCore): TillView['queue'] {
  const { store } = parts;
  const { waiting, rejected, toNote } = store.uploadCounts();
  const progress = sync.uploadProgress();
  const code = rejected > 0 ? 'upload-rejected' : toNote > 0 ? 'upload-adjusted' : undefined;
  return {
    waiting,
    rejected,
    adjusted: toNote,
    atRisk: formatMoney(store.offlineAtRisk().amount),
    ...(code === undefined ? {} : { fault: faultView(fault(code)) }),
    ...(progress === undefined ? {} : { progress: progressView(progress) }),
  };
}

function progressView({ total, done, perMinute, leftMs }: UploadProgress): TillView['queue']['progress'] {
  const secondsLeft = leftMs === undefined ? undefined : Math.ceil(leftMs / 1000);
  return { total, done, perMinute, ...(secondsLeft === undefined ? {} : { secondsLeft }) };
}

function holderState({ checkout }: TillCore): HolderView['state'] {
  const snapshot = checkout.getSnapshot();
  if (snapshot.matches({ holder: { reading: 'authenticating' } })) return 'authenticating';
  if (snapshot.matches({ holder: 'reading' })) return 'reading';
  if (snapshot.matches({ holder: 'identified' })) return 'identified';
  return snapshot.matches({ holder: 'refused' }) ? 'refused' : 'none';
}

/** The sale on screen; its split is the quote until a row carries the settled one. */
export function saleView(core: TillCore): SaleView {
  const { sale, quote, useAccount, holder, scanFault } = core.counter;
  const state = core.saleState();
  const shown = shownSplit(core, state);
  const mode = sale.mode ?? quote?.mode;
  const { saleFault } = core.checkout.getSnapshot().context;
  const problem = sale.state === 'disputed' ? fault('sale-disputed') : (saleFault ?? scanFault);
  // An open sale would be made with what is at the counter now.
  const medium = sale.state === 'open' && mode !== 'own-pay' ? holder?.by.medium : undefined;
  return {
    ...saleParts(sale, shown),
    ...(medium === undefined ? {} : { medium }),
    state,
    useAccount,
    ...(mode === undefined ? {} : { mode }),
    ...chronicPart(sale, mode),
    ...(problem === undefined ? {} : { fault: faultView(problem) }),
    ...consentPart(core),
    ...replacesPart(core.parts.store, sale, shown),
  };
}

function shownSplit({ counter }: TillCore, state: SaleView['state']): Sale['split'] {
  if (state === 'selling' || state === 'quoting') return undefined;
  const quoted = state === 'confirming' || state === 'committing' ? counter.quote?.split : undefined;
  return quoted ?? counter.sale.split;
}

/** What may be deducted offline now; only shown while the agency is out of reach. */
function offlineOffer(core: TillCore): OfflineOffer | undefined {
  if (core.link.usable() || core.counter.holder === undefined) return undefined;
  const { holder } = core.counter;
  const { reason, allowed, perSale, leftOnCard, leftOnTerminal, ...rest } = offlineLimits(
    core.parts,
    holder,
    false,
  );
  const { salesLeftOnCard, salesLeftOnTerminal, percent } = rest;
  const [bearerZh, bearerEn] = BEARERS[core.parts.config.offline.bearer];
  const { store, clock } = core.parts;
  const cardUse = cardOf(core.counter.holder)?.medical?.cardUse;
  const list = blacklistAge(store, clock.nowMs());
  return {
    allowed,
    ...(reason === undefined ? {} : { fault: faultView(reason) }),
    perSale: formatMoney(perSale),
    leftOnCard: formatMoney(leftOnCard),
    leftOnTerminal: formatMoney(leftOnTerminal),
    ...{ salesLeftOnCard, salesLeftOnTerminal, percent },
    ...(holder?.holder === undefined
      ? {}
      : { dataAgeHours: ageInHours(clock.nowMs() - holder.holder.asOfMs) }),
    ...(cardUse === undefined ? {} : { signature: cardUse === 'offline' ? 'card' : 'module' }),
    ...(list === undefined
      ? {}
      : { blacklistVersion: list.version, blacklistAgeHours: ageInHours(list.ageMs) }),
    bearerZh,
    bearerEn,
  };
}
