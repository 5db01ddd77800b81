import { useEffect, useRef } from 'preact/hooks';
import type { CustomerView } from '#server/api-types';
import { ClassBadge } from './class-badge.tsx';
import { askedOfCustomerPage } from './customer-modes.ts';
import { PICTURES, SimpleScreen } from './customer-simple.tsx';
import { isZero } from './format.ts';
import { first } from './language.ts';
import { Pictogram } from './pictogram.tsx';
import { type TextKey, texts } from './texts.ts';
import { useCustomer } from './use-customer.ts';
import { useSpeech } from './use-speech.ts';
import { Words } from './words.tsx';

/** What this page's address asks for goes before the shop's configuration; nothing is kept in the browser. */
const ASKED = askedOfCustomerPage(location.search);

const HINTS = {
  welcome: 'customerShow',
  scanning: 'customerScanning',
  check: 'customerCheck',
  'enter-pin': 'customerPin',
  wait: 'customerWait',
  pay: 'customerPay',
  'remove-card': 'customerTake',
  thanks: 'customerThanks',
  'ask-staff': 'customerAsk',
  held: 'customerHeld',
  recalled: 'customerRecalled',
} as const satisfies Record<CustomerView['hint'], TextKey>;

/** The screen that faces the customer: products, sums, and the one thing to do now. */
export function CustomerApp() {
  const { shopName, view, lost } = useCustomer();
  useSpeech(view, ASKED.speech ?? view?.speech === true);
  if (view === undefined) return <Closed shopName={shopName} />;
  const mode = ASKED.mode ?? view.mode;
  const resting = view.lines.length === 0 && (view.hint === 'welcome' || view.hint === 'held');
  if (mode === 'simple') return <SimpleScreen view={view} lost={lost} resting={resting} />;
  return (
    <main
      class={`customer mode-${mode}`}
      data-testid="customer"
      data-hint={view.hint}
      data-state={view.state}
    >
      <header class="customer-head">
        <h1>{view.shopName}</h1>
        {view.training ? <em class="tag">{first(texts.training)}</em> : null}
        {lost ? (
          <span class="customer-lost" role="status">
            <Words k="customerLost" />
          </span>
        ) : null}
        <span class="customer-name" data-testid="customer-name">
          {view.holderName}
        </span>
      </header>
      {resting ? <Welcome held={view.hint === 'held'} /> : <Sale view={view} />}
      <p class={`customer-hint hint-${view.hint}`} role="status" data-testid="customer-hint">
        {mode === 'large' ? <Pictogram of={PICTURES[view.hint]} /> : null}
        <Words k={HINTS[view.hint]} />
      </p>
    </main>
  );
}

function Closed({ shopName }: { shopName: string }) {
  return (
    <main class="customer" data-testid="customer-closed">
      <header class="customer-head">
        <h1>{shopName}</h1>
      </header>
      <div class="customer-welcome">
        <b>
          <Words k="customerClosed" />
        </b>
      </div>
    </main>
  );
}

function Welcome({ held }: { held: boolean }) {
  return (
    <div class="customer-welcome" data-testid="customer-welcome">
      {held ? (
        <Pictogram of="kept" />
      ) : (
        <b>
          <Words k="customerWelcome" />
        </b>
      )}
    </div>
  );
}

function Sale({ view }: { view: CustomerView }) {
  return (
    <div class="customer-sale">
      <Lines lines={view.lines} />
      <Sums view={view} />
    </div>
  );
}

/** The newest line is always in sight. */
function Lines({ lines }: { lines: CustomerView['lines'] }) {
  const list = useRef<HTMLOListElement>(null);
  const last = lines.at(-1);
  const newest = `${last?.lineNumber} ${last?.quantity}`;
  // A new line, or one more of the last, is the reason to scroll.
  useEffect(() => {
    const box = list.current;
    box?.lastElementChild?.scrollIntoView({ block: 'nearest' });
    box?.toggleAttribute('data-more', box.scrollTop > 0);
  }, [newest]);
  return (
    <ol class="customer-lines" ref={list}>
      {lines.map((line) => (
        <li key={line.lineNumber} data-testid={`customer-line-${line.lineNumber}`}>
          <ClassBadge insuranceClass={line.insuranceClass} unmapped={line.unmapped} />
          <span class="customer-product">
            <b>{line.name}</b>
            <small>{line.specification}</small>
          </span>
          <span class="customer-count amount">
            {line.price} × {line.quantity} {line.unit}
          </span>
          <b class="amount">{line.amount}</b>
        </li>
      ))}
    </ol>
  );
}

function Sums({ view }: { view: CustomerView }) {
  const { total, fundTotal, account, familyAccount, cash, balanceBefore, balanceAfter, changeDue } = view;
  const done = view.state === 'done';
  return (
    <div class="customer-sums">
      <Sum k="total" amount={total} size="big" />
      {cash === undefined ? null : (
        <dl class={view.hint === 'pay' ? 'customer-payers owing' : 'customer-payers'}>
          <Payer k="fund" tone="fund" amount={fundTotal} />
          <Payer k="account" tone="account" amount={account} />
          <Payer k="familyAccount" tone="family" amount={familyAccount} />
          <Payer k="cash" tone="cash" amount={cash} always />
        </dl>
      )}
      {balanceAfter === undefined ? null : (
        <div class="customer-balance" data-testid="customer-balance">
          <Sum k="customerBefore" amount={balanceBefore ?? '—'} />
          <Sum k="customerAfter" amount={balanceAfter} />
        </div>
      )}
      {!done || changeDue === undefined || isZero(changeDue) ? null : (
        <Sum k="change" amount={changeDue} size="big" />
      )}
    </div>
  );
}

function Sum({ k, amount, size }: { k: TextKey; amount: string; size?: 'big' }) {
  return (
    <p class={size === 'big' ? `customer-sum big sum-${k}` : 'customer-sum'}>
      <Words k={k} />
      <b class="amount" data-testid={`customer-${k}`}>
        {amount}
      </b>
    </p>
  );
}

function Payer(props: { k: TextKey; tone: string; amount: string | undefined; always?: boolean }) {
  const { k, tone, amount } = props;
  if (amount === undefined || (isZero(amount) && props.always !== true)) return null;
  return (
    <div class={`customer-payer payer-${tone}`}>
      <dt>
        <i class={`swatch bar-${tone}`} aria-hidden="true" />
        <Words k={k} />
      </dt>
      <dd class="amount" data-testid={`customer-${k}`}>
        {amount}
      </dd>
    </div>
  );
}
