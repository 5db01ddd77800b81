import type { CustomerView } from '#server/api-types';
import { isZero } from './format.ts';
import { first } from './language.ts';
import { Pictogram, type PictogramName } from './pictogram.tsx';
import { type TextKey, texts } from './texts.ts';

type Hint = CustomerView['hint'];

export const PICTURES = {
  welcome: 'card-in',
  scanning: 'goods',
  check: 'check',
  'enter-pin': 'keypad',
  wait: 'wait',
  pay: 'money',
  'remove-card': 'card-out',
  thanks: 'check',
  'ask-staff': 'person',
  held: 'kept',
  recalled: 'goods',
} as const satisfies Record<Hint, PictogramName>;

const WORDS = {
  welcome: 'shortShow',
  scanning: 'shortScanning',
  check: 'shortCheck',
  'enter-pin': 'shortPin',
  wait: 'shortWait',
  pay: 'shortPay',
  'remove-card': 'shortTake',
  thanks: 'shortThanks',
  'ask-staff': 'shortAsk',
  held: 'shortHeld',
  recalled: 'shortRecalled',
} as const satisfies Record<Hint, TextKey>;

/** For people who read little: pictures, large figures, two words at most. */
export function SimpleScreen(props: { view: CustomerView; lost: boolean; resting: boolean }) {
  const { view, lost, resting } = props;
  const { hint } = view;
  return (
    <main
      class="customer mode-simple"
      data-testid="customer"
      data-hint={hint}
      data-state={view.state}
      aria-busy={lost}
    >
      <h1 class="customer-shop">
        {view.shopName} {view.training ? <em class="tag">{first(texts.training)}</em> : null}
      </h1>
      {resting ? (
        <div class="simple-rest">
          <Pictogram of={PICTURES[hint]} />
        </div>
      ) : (
        <Figures view={view} />
      )}
      <p class={`customer-hint hint-${hint}`} role="status" data-testid="customer-hint">
        {resting ? null : <Pictogram of={PICTURES[hint]} />}
        <span>{first(texts[WORDS[hint]])}</span>
      </p>
    </main>
  );
}

/** Before the sum is told: goods and total. Then who pays what, each payer with a picture. */
function Figures({ view }: { view: CustomerView }) {
  const { lines, total, fundTotal, account, familyAccount, cash, changeDue, state } = view;
  const last = lines.at(-1);
  return (
    <div class="simple-sale">
      {cash === undefined ? (
        <>
          {last === undefined ? null : (
            <p class="simple-last" data-testid="customer-last">
              <span>{last.name}</span>
              <b class="amount">{last.amount}</b>
            </p>
          )}
          <dl class="simple-payers">
            <Row picture="goods" label="total" amount={total} count={lines.length} large />
          </dl>
        </>
      ) : (
        <dl class="simple-payers">
          <Row picture="goods" label="total" amount={total} count={lines.length} />
          <Row picture="fund" label="fund" amount={fundTotal} tone="fund" />
          <Row picture="card" label="account" amount={account} tone="account" />
          <Row picture="card" label="familyAccount" amount={familyAccount} tone="family" />
          <Row picture="money" label="cash" amount={cash} tone="cash" large={state !== 'done'} />
          {state === 'done' ? (
            <Row picture="money" label="change" amount={changeDue} tone="ok" large />
          ) : null}
        </dl>
      )}
    </div>
  );
}

function Row(props: {
  picture: PictogramName;
  label: TextKey;
  amount: string | undefined;
  count?: number;
  tone?: string;
  large?: boolean;
}) {
  const { picture, label, amount, count, tone, large } = props;
  if (amount === undefined || (isZero(amount) && label !== 'cash')) return null;
  return (
    <div class={`simple-row${large === true ? ' large' : ''}${tone === undefined ? '' : ` tone-${tone}`}`}>
      <dt>
        <Pictogram of={picture} />
        <span class="simple-word">{first(texts[label])}</span>
        {count === undefined ? null : <span class="simple-count">× {count}</span>}
      </dt>
      <dd class="amount" data-testid={`customer-${label}`}>
        {amount}
      </dd>
    </div>
  );
}
