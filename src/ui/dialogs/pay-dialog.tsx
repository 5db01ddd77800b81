import { useState } from 'preact/hooks';
import type { FaultView, PayBody, SplitView, TillView } from '#server/api-types';
import type { Api } from '../api.ts';
import { BusyButton } from '../busy-button.tsx';
import { Dialog } from '../dialog.tsx';
import { FaultNote } from '../fault-note.tsx';
import { isZero } from '../format.ts';
import { first, SECOND, second, told } from '../language.ts';
import { cancelPad, PadWait } from '../pad-wait.tsx';
import { CashBack } from '../rest-panel.tsx';
import { OfflineLimits } from '../split-panel.tsx';
import { texts } from '../texts.ts';
import { Words } from '../words.tsx';
import { type Tendered, type TenderFields, tenderOf } from './tender.ts';

const MODE = { agency: 'insured', offline: 'offline', 'own-pay': 'own-pay' } as const;

/** Takes what the holder hands over and, offline, the PIN and the cashier's yes to the risk. */
export function PayDialog(props: {
  api: Api;
  till: TillView;
  split: SplitView;
  pay: (body: PayBody) => Promise<FaultView | undefined>;
  onClose: () => void;
}) {
  const { split, api, till } = props;
  const offline = split.source === 'offline';
  const onPad = till.pin.entry === 'pad';
  const [fields, setFields] = useState<TenderFields>({ cash: '', mobile: '', reference: '' });
  const [pin, setPin] = useState('');
  const [accepted, setAccepted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<FaultView>();
  const tendered = tenderOf(split.cash, fields);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!tendered.ok || busy) return;
    setBusy(true);
    const refused = await props.pay({
      mode: MODE[split.source],
      tenders: tendered.tenders,
      expectedCash: split.cash,
      ...(offline ? { acceptOfflineRisk: accepted, ...(onPad || pin === '' ? {} : { pin }) } : {}),
    });
    setBusy(false);
    setPin('');
    setFault(refused);
  };
  return (
    <Dialog
      title={offline ? 'offlineTitle' : 'payTitle'}
      testId="pay-dialog"
      // While the holder types, Escape ends the entry; the payment then answers with its code.
      onClose={() => (till.pin.waiting ? cancelPad(api) : props.onClose())}
    >
      <form class="form" onSubmit={submit} autocomplete="off">
        <PaySums split={split} />
        {till.sale.replaces?.back === undefined ? null : (
          <dl class="pay-sums">
            <CashBack back={till.sale.replaces.back} />
          </dl>
        )}
        {isZero(split.cash) ? (
          <p class="muted">
            <Words k={offline ? 'payNothingOffline' : 'payNothing'} />
          </p>
        ) : (
          <TenderInputs due={split.cash} fields={fields} setFields={setFields} tendered={tendered} />
        )}
        {offline ? (
          <OfflineConsent
            offer={till.offline}
            pin={onPad ? undefined : pin}
            setPin={setPin}
            accepted={accepted}
            setAccepted={setAccepted}
          />
        ) : null}
        {(offline && onPad) || till.pin.waiting ? <PadWait api={api} waiting={till.pin.waiting} /> : null}
        {fault === undefined ? null : <FaultNote fault={fault} />}
        <PayButton busy={busy} able={tendered.ok} first={isZero(split.cash) && !offline} />
      </form>
    </Dialog>
  );
}

function PaySums({ split }: { split: SplitView }) {
  return (
    <dl class="pay-sums">
      <div class="figure">
        <dt>
          <Words k="account" />
        </dt>
        <dd class="amount" data-testid="pay-account">
          {split.account}
        </dd>
      </div>
      <div class="figure big">
        <dt>
          <Words k="due" />
        </dt>
        <dd class="amount" data-testid="pay-due">
          {split.cash}
        </dd>
      </div>
    </dl>
  );
}

function TenderInputs(props: {
  due: string;
  fields: TenderFields;
  setFields: (fields: TenderFields) => void;
  tendered: Tendered;
}) {
  const { fields, setFields, tendered } = props;
  const amount = (name: 'cash' | 'mobile') => ({
    class: 'big amount',
    type: 'text' as const,
    inputMode: 'decimal' as const,
    maxLength: 9,
    value: fields[name],
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      setFields({ ...fields, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <div class="field-pair">
        <label class="field">
          <Words k="cashReceived" />
          <input {...amount('cash')} data-first placeholder={first(texts.exact)} data-testid="pay-cash" />
        </label>
        <label class="field">
          <Words k="mobileReceived" />
          <input {...amount('mobile')} placeholder="0.00" data-testid="pay-mobile" />
        </label>
      </div>
      {fields.mobile.trim() === '' ? null : (
        <label class="field">
          <Words k="mobileReference" />
          <input
            type="text"
            maxLength={64}
            value={fields.reference}
            data-testid="pay-reference"
            data-scan="take"
            onInput={(event) => setFields({ ...fields, reference: event.currentTarget.value })}
          />
        </label>
      )}
      <output class={tendered.ok ? 'pay-change' : 'pay-change short'} data-testid="pay-change">
        {tendered.ok ? (
          <>
            <Words k="change" /> <b class="amount">{tendered.change}</b>
          </>
        ) : (
          <Words k={tendered.reason} />
        )}
      </output>
    </>
  );
}

function OfflineConsent(props: {
  offer: TillView['offline'];
  /** Undefined where the holder enters it on the pad. */
  pin: string | undefined;
  setPin: (pin: string) => void;
  accepted: boolean;
  setAccepted: (accepted: boolean) => void;
}) {
  const { offer } = props;
  return (
    <fieldset class="consent">
      {offer === undefined ? null : <OfflineLimits offer={offer} bearer={false} />}
      {props.pin === undefined ? null : <PinField pin={props.pin} setPin={props.setPin} />}
      <label class="check">
        <input
          type="checkbox"
          checked={props.accepted}
          data-testid="pay-accept"
          {...(props.pin === undefined ? { 'data-first': true } : {})}
          onChange={(event) => props.setAccepted(event.currentTarget.checked)}
        />
        <span>
          <Words k="acceptRisk" />
          {offer === undefined ? null : (
            <span class="bearer">
              {first(told(offer.bearerZh, offer.bearerEn))}{' '}
              <small lang={SECOND}>{second(told(offer.bearerZh, offer.bearerEn))}</small>
            </span>
          )}
        </span>
      </label>
    </fieldset>
  );
}

function PinField({ pin, setPin }: { pin: string; setPin: (pin: string) => void }) {
  return (
    <label class="field">
      <Words k="cardPin" />
      <input
        class="secret big"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        maxLength={12}
        value={pin}
        data-first
        data-testid="pay-pin"
        data-scan="none"
        onInput={(event) => setPin(event.currentTarget.value)}
      />
    </label>
  );
}

function PayButton({ busy, able, first }: { busy: boolean; able: boolean; first: boolean }) {
  return (
    <BusyButton
      class="primary"
      type="submit"
      data-testid="pay-submit"
      busy={busy}
      disabled={!able}
      {...(first ? { 'data-first': true } : {})}
    >
      {busy ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>}{' '}
      <Words k={busy ? 'committing' : 'payEnter'} />
    </BusyButton>
  );
}
