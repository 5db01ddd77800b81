import type { TillView } from '#server/api-types';
import type { TextKey } from './texts.ts';

export type ActionId =
  | 'menu'
  | 'quantity'
  | 'remove'
  | 'equivalents'
  | 'hold'
  | 'visit'
  | 'recall'
  | 'account'
  | 'quote'
  | 'pay'
  | 'next'
  | 'sales'
  | 'training'
  | 'back';

export interface Action {
  readonly id: ActionId;
  readonly key: string;
  readonly label: TextKey;
  readonly enabled: boolean;
  /** The one thing to do next in this state. */
  readonly primary: boolean;
}

/** Which keys do something in which state of the sale; one at most is the primary action. */
export function actionsFor(till: TillView): readonly Action[] {
  const { state, lines, useAccount } = till.sale;
  const selling = state === 'selling';
  const confirming = state === 'confirming';
  const over = state === 'done' || state === 'unknown';
  const filled = lines.length > 0;
  // What is kept of an earlier sale is paid or given up, never changed.
  const rest = till.sale.replaces !== undefined;
  const open = selling && filled && !rest;
  const primary = primaryOf(state, filled);
  const action = (id: ActionId, key: string, label: TextKey, enabled: boolean): Action => ({
    id,
    key,
    label,
    enabled,
    primary: id === primary,
  });
  return [
    action('menu', 'F1', 'keyMenu', true),
    action('quantity', 'F2', 'keyQuantity', open),
    action('remove', 'F3', 'keyRemove', open),
    action('equivalents', 'Insert', 'keyEquivalents', open),
    action('hold', 'F4', 'keyHold', selling && filled),
    ...(hasVisits(till) ? [action('visit', 'F5', 'keyVisit', selling || confirming)] : []),
    action('recall', 'F6', 'keyRecall', true),
    action('account', 'F7', useAccount ? 'keyAccountOn' : 'keyAccountOff', selling || confirming),
    action('quote', 'F8', 'keyQuote', selling && filled),
    action('pay', 'F9', till.sale.consent?.state === 'needed' ? 'keyConsent' : 'keyPay', confirming),
    action('next', 'F10', over ? 'keyNext' : rest ? 'restGiveUp' : 'keyNew', over || (selling && filled)),
    action('sales', 'F11', 'keySales', true),
    ...(till.training ? [action('training', 'F12', 'keyTraining', true)] : []),
    action('back', 'Esc', 'keyBack', confirming),
  ];
}

/** Whether there is anything to choose: a disease that is filed or was chosen, or an answer that is still missing. */
export function hasVisits({ holder, sale, connectivity }: TillView): boolean {
  const { chronic } = holder;
  if (sale.chronic !== undefined) return true;
  if (holder.state !== 'identified' || chronic === undefined) return false;
  return chronic.filed.length > 0 || (chronic.state === 'unknown' && connectivity.state !== 'offline');
}

function primaryOf(state: TillView['sale']['state'], filled: boolean): ActionId | undefined {
  switch (state) {
    case 'selling':
      return filled ? 'quote' : undefined;
    case 'confirming':
      return 'pay';
    case 'done':
    case 'unknown':
      return 'next';
    default:
      return undefined;
  }
}
