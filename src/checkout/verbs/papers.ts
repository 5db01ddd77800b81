import { businessDay } from '#core/business-time';
import { type Fault, type FaultCode, fault, faultTable } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { noteCounterLook } from '../office/looks.ts';
import { PaperDesk, type PaperRequest } from '../paper-desk.ts';
import type { PaperAsk, PaperVerbs } from '../paper-rows.ts';
import { askedNow } from '../present/consent.ts';
import { tillView } from '../present/till.ts';
import type { TillCore } from '../till-core.ts';
import { done } from './answer.ts';

/** Consent, refusal, day summary and price label. */
export function paperVerbs(core: TillCore): PaperVerbs {
  const desk = new PaperDesk(core.parts);
  const person = (by: string | undefined) =>
    (by === undefined ? undefined : core.operators.byNumber(by)) ?? core.operator();
  return {
    async printPaper(ask, by) {
      // The day's summary and a label are also asked for after the shift is closed.
      const open = ask.kind === 'consent' || ask.kind === 'refusal' ? core.shiftOpen() : ok(undefined);
      if (!open.ok) return open;
      const request = requestOf(core, ask);
      if (!request.ok) return request;
      const printed = await desk.print(request.value, person(by));
      if (printed.ok || printed.error.code.startsWith('printer-')) {
        core.devices.printerSaid(printed.ok ? undefined : printed.error);
      }
      if (!printed.ok) return printed;
      if (ask.kind === 'consent') core.counter.consentPrinted = askedNow(core)?.basis;
      core.changed();
      return done(core);
    },
    paperPreview(ask, by) {
      const request = requestOf(core, ask);
      noteOthersLook(core, ask, by);
      return request.ok ? desk.preview(request.value, person(by)) : request;
    },
  };
}

/** Whoever has the shift has the holder on the screen already; somebody else sees the holder on this paper. */
function noteOthersLook(core: TillCore, { kind }: PaperAsk, by: string | undefined): void {
  const { holder, sale } = core.counter;
  if (kind !== 'consent' && kind !== 'refusal') return;
  if (by === undefined || by === core.operator().number || holder === undefined) return;
  noteCounterLook(core.parts, by, holder, sale.saleId);
}

function requestOf(core: TillCore, ask: PaperAsk): Result<PaperRequest, Fault> {
  const { sale, quote } = core.counter;
  switch (ask.kind) {
    case 'consent': {
      const split = quote?.split ?? sale.split;
      if (split === undefined || sale.state !== 'open') return err(fault('sale-not-now'));
      const { holder } = core.counter.holder ?? {};
      return ok({ kind: 'consent', sale: { ...sale, split, ...(holder === undefined ? {} : { holder }) } });
    }
    case 'refusal': {
      const view = tillView(core);
      const ofHolder = view.holder.state === 'refused' ? view.holder.fault : undefined;
      const shown = ofHolder ?? (sale.lines.length > 0 ? view.sale.fault : undefined);
      if (shown === undefined || !isFaultCode(shown.code)) return err(fault('sale-not-now'));
      return ok({ kind: 'refusal', fault: fault(shown.code), sale });
    }
    case 'day-summary':
      return ok({ kind: 'day-summary', businessDay: ask.day ?? businessDay(core.parts.clock.nowMs()) });
    case 'price-label':
      return ok({ kind: 'price-label', shopCode: ask.shopCode });
  }
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faultTable, code);
}
