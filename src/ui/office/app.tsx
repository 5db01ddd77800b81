import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShopAnswer } from '#server/api-types';
import { pageAt } from '../language.ts';
import { SignIn } from '../sign-in.tsx';
import { LostBanner } from '../status-bar.tsx';
import { useIdleLock } from '../use-idle-lock.ts';
import { type TillModel, useTill } from '../use-till.ts';
import { CataloguePage } from './catalogue-page.tsx';
import { DevicesPage, QueuePage } from './counter-pages.tsx';
import { DayPage } from './day-page.tsx';
import { FirstManager } from './first-manager.tsx';
import { JournalPage } from './journal-page.tsx';
import { LooksPage } from './looks-page.tsx';
import { OperatorsPage } from './operators-page.tsx';
import { OwnSecretDialog } from './own-secret-dialog.tsx';
import type { PageProps } from './page-props.ts';
import { PoliciesPage } from './policies-page.tsx';
import { SettingsPage } from './settings-page.tsx';
import { SetupPage } from './setup-page.tsx';
import type { OfficeKey } from './texts.ts';
import { said, short, W } from './words.tsx';

type Session = NonNullable<ShopAnswer['session']>;

const SECTIONS = [
  { id: 'day', key: 'F1', Page: DayPage },
  { id: 'operators', key: 'F2', Page: OperatorsPage },
  { id: 'journal', key: 'F3', Page: JournalPage },
  { id: 'looks', key: 'F4', Page: LooksPage },
  { id: 'policies', key: 'F6', Page: PoliciesPage },
  { id: 'catalogue', key: 'F7', Page: CataloguePage },
  { id: 'devices', key: 'F8', Page: DevicesPage },
  { id: 'queue', key: 'F9', Page: QueuePage },
  { id: 'settings', key: 'F10', Page: SettingsPage },
  { id: 'setup', key: 'Insert', Page: SetupPage },
] as const satisfies readonly { id: OfficeKey; key: string; Page: (props: PageProps) => unknown }[];

type SectionId = (typeof SECTIONS)[number]['id'];

/** The back office: sign in, and one section at a time. */
export function OfficeApp() {
  const model = useTill();
  const { shop } = model;
  /** The shop is being set up now. */
  const isNew = useRef(false);
  const locked = useIdleLock(model.api, shop?.session?.lockMinutes);
  if (shop === undefined) return <p class="office-wait">{short('loading')}</p>;
  const { session } = shop;
  if (session === null && shop.operators.length === 0) {
    isNew.current = true;
    return <FirstManager model={model} />;
  }
  if (session === null) return <SignIn shop={shop} signIn={model.signIn} locked={locked} />;
  if (!session.operator.rights.includes('look')) return <NoRight model={model} session={session} />;
  return <Office model={model} session={session} first={isNew.current ? 'setup' : 'day'} />;
}

function NoRight({ model, session }: { model: TillModel; session: Session }) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <main class="sign-in">
      <section class="sign-in-card" data-testid="office-no-right">
        <h1>
          <W k="office" />
        </h1>
        <p>
          {session.operator.number} {session.operator.name}
        </p>
        <p class="note warn">
          <W k="noRight" />
        </p>
        <p class="muted">
          <W k="noRightNext" />
        </p>
        <button
          ref={button}
          type="button"
          class="primary"
          data-testid="office-other"
          onClick={() => void model.signOut()}
        >
          <kbd>↵</kbd> <W k="otherOperator" />
        </button>
        <a class="key-button" href={pageAt('/')} data-testid="to-till">
          <W k="toTill" />
        </a>
      </section>
    </main>
  );
}

function Office({ model, session, first }: { model: TillModel; session: Session; first: SectionId }) {
  const [section, setSection] = useState(first);
  const [secrets, setSecrets] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { Page, id } = SECTIONS.find((known) => known.id === section) ?? SECTIONS[0];
  useSectionKeys(setSection);
  // Whoever chose a section reads it next; Tab goes on from its heading.
  useLayoutEffect(() => heading.current?.focus(), [section]);
  const mayChange = session.operator.rights.includes('manage');
  return (
    <div class="office" data-testid="office" data-section={id}>
      <OfficeHead model={model} session={session} openSecrets={() => setSecrets(true)} />
      {model.link === 'lost' ? <LostBanner /> : null}
      <nav class="office-nav" aria-label={said('sections')}>
        {SECTIONS.map((known) => (
          <button
            key={known.id}
            type="button"
            class={known.id === section ? 'office-item chosen' : 'office-item'}
            aria-current={known.id === section ? 'page' : undefined}
            data-testid={`section-${known.id}`}
            onClick={() => setSection(known.id)}
          >
            <kbd>{known.key === 'Insert' ? 'Ins' : known.key}</kbd> <W k={known.id} />
          </button>
        ))}
      </nav>
      <main class="office-main">
        <h2 ref={heading} tabIndex={-1} class="office-title">
          <W k={id} />
          {mayChange ? null : (
            <span class="tag">
              <W k="readOnly" />
            </span>
          )}
        </h2>
        <Page key={id} model={model} mayChange={mayChange} />
      </main>
      {secrets ? (
        <OwnSecretDialog
          api={model.api}
          operator={session.operator.number}
          onClose={() => setSecrets(false)}
        />
      ) : null}
    </div>
  );
}

function OfficeHead(props: { model: TillModel; session: Session; openSecrets: () => void }) {
  const { operator } = props.session;
  return (
    <header class="office-head">
      <h1>
        {props.model.shop?.shopName} <span class="office-name">{short('office')}</span>
      </h1>
      <span class="office-who" data-testid="office-who">
        {operator.number} {operator.name} · <W k={operator.role} />
      </span>
      <button type="button" class="key-button" data-testid="own-secrets" onClick={props.openSecrets}>
        <W k="ownSecrets" />
      </button>
      <button
        type="button"
        class="key-button"
        data-testid="office-sign-out"
        onClick={() => void props.model.signOut()}
      >
        <W k="signOut" />
      </button>
      <a class="key-button" href={pageAt('/')} data-testid="to-till">
        <kbd>F12</kbd> <W k="toTill" />
      </a>
    </header>
  );
}

/** Function keys choose a section from anywhere but an open dialog. */
function useSectionKeys(choose: (id: SectionId) => void): void {
  // A layout effect: a key may follow the first sight of the office at once.
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (event.key === 'F12') {
        event.preventDefault();
        location.assign(pageAt('/'));
      }
      const found = SECTIONS.find(({ key }) => key === event.key);
      if (found === undefined) return;
      event.preventDefault();
      choose(found.id);
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [choose]);
}
