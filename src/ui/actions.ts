import type { TillView } from '#server/api-types';
import type { TextKey } from './texts.ts';

export type ActionId =
  | 'menu'
  | 'quantity'
  | 'remove'
  | 'equivalents'
  | 'hold'
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
    action('quantity', 'F2', 'keyQuantity', selling && filled),
    action('remove', 'F3', 'keyRemove', selling && filled),
    action('equivalents', 'Insert', 'keyEquivalents', selling && filled),
    action('hold', 'F4', 'keyHold', selling && filled),
    action('recall', 'F6', 'keyRecall', true),
    action('account', 'F7', useAccount ? 'keyAccountOn' : 'keyAccountOff', selling || confirming),
    action('quote', 'F8', 'keyQuote', selling && filled),
    action('pay', 'F9', 'keyPay', confirming),
    action('next', 'F10', over ? 'keyNext' : 'keyNew', over || (selling && filled)),
    action('sales', 'F11', 'keySales', true),
    ...(till.training ? [action('training', 'F12', 'keyTraining', true)] : []),
    action('back', 'Esc', 'keyBack', confirming),
  ];
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
