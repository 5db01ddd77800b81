import type { Ref } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FaultView, ShopAnswer } from '#server/api-types';
import { FaultNote } from './fault-note.tsx';
import { FIRST, languages } from './language.ts';
import { useWedge } from './use-wedge.ts';
import { spoken, Words } from './words.tsx';

/** Operator by arrows, PIN by digits, Enter: one field holds the focus all the time. */
export function SignIn(props: {
  shop: ShopAnswer;
  signIn: (number: string, pin: string) => Promise<FaultView | undefined>;
  /** The page locked itself. */
  locked?: boolean;
}) {
  const { operators } = props.shop;
  const [chosen, setChosen] = useState(0);
  const [pin, setPin] = useState('');
  const [fault, setFault] = useState<FaultView>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // Before the first painting: who sees the field may type at once.
  useLayoutEffect(() => field.current?.focus(), []);
  useWedge(() => undefined);

  const operator = operators[chosen];
  const submit = async (event: Event) => {
    event.preventDefault();
    if (operator === undefined || busy) return;
    setBusy(true);
    const refused = await props.signIn(operator.number, pin);
    setBusy(false);
    setPin('');
    setFault(refused);
    field.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setChosen((chosen + step + operators.length) % operators.length);
  };
  return (
    <main class="sign-in">
      <form class="sign-in-card" data-testid="sign-in" onSubmit={submit} onKeyDown={move} autocomplete="off">
        <h1 data-testid="shop-name">{props.shop.shopName}</h1>
        <p class="muted">
          <Words k="signInTitle" />
        </p>
        {props.locked === true ? <LockedNote /> : null}
        <TrainingNote training={props.shop.training} />
        <Operators shop={props.shop} chosen={chosen} choose={setChosen} />
        <PinField field={field} pin={pin} setPin={setPin} />
        {fault === undefined ? null : <FaultNote fault={fault} />}
        <button class="primary" type="submit" disabled={busy} data-testid="sign-in-submit">
          <kbd>↵</kbd> <Words k="signIn" />
        </button>
        <p class="muted small">
          <Words k="chooseByArrows" />
        </p>
        <Languages />
      </form>
    </main>
  );
}

function PinField(props: { field: Ref<HTMLInputElement>; pin: string; setPin: (pin: string) => void }) {
  return (
    <label class="field">
      <Words k="pin" />
      <input
        ref={props.field}
        class="secret big"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        spellcheck={false}
        maxLength={32}
        value={props.pin}
        data-testid="pin"
        data-scan="none"
        onInput={(event) => props.setPin(event.currentTarget.value)}
      />
    </label>
  );
}

function Operators(props: { shop: ShopAnswer; chosen: number; choose: (index: number) => void }) {
  return (
    <div role="radiogroup" aria-label={spoken('operator')} class="operators">
      {props.shop.operators.map(({ number, name }, index) => (
        <label key={number} class={index === props.chosen ? 'operator chosen' : 'operator'}>
          <input
            type="radio"
            name="operator"
            checked={index === props.chosen}
            data-testid={`operator-${number}`}
            onChange={() => props.choose(index)}
          />
          <span class="operator-number">{number}</span>
          <span class="operator-name">{name}</span>
          <Hint hints={props.shop.pinHints} number={number} />
        </label>
      ))}
    </div>
  );
}

function Hint({ hints, number }: { hints: ShopAnswer['pinHints']; number: string }) {
  const found = hints?.find((hint) => hint.number === number);
  if (found === undefined) return null;
  return (
    <span class="pin-hint">
      <Words k="pinHint" /> <b data-testid={`pin-hint-${number}`}>{found.pin}</b>
    </span>
  );
}

function LockedNote() {
  return (
    <p class="note warn" role="status" data-testid="locked">
      <Words k="lockedNote" />
    </p>
  );
}

/** The page itself in another language; its address remembers it, the browser does not. */
function Languages() {
  return (
    <nav class="languages" aria-label={spoken('menuLanguage')}>
      {languages().map(({ tag, name, address }) => (
        <a key={tag} href={address} lang={tag} aria-current={tag === FIRST} data-testid={`language-${tag}`}>
          {name}
        </a>
      ))}
    </nav>
  );
}

function TrainingNote({ training }: { training: boolean }) {
  if (!training) return null;
  return (
    <p class="training-note">
      <Words k="trainingNote" />
    </p>
  );
}
