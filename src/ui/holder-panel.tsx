import type { ActingPersonView, HolderView, TillView } from '#server/api-types';
import { ageText } from './age.ts';
import { ChronicPanel } from './chronic-panel.tsx';
import { FaultNote } from './fault-note.tsx';
import { first, SECOND, second, told } from './language.ts';
import { memo } from './memo.ts';
import { Pictogram } from './pictogram.tsx';
import { type TextKey, texts } from './texts.ts';
import { Words } from './words.tsx';

/** Who stands at the counter, what the account holds and how old that knowledge is. */
export function HolderPanel({ till }: { till: TillView }) {
  return <Holder holder={till.holder} acting={till.sale.actingPerson ?? till.holder.actingPerson} />;
}

const Holder = memo(function Holder(props: { holder: HolderView; acting: ActingPersonView | undefined }) {
  const { holder, acting } = props;
  return (
    <section class={`panel holder ${holder.state}`} data-testid="holder" data-state={holder.state}>
      <h2>
        <Words k="holder" />
      </h2>
      <HolderBody holder={holder} />
      {acting === undefined ? null : <Acting person={acting} />}
      {holder.fault === undefined ? null : <FaultNote fault={holder.fault} />}
      {holder.warnings.map((warning) => (
        <FaultNote key={warning.code} fault={warning} tone="warn" />
      ))}
    </section>
  );
});

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
      <div class="holder-who">
        <PhotoPlace name={holder.name} />
        <div>
          <div class="holder-name">
            <b data-testid="holder-name">{holder.name}</b>
            <span>
              {joined(
                sex === undefined ? undefined : first(texts[SEX[sex]]),
                holder.age === undefined ? undefined : `${holder.age} ${first(texts.age)}`,
              )}
            </span>
          </div>
          <div class="holder-facts scheme">
            <span data-testid="holder-scheme">
              {first(told(holder.schemeZh ?? holder.scheme, holder.schemeEn))}
            </span>{' '}
            <small lang={SECOND}>{second(told(holder.schemeZh, holder.schemeEn))}</small>
          </div>
          <div class="holder-facts muted small">
            {joined(
              [medium === undefined ? '' : first(texts[MEDIUM[medium]]), holder.cardNumber ?? '']
                .join(' ')
                .trim(),
              holder.certificateNumber,
            )}
          </div>
        </div>
      </div>
      <CardFacts holder={holder} />
      <div class="holder-balance">
        <span>
          <Words k="balance" />
        </span>
        <b class="amount" data-testid="balance">
          {holder.balance ?? '—'}
        </b>
        <small class="muted">
          {joined(
            ageText(holder.balanceAgeSeconds),
            holder.source === 'cache' ? first(texts.fromCache) : undefined,
            authenticatedBy === undefined ? undefined : first(texts[PROOF[authenticatedBy]]),
          )}
        </small>
        {holder.spentOffline === undefined ? null : (
          <p class="holder-spent" data-testid="spent-offline">
            <Words k="spentOffline" /> <b class="amount">−{holder.spentOffline}</b> <Words k="available" />{' '}
            <b class="amount">{holder.availableBalance}</b>
          </p>
        )}
      </div>
      {holder.chronic === undefined ? null : <ChronicPanel chronic={holder.chronic} />}
    </>
  );
}

/** Where the photo of a card stands that has one: this one gives none, so the family name, or nobody's outline. */
function PhotoPlace({ name }: { name: string | undefined }) {
  const [initial] = name ?? '';
  return (
    <span class="holder-photo" aria-hidden="true" data-testid="holder-photo">
      {initial === undefined ? <Pictogram of="person" /> : initial}
    </span>
  );
}

/** What is known, with a point between; what is not known leaves no gap. */
function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

const CARD_USE = { online: 'cardUseOnline', offline: 'cardUseOffline' } as const;

/** What the region and the card itself say, as far as it is known. */
function CardFacts({ holder }: { holder: HolderView }) {
  const { insuredRegion, personClass, cardUse } = holder;
  const facts: [TextKey, string][] = [];
  if (insuredRegion !== undefined) facts.push(['insuredRegion', insuredRegion]);
  if (personClass !== undefined) facts.push(['personClass', personClass]);
  if (cardUse !== undefined) facts.push(['cardUse', first(texts[CARD_USE[cardUse]])]);
  if (facts.length === 0) return null;
  return (
    <dl class="holder-card" data-testid="holder-card">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{first(texts[label])}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export const RELATIONS = {
  spouse: 'relationSpouse',
  parent: 'relationParent',
  child: 'relationChild',
  'other-relative': 'relationOtherRelative',
  other: 'relationOther',
} as const satisfies Record<ActingPersonView['relation'], TextKey>;

function Acting({ person }: { person: ActingPersonView }) {
  return (
    <p class="holder-acting" data-testid="holder-acting">
      <span class="tag">
        {first(texts.actingFor)} <small lang={SECOND}>{second(texts.actingFor)}</small>
      </span>
      <b>{person.name}</b> <span>{first(texts[RELATIONS[person.relation]])}</span>
      <span class="muted small">{person.identityNumber}</span>
    </p>
  );
}
