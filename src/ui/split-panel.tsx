import type { ComponentChildren } from 'preact';
import type { OfflineOffer, ReasonView, SplitView, TillView } from '#server/api-types';
import { VisitMark } from './chronic-panel.tsx';
import { FaultNote } from './fault-note.tsx';
import { isZero, permille } from './format.ts';
import { first, SECOND, second, told } from './language.ts';
import { type TextKey, texts } from './texts.ts';
import { useScrollStop } from './use-scroll-stop.ts';
import { spoken, Words } from './words.tsx';

const SOURCE = { agency: 'splitAgency', offline: 'splitOffline', 'own-pay': 'splitOwnPay' } as const;

/** Who pays what: a bar of the three payers that fills the whole, the rows behind it, and every reason. */
export function SplitPanel({ till }: { till: TillView }) {
  const { sale } = till;
  const { split } = sale;
  const box = useScrollStop<HTMLElement>();
  return (
    <section
      ref={box}
      class="panel split"
      aria-label={spoken('split')}
      data-testid="split"
      aria-busy={sale.state === 'quoting'}
    >
      <h2>
        <Words k="split" />
        {split === undefined ? null : (
          <em class={`tag source-${split.source}`} data-testid="split-source">
            {first(texts[SOURCE[split.source]])}
          </em>
        )}
      </h2>
      <VisitMark sale={sale} />
      {sale.useAccount ? null : (
        <p class="account-off" data-testid="account-off">
          <Words k="accountOff" />
        </p>
      )}
      {split === undefined ? <NoSplit till={till} /> : <SplitBody split={split} />}
    </section>
  );
}

function NoSplit({ till }: { till: TillView }) {
  const { sale, offline, holder, connectivity } = till;
  const withHolder = connectivity.state === 'offline' ? 'splitNoteOffline' : 'splitNote';
  const note = holder.state === 'identified' ? withHolder : 'splitNoteOwnPay';
  return (
    <>
      <p class="muted small">{sale.state === 'quoting' ? <Words k="quoting" /> : <Words k={note} />}</p>
      {offline === undefined ? null : <OfflineLimits offer={offline} />}
    </>
  );
}

export function OfflineLimits({ offer, bearer = true }: { offer: OfflineOffer; bearer?: boolean }) {
  return (
    <div class="limits" data-testid="offline-limits">
      {offer.allowed ? null : (
        <p class="bearer">
          <Words k="offlineNotAllowed" />
        </p>
      )}
      <dl>
        <Row k="perSale" amount={offer.perSale} always />
        <Row k="leftOnCard" amount={offer.leftOnCard} always />
        <Row k="leftOnTerminal" amount={offer.leftOnTerminal} always />
      </dl>
      <Note k="salesLeft" testId="offline-sales-left">
        {offer.salesLeftOnCard} / {offer.salesLeftOnTerminal}
      </Note>
      {offer.percent === 100 ? null : (
        <Note k="tightened" testId="offline-tightened">
          {offer.percent} %
          {offer.dataAgeHours === undefined ? '' : ` · ${offer.dataAgeHours} ${first(texts.hoursOld)}`}
        </Note>
      )}
      {offer.signature === undefined ? null : (
        <Note k="signedBy" testId="offline-signature">
          <Words k={offer.signature === 'card' ? 'signedByCard' : 'signedByModule'} />
        </Note>
      )}
      {offer.blacklistVersion === undefined ? null : (
        <Note k="blacklist" testId="offline-blacklist">
          {offer.blacklistVersion}
          {offer.blacklistAgeHours === undefined
            ? ''
            : ` · ${offer.blacklistAgeHours} ${first(texts.hoursOld)}`}
        </Note>
      )}
      {bearer ? (
        <p class="bearer">
          {first(told(offer.bearerZh, offer.bearerEn))}{' '}
          <small lang={SECOND}>{second(told(offer.bearerZh, offer.bearerEn))}</small>
        </p>
      ) : null}
      {offer.fault === undefined ? null : <FaultNote fault={offer.fault} tone="warn" />}
    </div>
  );
}

function Note(props: { k: TextKey; testId: string; children: ComponentChildren }) {
  return (
    <p class="limits-note" data-testid={props.testId}>
      <span>
        {first(texts[props.k])} <small lang={SECOND}>{second(texts[props.k])}</small>
      </span>
      <b>{props.children}</b>
    </p>
  );
}

function SplitBody({ split }: { split: SplitView }) {
  return (
    <>
      <div class="bar" aria-hidden="true">
        {(['fund', 'account', 'family', 'cash'] as const).map((payer) => {
          const amount = {
            fund: split.fundTotal,
            account: split.account,
            family: split.familyAccount ?? '0.00',
            cash: split.cash,
          }[payer];
          return <i key={payer} class={`bar-${payer}`} style={{ flexGrow: permille(amount, split.total) }} />;
        })}
      </div>
      <dl class="payers">
        {split.funds.map(({ fund, nameZh, amount }) => (
          <Payer
            key={fund}
            tone="fund"
            label={first({ zh: nameZh, en: texts.fund.en })}
            en={second({ zh: nameZh, en: texts.fund.en })}
            amount={amount}
            testId={`fund-${fund}`}
          />
        ))}
        <Payer
          tone="account"
          label={first(texts.account)}
          en={second(texts.account)}
          amount={split.account}
          testId="split-account"
        />
        {split.familyAccount === undefined || isZero(split.familyAccount) ? null : (
          <Payer
            tone="family"
            label={first(texts.familyAccount)}
            en={second(texts.familyAccount)}
            amount={split.familyAccount}
            testId="split-family"
          />
        )}
        <Payer
          tone="cash"
          label={first(texts.cash)}
          en={second(texts.cash)}
          amount={split.cash}
          testId="split-cash"
        />
      </dl>
      <dl class="scopes">
        <Row k="inScope" amount={split.inScope} always />
        <Row k="firstSelfPay" amount={split.firstSelfPay} />
        <Row k="overCeiling" amount={split.overCeiling} />
        <Row k="outOfScope" amount={split.outOfScope} />
        <Row k="deductible" amount={split.deductible} />
        {split.balanceAfter === undefined ? null : (
          <Row k="balanceAfter" amount={split.balanceAfter} always />
        )}
      </dl>
      <ul class="reasons">
        {split.reasons.map((reason) => (
          <ReasonRow key={`${reason.step}${first(reason)}`} reason={reason} />
        ))}
      </ul>
    </>
  );
}

/** One amount with its rule; more than one part (bands, lines) stands below it. */
function ReasonRow({ reason }: { reason: ReasonView }) {
  const { policy, version, rule, parts = [] } = reason;
  return (
    <li>
      <span>
        {first(reason)} <small lang={SECOND}>{second(reason)}</small>{' '}
        <small class="rule">
          {policy} {version} {rule ?? ''}
        </small>
        {parts.length < 2 ? null : (
          <ul class="reason-parts">
            {parts.map((part) => (
              <li key={`${part.step}${first(part)}`}>
                <span>{first(part)}</span> <b class="amount">{part.amount}</b>
              </li>
            ))}
          </ul>
        )}
      </span>
      <b class="amount">{reason.amount}</b>
    </li>
  );
}

function Payer(props: { tone: string; label: string; en: string; amount: string; testId: string }) {
  return (
    <div class="payer">
      <dt>
        <i class={`swatch bar-${props.tone}`} aria-hidden="true" />
        {props.label} <small lang={SECOND}>{props.en}</small>
      </dt>
      <dd class="amount" data-testid={props.testId}>
        {props.amount}
      </dd>
    </div>
  );
}

function Row({ k, amount, always }: { k: TextKey; amount: string; always?: boolean }) {
  if (always !== true && isZero(amount)) return null;
  return (
    <div class="row">
      <dt>
        {first(texts[k])} <small lang={SECOND}>{second(texts[k])}</small>
      </dt>
      <dd class="amount" data-testid={`row-${k}`}>
        {amount}
      </dd>
    </div>
  );
}
