import type { Sale } from '#core/domain/sale';
import { standingToday } from '../entitlements.ts';
import type { TillCore } from '../till-core.ts';
import type { HolderView, SaleView } from '../view.ts';
import { faultView } from './parts-of-view.ts';

/** What is filed for the holder at the counter, as far as it is known, and how old that knowledge is. */
export function entitlementsPart(core: TillCore, nowMs: number): Pick<HolderView, 'chronic'> {
  const { holder, entitlements } = core.counter;
  if (entitlements === undefined || entitlements.of !== holder?.holder?.personNumber) return {};
  const { state, answer, fault } = entitlements;
  return {
    chronic: {
      state,
      ...(answer === undefined
        ? {}
        : { ageSeconds: Math.max(0, Math.round((nowMs - answer.asOfMs) / 1000)) }),
      ...(fault === undefined ? {} : { fault: faultView(fault) }),
      filed: (answer?.list ?? []).map((each) => ({
        diseaseCode: each.diseaseCode,
        diseaseName: each.diseaseName,
        from: each.from,
        ...(each.to === undefined ? {} : { to: each.to }),
        ...(each.institution === undefined ? {} : { institution: each.institution.name }),
        standing: standingToday(core.parts, each),
      })),
    },
  };
}

/** A sale without insurance is no visit of any kind. */
export function chronicPart({ chronic }: Sale, mode: SaleView['mode']): Pick<SaleView, 'chronic'> {
  if (chronic === undefined || mode === 'own-pay') return {};
  const { diseaseCode, diseaseName } = chronic;
  return { chronic: { diseaseCode, diseaseName } };
}
