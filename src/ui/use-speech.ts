import { useEffect, useRef } from 'preact/hooks';
import type { CustomerView } from '#server/api-types';
import { isZero } from './format.ts';
import { FIRST, first } from './language.ts';
import { type TextKey, texts } from './texts.ts';

/** Words of the catalogue and an amount, nothing else: what a stranger in the shop may overhear. */
function said(k: TextKey, amount?: string): string {
  return amount === undefined ? first(texts[k]) : `${first(texts[k])} ${amount} ${first(texts.yuanUnit)}`;
}

/** What is spoken when the screen comes to this state; empty = nothing. The name of nothing and nobody. */
export function spokenOf(view: CustomerView): string {
  const { hint, total, cash, changeDue, state } = view;
  const change = state === 'done' && changeDue !== undefined && !isZero(changeDue);
  switch (hint) {
    case 'scanning':
    case 'recalled':
      return said('total', total);
    case 'check':
      return `${said('total', total)}\n${said('shortCheck')}`;
    case 'pay':
      return `${said('total', total)}\n${said('customerPay', cash)}`;
    case 'enter-pin':
      return said('customerPin');
    case 'remove-card':
    case 'thanks':
      return [
        ...(change ? [said('change', changeDue)] : []),
        said(hint === 'thanks' ? 'customerThanks' : 'customerTake'),
      ].join('\n');
    case 'ask-staff':
      return said('customerAsk');
    case 'held':
      return said('customerHeld');
    case 'welcome':
    case 'wait':
      return '';
  }
}

/** The browser speaks what has changed, never the state that it finds; the newest words alone. */
export function useSpeech(view: CustomerView | undefined, on: boolean): void {
  const text = view === undefined || !on ? undefined : spokenOf(view);
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = text;
    if (text === undefined || before === undefined || text === before || !('speechSynthesis' in window))
      return;
    speechSynthesis.cancel();
    if (text === '') return;
    const words = new SpeechSynthesisUtterance(text);
    words.lang = FIRST;
    speechSynthesis.speak(words);
  }, [text]);
}
