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
  | '5301'
  | '9101'
  | '9102'
  | '1301'
  | '1302'
  | '1303'
  | '1305'
  | '1306'
  | '1307'
  | '1309'
  | '1312'
  | '1316'
  | '1317'
  | '1318'
  | '1319'
  | '3301'
  | '3302'
  | 'G001'
  | 'G002';

/**
 * Address of every transaction (interface table 1.3). The paths of 2101–2103 and 3302 are not public and those
 * of 1903/1904 are not in the table either: the six values here are this simulator's own. G001 (terminal keys)
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
  '5301': '/fsi/api/fsiIntegratedQueryService/queryPsnOpspReg',
  '9101': '/fsi/api/fileupload/upload',
  '9102': '/fsi/api/fileupload/download',
  '1301': '/fsi/api/catalogdownservice/downCatalog1301',
  '1302': '/fsi/api/catalogdownservice/downCatalog1302',
  '1303': '/fsi/api/catalogdownservice/downCatalog1303',
  '1305': '/fsi/api/catalogdownservice/downCatalog1305',
  '1306': '/fsi/api/catalogdownservice/downCatalog1306',
  '1307': '/fsi/api/catalogdownservice/downCatalog1307',
  '1309': '/fsi/api/catalogdownservice/downCatalog1309',
  '1312': '/fsi/api/catalogqueryservice/queryHilist',
  '1316': '/fsi/api/catalogqueryservice/queryMedinsHilistMapByPage',
  '1317': '/fsi/api/catalogqueryservice/queryMedListMapByPage',
  '1318': '/fsi/api/catalogqueryservice/queryLmtprcByPage',
  '1319': '/fsi/api/catalogqueryservice/querySelfpayByPage',
  '3301': '/fsi/api/catalogCompService/catalogCompUp',
  '3302': '/fsi/api/catalogCompService/catalogCompCancel',
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
