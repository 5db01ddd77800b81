import type { FaultView } from '#server/api-types';

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
  const shown = fault.retry === 'ambiguous' ? 'unknown' : tone;
  return (
    <div class={`fault ${shown}`} role={shown === 'warn' ? 'status' : 'alert'} data-testid="fault">
      <div class="fault-what">
        {part === undefined ? null : <b class="fault-part">{part}</b>}
        <strong>{fault.zh}</strong> <code data-testid="fault-code">{fault.code}</code>
        <small lang="en">{fault.en}</small>
      </div>
      <div class="fault-next">
        <span>→ {fault.nextZh}</span> <small lang="en">{fault.nextEn}</small>
        {fault.detail === undefined ? null : <small class="fault-detail"> [{fault.detail}]</small>}
      </div>
    </div>
  );
}
