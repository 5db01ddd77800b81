import type { FaultView } from '#server/api-types';
import { first, SECOND, second, told } from './language.ts';

/** A fault with everything a cashier needs: what happened, what to do, and the code for the phone call. */
export function FaultNote({
  fault,
  part,
  tone = 'bad',
}: {
  fault: FaultView;
  part?: string;
  tone?: 'bad' | 'warn' | 'unknown';
}) {
  const what = told(fault.zh, fault.en);
  const next = told(fault.nextZh, fault.nextEn);
  const shown = fault.retry === 'ambiguous' ? 'unknown' : tone;
  return (
    <div class={`fault ${shown}`} role={shown === 'warn' ? 'status' : 'alert'} data-testid="fault">
      <div class="fault-what">
        {part === undefined ? null : <b class="fault-part">{part}</b>}
        <strong>{first(what)}</strong> <code data-testid="fault-code">{fault.code}</code>
        <small lang={SECOND}>{second(what)}</small>
      </div>
      <div class="fault-next">
        <span>→ {first(next)}</span> <small lang={SECOND}>{second(next)}</small>
        {fault.detail === undefined ? null : <small class="fault-detail"> [{fault.detail}]</small>}
      </div>
    </div>
  );
}
