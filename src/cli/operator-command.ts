import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { fault } from '#core/fault';
import { hashOperatorPin } from '#main';
import { failWith, printLine } from './output.ts';

/** `guitai operator hash`: the PIN comes from standard input, so that it stands in no shell history. */
export function addOperatorCommand(program: Command): void {
  const operator = program.command('operator').description('操作员 / operators');
  operator
    .command('hash')
    .description('从标准输入读取密码，输出 pin_hash / read a PIN from standard input, print its pin_hash')
    .action(async () => {
      if (process.stdin.isTTY) process.stderr.write('密码 PIN, then Ctrl-D: ');
      const pin = (await text(process.stdin)).trim();
      if (!/^\d{4,12}$/.test(pin)) return failWith(fault('request-invalid', 'a PIN has 4 to 12 digits'));
      printLine(await hashOperatorPin(pin));
    });
}
