import { businessDay } from '#core/business-time';
import type { SaleDecision } from '#core/domain/sale-decision';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { isTorn } from '#sync/plan';
import { acceptDispute, type CancelOptions, type CancelRequest, cancelSale } from '../cancel.ts';
import { decideSale } from '../decide.ts';
import { doctor } from '../doctor.ts';
import type { OperatorCredential, SaleReceipt, Till } from '../facade.ts';
import { noteRecordLook } from '../office/looks.ts';
import { replacesPart } from '../present/refund.ts';
import { storedSaleView } from '../present/stored-sale.ts';
import { saleSummary } from '../present/summary.ts';
import { queueRows } from '../queue.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';
import { switchList } from './list.ts';
import { bySecond } from './second.ts';

type BackOfficeVerbs = Pick<
  Till,
  | 'sales'
  | 'saleById'
  | 'cancelSale'
  | 'giveUp'
  | 'decideDispute'
  | 'decideSale'
  | 'printAgain'
  | 'slipPreview'
  | 'queue'
  | 'noteAdjustment'
  | 'syncNow'
  | 'reconcile'
  | 'forceOffline'
  | 'useCatalog'
  | 'useAgencyCatalog'
  | 'doctor'
>;

/** Verbs about sales that are over, the queue, and the link. */
export function backOfficeVerbs(core: TillCore): BackOfficeVerbs {
  const { store, clock } = core.parts;
  const today = () => businessDay(clock.nowMs());
  return {
    sales(day) {
      // An emptied basket keeps its number for the next customer; it is no sale.
      const begun = store.salesOfDay(day ?? today()).filter((sale) => sale.lines.length > 0);
      return begun.map((sale) => saleSummary(sale, store, core.sync));
    },
    saleById: (saleId, by) => saleReceipt(core, saleId, by),
    cancelSale: (saleId, second, reason) => withSecond(core, saleId, second, reason, 'cancel'),
    decideDispute: (saleId, decision, second, reason) => withSecond(core, saleId, second, reason, decision),
    decideSale: (saleId, decision, second, reason, by) =>
      withSecond(core, saleId, second, reason, decision, by),
    async giveUp(saleId) {
      const sale = store.sale(saleId);
      if (sale === undefined) return err(fault('sale-not-found'));
      if (sale.state !== 'unknown' && sale.state !== 'suspense') return err(fault('sale-not-now'));
      if (isTorn(sale)) return err(fault('offline-card-needed'));
      core.sync.giveUp(saleId);
      return done(core);
    },
    async printAgain(saleId) {
      const sale = store.sale(saleId);
      if (sale === undefined) return err(fault('sale-not-found'));
      const printed = await core.slips.printCopy(sale);
      return printed.ok ? done(core) : printed;
    },
    slipPreview(saleId, by) {
      const sale = store.sale(saleId);
      if (sale === undefined) return err(fault('sale-not-found'));
      noteRecordLook(core.parts, by ?? core.operator().number, sale);
      return core.slips.preview(sale);
    },
    queue: () => queueRows(core.parts),
    async noteAdjustment(saleId, by) {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const noted = store.noteUpload(saleId, by ?? core.operator().number, clock.nowMs());
      if (!noted) return err(fault('sale-not-now'));
      core.changed();
      return done(core);
    },
    async syncNow() {
      if (core.link.status().forced) return err(fault('agency-unreachable', 'forced offline'));
      core.link.probeNow();
      void core.blacklist.fetch();
      return ok(await core.sync.drainUploads());
    },
    reconcile: (day) => core.sync.reconcile(day ?? today()),
    async forceOffline(forced) {
      core.link.forceOffline(forced);
      return done(core);
    },
    async useCatalog(version, operator) {
      const used = switchList(core, version, operator);
      return used.ok ? done(core) : used;
    },
    async useAgencyCatalog(version) {
      const used = core.parts.useAgencyCatalog(version);
      if (!used.ok) return used;
      core.changed();
      return done(core);
    },
    doctor: () => doctor(core),
  };
}

function saleReceipt(core: TillCore, saleId: string, by?: string): SaleReceipt | undefined {
  const sale = core.parts.store.sale(saleId);
  if (sale === undefined) return undefined;
  if (by !== undefined) noteRecordLook(core.parts, by, sale);
  const { store } = core.parts;
  const view = { ...storedSaleView(sale), ...replacesPart(store, sale, sale.split) };
  return { summary: saleSummary(sale, store, core.sync), view };
}

function withSecond(
  core: TillCore,
  saleId: string,
  credential: OperatorCredential,
  reason: string,
  decision: 'accept' | 'cancel' | SaleDecision,
  by?: string,
): Promise<Answer> {
  const what = typeof decision === 'string' ? decision : decision.kind;
  return bySecond(core, { saleId, credential, reason, what, by }, (options, request) =>
    carriedOut(options, request, decision),
  );
}

async function carriedOut(
  options: CancelOptions,
  request: CancelRequest,
  decision: 'accept' | 'cancel' | SaleDecision,
): Promise<Result<void, Fault>> {
  if (decision === 'accept') return acceptDispute(options, request);
  if (decision === 'cancel') return cancelSale(options, request);
  return decideSale(options.parts, { ...request, decision });
}
