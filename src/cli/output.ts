import type { Fault } from '#core/fault';

/** Prints a fault the way a person at a terminal reads it, and sets the exit code. */
export function failWith(fault: Pick<Fault, 'code' | 'zh' | 'en' | 'nextZh' | 'nextEn' | 'detail'>): void {
  const detail = fault.detail === undefined ? '' : `\n  ${fault.detail}`;
  process.stderr.write(
    `${fault.code}: ${fault.zh} / ${fault.en}${detail}\n  → ${fault.nextZh} / ${fault.nextEn}\n`,
  );
  process.exitCode = 1;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}
