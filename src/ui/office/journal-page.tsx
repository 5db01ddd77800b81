import { useEffect } from 'preact/hooks';
import type { VerifyStateAnswer } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { told } from '../language.ts';
import { Words } from '../words.tsx';
import { Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';
import type { OfficeKey } from './texts.ts';
import { useLoaded } from './use-loaded.ts';
import { short, W } from './words.tsx';

const LOOK_MS = 400;
type Result = NonNullable<VerifyStateAnswer['last']>;

/** A look at the whole journal: begun here, its progress, and what it found, in words. */
export function JournalPage({ model }: PageProps) {
  const { value, fault, reload, set } = useLoaded<VerifyStateAnswer>(model.api, '/api/office/journal/verify');
  const running = value?.running === true;
  useEffect(() => {
    if (!running) return;
    const timer = window.setTimeout(reload, LOOK_MS);
    return () => window.clearTimeout(timer);
  }, [running, value, reload]);
  const start = async () => {
    const answer = await model.api.post<VerifyStateAnswer>('/api/office/journal/verify');
    if (answer.ok) set({ ...answer.value, running: true });
    else reload();
  };
  if (value === undefined) return fault === undefined ? <Waiting /> : <FaultNote fault={fault} />;
  return (
    <section class="card" data-testid="verify">
      <h3>
        <W k="verifyTitle" />
      </h3>
      <p class="muted">
        <W k="verifyNote" />
      </p>
      {running ? (
        <p role="status" class="progress-line" data-testid="verify-progress">
          <progress max={Math.max(1, value.total)} value={value.done} /> {short('verifyRunning')} {value.done}{' '}
          / {value.total}
        </p>
      ) : (
        <button type="button" class="primary narrow" data-testid="verify-start" onClick={() => void start()}>
          <W k="verifyStart" />
        </button>
      )}
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {value.last === undefined ? (
        <p class="muted">{running ? null : <W k="verifyNever" />}</p>
      ) : (
        <Found result={value.last} />
      )}
    </section>
  );
}

function Found({ result }: { result: Result }) {
  const facts: readonly (readonly [OfficeKey, string | number])[] = [
    ['verifiedAt', result.at],
    ['entries', result.entries],
    ['headCode', result.head.code === '' ? '—' : result.head.code],
    ['signedUpTo', result.signedUpTo],
    ['provedUpTo', result.provedUpTo ?? '—'],
  ];
  return (
    <div data-testid="verify-result" data-sound={result.sound}>
      <p class={result.sound ? 'verdict ok' : 'verdict bad'} role={result.sound ? 'status' : 'alert'}>
        <i class="light" aria-hidden="true" /> <W k={result.sound ? 'verifySound' : 'verifyBroken'} />
      </p>
      <dl class="facts">
        {facts.map(([k, fact]) => (
          <div key={k}>
            <dt>
              <W k={k} />
            </dt>
            <dd class="digits">{fact}</dd>
          </div>
        ))}
      </dl>
      {result.findings.length === 0 ? null : (
        <table class="rows" data-testid="findings">
          <thead>
            <tr>
              <th scope="col">
                <W k="entryNumber" />
              </th>
              <th scope="col">
                <W k="saleNumber" />
              </th>
              <th scope="col">
                {result.findingCount} <W k="findings" />
              </th>
            </tr>
          </thead>
          <tbody>
            {result.findings.map((found) => (
              <tr key={`${found.kind} ${found.sequence ?? ''} ${found.saleNumber ?? ''}`}>
                <td class="digits">{found.sequence ?? '—'}</td>
                <td class="digits">{found.saleNumber ?? '—'}</td>
                <td>
                  <Words text={told(found.zh, found.en)} /> <code>{found.kind}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
