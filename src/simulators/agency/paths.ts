/** Transactions that the simulated agency answers, by the interface's number. */
export type Infno =
  | '9001'
  | '9002'
  | '1101'
  | '1162'
  | '1903'
  | '1904'
  | '2101'
  | '2102'
  | '2103'
  | '2601'
  | '3202'
  | '9101'
  | '9102'
  | 'G001'
  | 'G002';

/**
 * Address of every transaction (interface table 1.3). The paths of 2101–2103 are not public and those of
 * 1903/1904 are not in the table either: the five values here are this simulator's own. G001 (terminal keys)
 * and G002 (blacklist) have no national number and are ours altogether.
 */
export const transactionPaths: Readonly<Record<Infno, string>> = {
  '9001': '/fsi/api/signInSignOutService/signIn',
  '9002': '/fsi/api/signInSignOutService/signOut',
  '1101': '/fsi/api/fsiPsnInfoService/queryPsnInfo',
  '1162': '/fsi/api/hsecfc/localQrCodeQuery',
  '1903': '/fsi/api/cardService/internalAuthentication',
  '1904': '/fsi/api/cardService/cardStatus',
  '2101': '/fsi/api/drugStoreService/preSettlement',
  '2102': '/fsi/api/drugStoreService/settlement',
  '2103': '/fsi/api/drugStoreService/cancelSettlement',
  '2601': '/fsi/api/reverseService/revsMethod',
  '3202': '/fsi/api/ybSettlementStmtService/stmtDetail',
  '9101': '/fsi/api/fileupload/upload',
  '9102': '/fsi/api/fileupload/download',
  G001: '/fsi/api/terminalKeyService/changeKey',
  G002: '/fsi/api/cardService/blacklist',
};

const byPath = new Map<string, Infno>(
  (Object.keys(transactionPaths) as Infno[]).map((infno) => [transactionPaths[infno], infno]),
);

/** The transaction that lives at an address, without query text; undefined when nothing does. */
export function infnoOfPath(path: string): Infno | undefined {
  return byPath.get(path);
}
