import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** A sale goes before a list: where processors are few, the builder takes what the till leaves. */
export function letOthersFirst(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already, or the system does not let us: it then builds as one among others.
  }
  leaveAProcessor(pid);
}

/**
 * Keeps the builder off one of the processors. By its priority alone it holds them all to the end of its slice of time,
 * 3 to 4 ms, when a commit comes back from the disk: the slowest sale of a hundred took twice as long. Where there is
 * one processor, or no `taskset` (it comes with `prlimit`; Windows has neither), the priority must do.
 */
function leaveAProcessor(pid: number): void {
  const [, ...rest] = processorsOf('self');
  if (rest.length === 0) return;
  const given = ['--all-tasks', '--cpu-list', '--pid', rest.join(), String(pid)];
  execFile('taskset', given, () => {});
}

/** Numbers of the processors that a process may use; empty where the system does not tell. */
export function processorsOf(pid: number | 'self'): readonly number[] {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return [];
  }
  const [, list = ''] = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status) ?? [];
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return range === '' ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
