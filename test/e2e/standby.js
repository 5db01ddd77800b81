// Put before the real program with `--import`: reads the program's code, then waits until it is told to begin. A test
// that starts it dozens of times has the next one ready meanwhile, and none of its kills falls on mere reading of code.
if (process.argv[1]?.endsWith('guitai.js') === true) {
  for (const name of ['cli/shop-commands', 'main/real-shop'])
    await import(new URL(`../../dist/src/${name}.js`, import.meta.url).href);
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
}
