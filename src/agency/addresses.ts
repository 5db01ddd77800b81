import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { TransactionNumber } from './port.ts';

/**
 * How a gateway tells transactions apart (interface section 1.3). `path`: one path per transaction under
 * `/fsi/api`; `number`: base address followed by the transaction number; `single`: one address for all.
 */
export type AddressStyle = 'path' | 'number' | 'single';

/**
 * Paths under `/fsi/api`. Those of 2101, 2102, 2103, 1903, 1904 and 3302 are not public: the ones here are our own
 * placeholders in the manner of the others, and a real shop sets them from what its agency tells. G001 and
 * G002 have no national number at all: they are ours, and so are their paths.
 */
export const defaultPaths: Readonly<Record<TransactionNumber, string>> = {
  '9001': 'signInSignOutService/signIn',
  '9002': 'signInSignOutService/signOut',
  '1101': 'fsiPsnInfoService/queryPsnInfo',
  '1162': 'hsecfc/localQrCodeQuery',
  '1903': 'cardService/internalAuthentication',
  '1904': 'cardService/cardStatus',
  '2101': 'drugStoreService/preSettlement',
  '2102': 'drugStoreService/settlement',
  '2103': 'drugStoreService/cancelSettlement',
  '2601': 'reverseService/revsMethod',
  '3202': 'ybSettlementStmtService/stmtDetail',
  '5301': 'fsiIntegratedQueryService/queryPsnOpspReg',
  '1301': 'catalogdownservice/downCatalog1301',
  '1302': 'catalogdownservice/downCatalog1302',
  '1303': 'catalogdownservice/downCatalog1303',
  '1305': 'catalogdownservice/downCatalog1305',
  '1306': 'catalogdownservice/downCatalog1306',
  '1307': 'catalogdownservice/downCatalog1307',
  '1309': 'catalogdownservice/downCatalog1309',
  '1312': 'catalogqueryservice/queryHilist',
  '1316': 'catalogqueryservice/queryMedinsHilistMapByPage',
  '1317': 'catalogqueryservice/queryMedListMapByPage',
  '1318': 'catalogqueryservice/queryLmtprcByPage',
  '1319': 'catalogqueryservice/querySelfpayByPage',
  '3301': 'catalogCompService/catalogCompUp',
  '3302': 'catalogCompService/catalogCompCancel',
  '9101': 'fileupload/upload',
  '9102': 'fileupload/download',
  G001: 'terminalKeyService/changeKey',
  G002: 'cardService/blacklist',
};

export interface Addresses {
  /** For style `path` the host part (`/fsi/api` is added), else the address as the agency gave it. */
  readonly baseUrl: string;
  readonly style: AddressStyle;
  readonly paths: Readonly<Partial<Record<TransactionNumber, string>>>;
  /** Plain http beyond this machine, for shops on the agency's own line (医保专线). */
  readonly allowPlainHttp: boolean;
}

/** Checks the base address: http only to this machine unless allowed, no user name or query in it. */
export function checkBaseUrl(addresses: Addresses): Result<URL, Fault> {
  let url: URL;
  try {
    url = new URL(addresses.baseUrl);
  } catch {
    return err(fault('agency-address-invalid', 'not a URL'));
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return err(fault('agency-address-invalid', 'neither http nor https'));
  }
  if (url.protocol === 'http:' && !addresses.allowPlainHttp && !isLoopback(url.hostname)) {
    return err(fault('agency-address-invalid', 'plain http beyond this machine is not allowed'));
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return err(fault('agency-address-invalid', 'user name, query or fragment in the address'));
  }
  return ok(url);
}

/** Full address of one transaction. */
export function addressOf(transaction: TransactionNumber, addresses: Addresses): string {
  const base = addresses.baseUrl.replace(/\/+$/, '');
  if (addresses.style === 'single') return addresses.baseUrl;
  if (addresses.style === 'number') return `${base}/${transaction}`;
  const root = base.endsWith('/fsi/api') ? base : `${base}/fsi/api`;
  const path = addresses.paths[transaction] ?? defaultPaths[transaction];
  return `${root}/${path.replace(/^\/+/, '')}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
