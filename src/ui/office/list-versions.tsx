import { useState } from 'preact/hooks';
import type { ListAnswer } from '#server/api-types';
import { dayAndTime } from '../format.ts';
import { W } from './words.tsx';

/** Versions of the shop's list on disk, newest first; without `use` they are only shown. */
export function ListVersions(props: {
  versions: ListAnswer['versions'];
  use?: (version: string) => Promise<void>;
}) {
  const { versions, use } = props;
  const [asked, setAsked] = useState('');
  if (versions.length === 0)
    return (
      <p class="note warn">
        <W k="noCatalogue" />
      </p>
    );
  const press = (version: string) => {
    if (asked !== version) return setAsked(version);
    setAsked('');
    void use?.(version);
  };
  return (
    <table class="rows" data-testid="list-versions">
      <thead>
        <tr>
          <th scope="col">
            <W k="version" />
          </th>
          <th scope="col">
            <W k="importedAt" />
          </th>
          <th scope="col">
            <W k="file" />
          </th>
          <th scope="col" class="amount">
            <W k="products" />
          </th>
          <th scope="col">
            <W k="state" />
          </th>
        </tr>
      </thead>
      <tbody>
        {versions.map(({ version, importedAtMs, source, productCount, inUse }) => (
          <tr key={version}>
            <th scope="row" class="digits" data-testid={inUse ? 'catalogue-version' : 'older-version'}>
              {version}
            </th>
            <td class="digits">{dayAndTime(importedAtMs)}</td>
            <td class="wrap small">{source.replace(/ sha256:.*$/, '')}</td>
            <td class="amount digits">{productCount}</td>
            <td>
              {inUse ? (
                <b>
                  <W k="inUse" />
                </b>
              ) : null}
              {inUse || use === undefined ? null : (
                <button
                  type="button"
                  class="key-button"
                  data-testid="use-version"
                  onClick={() => press(version)}
                >
                  <W k={asked === version ? 'useThisSure' : 'useThis'} />
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
