import type { BuildProgress } from '#core/ports/agency-catalog';

const WIDTH = 30;
const PHASES: Readonly<Record<BuildProgress['phase'], string>> = {
  reading: '读文件 reading',
  rows: '检查 rows',
  index: '索引 index',
  sync: '写盘 sync',
};

export interface ProgressBar {
  readonly show: (progress: BuildProgress) => void;
  readonly end: () => void;
}

/** A line on the terminal that is written over; nothing at all where the output is a file. */
export function progressBar(): ProgressBar {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, end: () => {} };
  return {
    show: (progress) => void stderr.write(`\r\u001b[K${barText(progress)}`),
    end: () => void stderr.write('\r\u001b[K'),
  };
}

/** `[#####-----]  50 % 检查 rows shop 1000/2000`; without a total only what is done. */
function barText({ phase, of, done, total }: BuildProgress): string {
  const words = `${PHASES[phase]} ${of}`;
  if (total === undefined || total <= 0) return `${words} ${done}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}`;
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % ${words} ${done}/${total}`;
}
