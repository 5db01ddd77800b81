import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Two pages that do next to nothing, from a server of their own. */
export interface PeerPages {
  /** One input field. */
  readonly emptyUrl: string;
  /** A field and a table: each code is asked of the server, and its answer becomes a row or a new figure in one. */
  readonly listUrl: string;
  stop(): Promise<void>;
}

export const peerReady = '#scan';
export const peerList = '#list';

const head = '<!doctype html><html lang="zh"><meta charset="utf-8"><title>peer</title>';
const empty = `${head}<input id="scan" autofocus>`;
const list = `${head}<input id="scan" autofocus><table><tbody id="list"></tbody></table><script>
  const rows = new Map();
  scan.addEventListener('keydown', async (event) => {
    if (event.key !== 'Enter') return;
    const code = scan.value;
    scan.value = '';
    const line = await (await fetch('/line?' + code)).json();
    let row = rows.get(code);
    if (row === undefined) {
      row = list.insertRow();
      rows.set(code, row);
      for (const cell of line) row.insertCell().textContent = cell;
      row.scrollIntoView({ block: 'nearest' });
    }
    row.cells[3].textContent = String(Number(row.cells[3].textContent) + 1);
  });
</script>`;

export async function servePeers(): Promise<PeerPages> {
  const server = createServer((request, response) => {
    const [path, code = ''] = (request.url ?? '').split('?');
    const isLine = path === '/line';
    response.setHeader('content-type', isLine ? 'application/json' : 'text/html; charset=utf-8');
    if (isLine) response.end(JSON.stringify([`示例药 ${code}`, '甲', '12.00', '0', '12.00', '0.00']));
    else response.end(path === '/list' ? list : empty);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { emptyUrl: `${url}/`, listUrl: `${url}/list`, stop: () => stopped(server) };
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
