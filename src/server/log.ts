import { type DestinationStream, type Logger, pino } from 'pino';

/** Never written to a log, wherever they appear one or two levels deep (P9). */
const HIDDEN = [
  'pin',
  'old',
  'replacement',
  'second',
  'identityNumber',
  'actingPerson',
  'chronic',
  'diseaseCode',
  'diseaseName',
  'entitlements',
  'enrolmentCode',
  'token',
  'csrf',
  'cookie',
  'authorization',
  'password',
  'name',
  'holder',
  'holderName',
  'certificateNumber',
  'cardNumber',
  'mediumNumber',
  'reference',
  'body',
  'headers',
] as const;

/** The program's log: JSON lines, with everything personal or secret replaced. `silent` without destination in tests. */
export function createLogger(options: { level?: string; destination?: DestinationStream } = {}): Logger {
  const settings = {
    level: options.level ?? 'info',
    redact: { paths: HIDDEN.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
