import type { HolderView } from '#server/api-types';
import { FaultNote } from './fault-note.tsx';
import { type TextKey, texts } from './texts.ts';
import { Words } from './words.tsx';

/** Who stands at the counter, what the account holds and how old that knowledge is. */
export function HolderPanel({ holder }: { holder: HolderView }) {
  return (
    <section class={`panel holder ${holder.state}`} data-testid="holder" data-state={holder.state}>
      <h2>
        <Words k="holder" />
      </h2>
      <HolderBody holder={holder} />
      {holder.fault === undefined ? null : <FaultNote fault={holder.fault} />}
      {holder.warnings.map((warning) => (
        <FaultNote key={warning.code} fault={warning} tone="warn" />
      ))}
    </section>
  );
}

function HolderBody({ holder }: { holder: HolderView }) {
  switch (holder.state) {
    case 'none':
      return holder.fault === undefined ? <Waiting k="noCard" note="noCardNote" /> : null;
    case 'reading':
      return <Waiting k="reading" busy />;
    case 'authenticating':
      return <Waiting k="authenticating" busy />;
    case 'refused':
      return <Waiting k="refused" />;
    case 'identified':
      return <Identified holder={holder} />;
  }
}

function Waiting({ k, note, busy }: { k: TextKey; note?: TextKey; busy?: boolean }) {
  return (
    <div class="holder-waiting" role="status">
      {busy === true ? <i class="spinner" aria-hidden="true" /> : null}
      <div>
        <b>
          <Words k={k} />
        </b>
        {note === undefined ? null : (
          <p class="muted small">
            <Words k={note} />
          </p>
        )}
      </div>
    </div>
  );
}

const SEX = { male: 'male', female: 'female', 'not-stated': 'notStated' } as const;
const PROOF = { agency: 'authAgency', 'security-module': 'authModule', none: 'authNone' } as const;
const MEDIUM = {
  card: 'mediumCard',
  'electronic-certificate': 'mediumCertificate',
  'identity-number': 'mediumIdentity',
} as const;

function Identified({ holder }: { holder: HolderView }) {
  const { sex, authenticatedBy, medium } = holder;
  return (
    <>
      <div class="holder-name">
        <b data-testid="holder-name">{holder.name}</b>
        <span>
          {sex === undefined ? '' : texts[SEX[sex]].zh} · {holder.age} {texts.age.zh}
        </span>
      </div>
      <div class="holder-facts">
        <span data-testid="holder-scheme">{holder.schemeZh ?? holder.scheme}</span>{' '}
        <small lang="en">{holder.schemeEn}</small>
      </div>
      <div class="holder-facts muted small">
        {medium === undefined ? '' : texts[MEDIUM[medium]].zh} {holder.cardNumber} ·{' '}
        {holder.certificateNumber}
      </div>
      <div class="holder-balance">
        <span>
          <Words k="balance" />
        </span>
        <b class="amount" data-testid="balance">
          {holder.balance ?? '—'}
        </b>
        <small class="muted">
          {ageText(holder.balanceAgeSeconds)}
          {holder.source === 'cache' ? ` · ${texts.fromCache.zh}` : ''}
          {authenticatedBy === undefined ? '' : ` · ${texts[PROOF[authenticatedBy]].zh}`}
        </small>
      </div>
    </>
  );
}

function ageText(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 10) return texts.balanceNow.zh;
  if (seconds < 60) return `${seconds} ${texts.secondsAgo.zh}`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} ${texts.minutesAgo.zh}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} ${texts.hoursAgo.zh}`;
  return `${Math.floor(seconds / 86_400)} ${texts.daysAgo.zh}`;
}
